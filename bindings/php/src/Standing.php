<?php

declare(strict_types=1);

namespace Bayar;

/** Where a notification stands among those that came before. */
final class Standing
{
    /** It was not acknowledged before: act on it. */
    public const NEW = 1;

    /** The same was acknowledged before: there is nothing left to do but to acknowledge it again. */
    public const REPEAT = 2;

    /** It says less than what is known already, such as pending after paid: acknowledge it, and do not go back. */
    public const LATE = 3;

    private function __construct()
    {
    }
}
