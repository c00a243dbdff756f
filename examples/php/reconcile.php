<?php
// Looks after the journal: what cron calls, and what the back office calls the morning after.
//
//     php reconcile.php settle                 asks DOKU about what is open; sends nothing. From cron, every minute
//     php reconcile.php open                   lists what is open
//     php reconcile.php day 2026-11-22         holds a day (of Jakarta) against DOKU
//     php reconcile.php export                 every record as a line of JSON
//     php reconcile.php close refund INV-0001-R1 done "seen in DOKU's dashboard"
//
// Settings as for pay.php, with journal among them. Ends with 1 where a person has to look.

declare(strict_types=1);

use Bayar\Client;
use Bayar\Exception\BayarException;
use Bayar\Operation;
use Bayar\Record;
use Bayar\Resolution;
use Bayar\Which;

// In a project of yours it is Composer's: vendor/autoload.php.
require getenv('AUTOLOAD') ?: __DIR__ . '/../../bindings/php/autoload.php';

function tell(Record $record): void
{
    $kind = $record->operation() === Operation::PAYMENT ? 'payment' : 'refund ';
    $what = $record->isOpen() ? 'open' : 'settled';
    $more = $record->finding() ?? $record->note() ?? '';
    echo rtrim("$kind {$record->reference()} over {$record->amount()} IDR: $what. $more"), "\n";
}

$operations = ['payment' => Operation::PAYMENT, 'refund' => Operation::REFUND];
$resolutions = ['done' => Resolution::DONE, 'refused' => Resolution::REFUSED, 'abandoned' => Resolution::ABANDONED];
$what = $argv[1] ?? '';

try {
    $file = getenv('BAYAR_CONFIG');
    $client = $file ? Client::fromFile($file) : Client::fromEnvironment();
    if ($what === 'settle' && $argc === 2) {
        $settled = $client->settle(30000);
        array_map('tell', $settled->records());
        echo count($settled), ' asked about', $settled->isComplete() ? '' : ', and more is due', "\n";
    } elseif ($what === 'open' && $argc === 2) {
        foreach ($client->records(Which::OPEN) as $record) {
            tell($record);
        }
    } elseif ($what === 'day' && $argc === 3) {
        $day = $client->reconcile($argv[2], 600000);
        array_map('tell', $day->records());
        echo count($day->records()), ' compared', $day->isComplete() ? '' : ', and not all of the day', "\n";
        exit($day->differing() === [] && $day->isComplete() ? 0 : 1);
    } elseif ($what === 'export' && $argc === 2) {
        foreach ($client->records(Which::ALL) as $record) {
            echo $record->json(), "\n";
        }
    } elseif ($what === 'close' && $argc === 6 && isset($operations[$argv[2]], $resolutions[$argv[4]])) {
        tell($client->resolve($operations[$argv[2]], $argv[3], $resolutions[$argv[4]], $argv[5]));
    } else {
        fwrite(STDERR, "usage: php reconcile.php settle | open | day DAY | export | close payment|refund REFERENCE "
            . "done|refused|abandoned REASON\n");
        exit(2);
    }
} catch (BayarException $failure) {
    fwrite(STDERR, "$what failed: {$failure->getMessage()}\n");
    exit(1);
}
