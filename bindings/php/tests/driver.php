<?php
// What the tests in other languages drive the package with: a command of JSON a line comes in, and what came of it goes out.
//
//     {"settings": {…}}                          a client
//     {"call": "pay", "with": […]}               a method of the client; what it gave, as JSON
//     {"sign": "minify", "with": […]}            one of Bayar\Signing

declare(strict_types=1);

use Bayar\Client;
use Bayar\Exception\BayarException;
use Bayar\Signing;

require getenv('AUTOLOAD');

$client = null;
while (($line = fgets(STDIN)) !== false) {
    $command = json_decode($line, true, 512, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
    try {
        if (isset($command['settings'])) {
            $client = Client::fromSettings($command['settings']);
            $came = null;
        } elseif (isset($command['call'])) {
            $came = $client->{$command['call']}(...$command['with']);
        } else {
            $came = Signing::{$command['sign']}(...$command['with']);
        }
        $came = ['gave' => $came];
    } catch (BayarException $failure) {
        $came = ['failed' => [
            'class' => substr(strrchr(get_class($failure), '\\'), 1),
            'code' => $failure->getCode(),
            'message' => $failure->getMessage(),
            'outcome' => $failure->getOutcome(),
            'retry' => $failure->getRetry(),
            'field' => $failure->getField(),
            'responseCode' => $failure->getResponseCode(),
            'httpStatus' => $failure->getHttpStatus(),
            'isOutcomeUnknown' => $failure->isOutcomeUnknown(),
        ]];
    }
    echo json_encode($came, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}
