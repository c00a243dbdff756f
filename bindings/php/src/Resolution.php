<?php

declare(strict_types=1);

namespace Bayar;

/** How a person closes a record. */
final class Resolution
{
    /** It happened: DOKU's dashboard shows it. */
    public const DONE = 1;

    /** It did not happen, and will not. */
    public const REFUSED = 2;

    /** Whatever became of it, it is not wanted any more. A payment's link may still be paid, which is reported. */
    public const ABANDONED = 3;

    private function __construct()
    {
    }
}
