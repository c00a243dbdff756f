<?php
// A shop's two routes at which DOKU tells it that a customer has paid, in plain PHP: under PHP-FPM, or on the built-in server:
//
//     php -d ffi.enable=true -S 127.0.0.1:8080 webhook.php
//
// POST /token    DOKU asks for a token
// POST /notify   DOKU says what became of a payment
//
// Each event is stored under its key before DOKU is told that the shop has it. Here that is a file (SHOP_EVENTS), one line an
// event; a shop with a database stores the key as a unique key in the transaction in which it acts, and so acts once.
//
// Settings as for pay.php, with doku_public_key_file and journal among them.

declare(strict_types=1);

use Bayar\Client;
use Bayar\Delivery;
use Bayar\Exception\BayarException;
use Bayar\Exception\InvalidArgumentException;
use Bayar\Incoming;
use Bayar\Standing;

// In a project of yours it is Composer's: vendor/autoload.php.
require getenv('AUTOLOAD') ?: __DIR__ . '/../../bindings/php/autoload.php';

/** The shop's own work: true once the event is stored for good. */
function store(Delivery $delivery): bool
{
    $what = $delivery->mismatch() !== null ? 'LOOK' : ($delivery->isPaid() ? 'PAID' : '-');
    $fields = [$delivery->key(), $delivery->reference(), $delivery->transactionStatus(), $delivery->amount() ?? '-', $what];
    $file = fopen(getenv('SHOP_EVENTS') ?: __DIR__ . '/events', 'ab');
    $line = implode("\t", $fields) . "\n";

    // fsync() is there from PHP 8.1 on; a database does it by itself.
    return $file !== false && fwrite($file, $line) === strlen($line) && fflush($file)
        && (!function_exists('fsync') || fsync($file));
}

$route = explode('?', $_SERVER['REQUEST_URI'], 2)[0];
if ($route !== '/token' && $route !== '/notify') {
    http_response_code(404);
    exit;
}
try {
    $incoming = Incoming::fromGlobals();
} catch (InvalidArgumentException $no) {
    http_response_code(400);
    exit;
}
try {
    $file = getenv('BAYAR_CONFIG');
    $client = $file ? Client::fromFile($file) : Client::fromEnvironment();
    if ($route === '/token') {
        $answer = $client->webhookToken($incoming);
    } else {
        $delivery = $client->notification($incoming);
        // A repeat is stored already; what is late says less than what the shop knows.
        if ($delivery->isGenuine() && ($delivery->order() !== Standing::NEW || store($delivery))) {
            $client->acknowledge($delivery);
        }
        $answer = $delivery->answer();
    }
    if ($answer->reason() !== null) {
        error_log("$route: HTTP {$answer->status()}. {$answer->reason()}");
    }
    $answer->send();
} catch (BayarException $failure) {
    // DOKU sends it again.
    error_log("$route failed: {$failure->getMessage()}");
    http_response_code(500);
}
