<?php

declare(strict_types=1);

namespace Bayar\Exception;

use Bayar\Internal\Facts;

/**
 * DOKU said no: nothing happened, and the same request will be refused again. A changed one needs a new reference.
 * {@see TryLaterException} is the one that may be tried again.
 */
class RefusedException extends \RuntimeException implements BayarException
{
    use Facts;
}
