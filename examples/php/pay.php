<?php
// Makes a payment and prints where the customer pays; waits until it is paid; asks its status.
//
//     php pay.php INV-0001 10000.00
//
// The settings come from the environment (BAYAR_CLIENT_ID …), or from the file that BAYAR_CONFIG names. Calling it again with
// the same number is always safe: there is one payment.

declare(strict_types=1);

use Bayar\Client;
use Bayar\Exception\BayarException;
use Bayar\Exception\OutcomeUnknownException;

// In a project of yours it is Composer's: vendor/autoload.php.
require getenv('AUTOLOAD') ?: __DIR__ . '/../../bindings/php/autoload.php';

if ($argc !== 3) {
    fwrite(STDERR, "usage: php pay.php REFERENCE AMOUNT\n");
    exit(2);
}
[, $reference, $amount] = $argv;

try {
    $file = getenv('BAYAR_CONFIG');
    $client = $file ? Client::fromFile($file) : Client::fromEnvironment();

    $payment = $client->pay([
        'reference' => $reference,
        'amount' => $amount,
        'returnUrl' => 'https://shop.example/thanks',
        'title' => 'Shoes',
    ]);
    echo "Payment $reference over {$payment->amount()} IDR (X-EXTERNAL-ID {$payment->externalId()})\n";
    echo "The customer pays at {$payment->redirectUrl()} until {$payment->validUpTo()}\n";

    $status = $client->wait($reference, 60000);
    echo $status->isPaid() ? "Paid at {$status->paidTime()}\n" : "Not paid so far: {$status->description()}\n";
} catch (OutcomeUnknownException $unknown) {
    // The one case that needs care. Never a new reference.
    fwrite(STDERR, "It may have happened: {$unknown->getMessage()}\nRun this again with the same reference.\n");
    exit(1);
} catch (BayarException $failure) {
    $code = $failure->getResponseCode() === null ? '' : " (DOKU answered {$failure->getResponseCode()})";
    fwrite(STDERR, "Nothing happened: {$failure->getMessage()}$code\n");
    exit(1);
}
