<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Internal\Result;

/** One refund as DOKU's status lists it. */
final class RefundEntry extends Result
{
    protected const PROPERTIES = [
        'status' => 'refund_status',
        'refundReference' => 'refund_partner_refund_no',
        'refundNo' => 'refund_refund_no',
        'amount' => 'refund_amount',
        'date' => 'refund_date',
        'reason' => 'refund_reason',
    ];

    /** The state: one of {@see RefundStatus}. */
    public function status(): int
    {
        return $this->values['status'];
    }

    /** Your own number of the refund; null if DOKU gave none. */
    public function refundReference(): ?string
    {
        return $this->values['refundReference'];
    }

    /** DOKU's number; null if DOKU gave none. */
    public function refundNo(): ?string
    {
        return $this->values['refundNo'];
    }

    /** The amount in rupiah; null if DOKU gave none. */
    public function amount(): ?string
    {
        return $this->values['amount'];
    }

    /** When it was made, as DOKU wrote it; null if DOKU did not say. */
    public function date(): ?string
    {
        return $this->values['date'];
    }

    /** The reason; null if DOKU gave none. */
    public function reason(): ?string
    {
        return $this->values['reason'];
    }
}
