<?php

declare(strict_types=1);

namespace Bayar;

/** The state of one refund in a status. */
final class RefundStatus
{
    /** DOKU said nothing readable about it. */
    public const UNKNOWN = -1;

    /** 00: refunded. */
    public const DONE = 0;

    /** 03: in progress. */
    public const PENDING = 3;

    /** 06: failed; nothing was refunded. */
    public const FAILED = 6;

    private function __construct()
    {
    }
}
