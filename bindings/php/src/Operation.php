<?php

declare(strict_types=1);

namespace Bayar;

/** What was ordered. */
final class Operation
{
    /** A payment, found by its reference. */
    public const PAYMENT = 1;

    /** A refund, found by its refundReference. */
    public const REFUND = 2;

    private function __construct()
    {
    }
}
