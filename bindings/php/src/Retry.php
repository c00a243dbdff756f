<?php

declare(strict_types=1);

namespace Bayar;

/** What to do after a failure. */
final class Retry
{
    /** Calling again changes nothing: something has to be corrected first. */
    public const NO = 0;

    /** Call again with the same reference, at once if you like. */
    public const SAME_REFERENCE = 1;

    /** Call again with the same reference after a while, seconds to minutes. */
    public const LATER = 2;

    private function __construct()
    {
    }
}
