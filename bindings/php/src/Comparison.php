<?php

declare(strict_types=1);

namespace Bayar;

/** How a record compares with what DOKU says. */
final class Comparison
{
    /** It was not compared. */
    public const NONE = 0;

    /** The two agree. */
    public const AGREES = 1;

    /** DOKU's answer does not tell. */
    public const UNCLEAR = 2;

    /** They contradict each other: a person has to look. */
    public const DIFFERS = 3;

    private function __construct()
    {
    }
}
