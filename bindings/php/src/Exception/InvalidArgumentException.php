<?php

declare(strict_types=1);

namespace Bayar\Exception;

use Bayar\Internal\Facts;

/**
 * Mend the call: a value cannot be used, or the reference was used for something else. Nothing was sent by this call.
 */
final class InvalidArgumentException extends \InvalidArgumentException implements BayarException
{
    use Facts;
}
