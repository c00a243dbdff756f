<?php

declare(strict_types=1);

namespace Bayar\Exception;

use Bayar\Internal\Facts;

/**
 * Mend the settings: one is missing, unknown or cannot be used, or a key cannot be read. Nothing was sent.
 */
final class SettingsException extends \RuntimeException implements BayarException
{
    use Facts;
}
