<?php

declare(strict_types=1);

namespace Bayar;

/** What is true about the payment or refund after a failure. */
final class Outcome
{
    /** Nothing can have happened: no byte of it was sent by this call. */
    public const NOT_SENT = 1;

    /** DOKU said no: nothing happened. */
    public const REFUSED = 2;

    /** It may have happened. Ask, or call again with the same reference; never repeat it under a new one. */
    public const UNKNOWN = 3;

    private function __construct()
    {
    }
}
