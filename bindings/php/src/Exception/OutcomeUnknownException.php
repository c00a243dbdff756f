<?php

declare(strict_types=1);

namespace Bayar\Exception;

use Bayar\Internal\Facts;

/**
 * It may have happened. Call again with the SAME reference, or ask the status; a new reference could pay or refund twice.
 * After status() and wait() it means that the question was not answered, which proves nothing about the payment.
 */
class OutcomeUnknownException extends \RuntimeException implements BayarException
{
    use Facts;
}
