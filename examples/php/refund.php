<?php
// Refunds a payment, in whole or in part.
//
//     php refund.php INV-0001 4000.00 INV-0001-R1
//
// The last is your own number of the refund: the same number is never refunded twice, so running this again is always safe.
// Settings as for pay.php.

declare(strict_types=1);

use Bayar\Client;
use Bayar\Exception\BayarException;
use Bayar\Exception\OutcomeUnknownException;
use Bayar\Exception\TryLaterException;

// In a project of yours it is Composer's: vendor/autoload.php.
require getenv('AUTOLOAD') ?: __DIR__ . '/../../bindings/php/autoload.php';

if ($argc !== 4) {
    fwrite(STDERR, "usage: php refund.php PAYMENT AMOUNT REFUND\n");
    exit(2);
}
[, $payment, $amount, $number] = $argv;

try {
    $file = getenv('BAYAR_CONFIG');
    $client = $file ? Client::fromFile($file) : Client::fromEnvironment();

    $refund = $client->refund([
        'paymentReference' => $payment,
        'amount' => $amount,
        'refundReference' => $number,
        'reason' => 'Returned goods',
    ]);
    echo "Refund $number over {$refund->amount()} IDR is made; DOKU calls it {$refund->refundNo()}\n";

    foreach ($client->status($payment)->refunds() as $entry) {
        echo "  DOKU lists {$entry->refundReference()} over {$entry->amount()} IDR\n";
    }
} catch (OutcomeUnknownException $unknown) {
    fwrite(STDERR, "It may have happened: {$unknown->getMessage()}\nRun this again with the same number.\n");
    exit(1);
} catch (TryLaterException $later) {
    fwrite(STDERR, "Not now: {$later->getMessage()}\nRun this again later with the same number.\n");
    exit(1);
} catch (BayarException $failure) {
    fwrite(STDERR, "Nothing happened: {$failure->getMessage()}\n");
    exit(1);
}
