<?php

declare(strict_types=1);

namespace Bayar\Exception;

use Bayar\Internal\Facts;

/**
 * Nothing can have happened (the network, the journal): call again with the same reference once the cause is mended.
 */
final class NotSentException extends \RuntimeException implements BayarException
{
    use Facts;
}
