<?php

declare(strict_types=1);

namespace Bayar\Exception;

/**
 * DOKU refused for now (too many requests, a limit, a balance): call again later with the same reference.
 */
final class TryLaterException extends RefusedException
{
}
