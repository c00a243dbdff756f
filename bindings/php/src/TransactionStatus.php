<?php

declare(strict_types=1);

namespace Bayar;

/** DOKU's latestTransactionStatus. */
final class TransactionStatus
{
    /** DOKU said nothing readable about it. */
    public const UNKNOWN = -1;

    /** 00: paid. */
    public const PAID = 0;

    /** 01: the customer has not begun. */
    public const INITIATED = 1;

    /** 02: the customer is paying. */
    public const PAYING = 2;

    /** 03: pending. */
    public const PENDING = 3;

    /** 04: refunded. */
    public const REFUNDED = 4;

    /** 05: cancelled; not final before the link dies. */
    public const CANCELLED = 5;

    /** 06: failed; not final before the link dies. */
    public const FAILED = 6;

    /** 07: not found; proves nothing. */
    public const NOT_FOUND = 7;

    private function __construct()
    {
    }
}
