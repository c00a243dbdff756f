<?php

declare(strict_types=1);

namespace Bayar;

/** Which records of the journal. */
final class Which
{
    /** All of them. */
    public const ALL = 1;

    /** Those whose fate is not known, and payments that were given up while their link lives. */
    public const OPEN = 2;

    /** A payment and its refunds, or a refund, by its reference. */
    public const REFERENCE = 3;

    /** Those that were first written down on a day of Jakarta, such as "2026-11-22". */
    public const DAY = 4;

    private function __construct()
    {
    }
}
