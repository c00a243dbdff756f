<?php

declare(strict_types=1);

namespace Bayar\Exception;

use Bayar\Internal\Facts;

/**
 * Mend the installation: the C library cannot be found or called, or does not fit this package. Nothing was sent.
 */
final class LibraryException extends \RuntimeException implements BayarException
{
    use Facts;
}
