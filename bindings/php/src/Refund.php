<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Internal\Result;

/** A refund that DOKU has made. */
final class Refund extends Result
{
    protected const PROPERTIES = [
        'paymentReference' => 'original_partner_reference_no',
        'refundReference' => 'partner_refund_no',
        'amount' => 'amount',
        'refundNo' => 'refund_no',
        'referenceNo' => 'original_reference_no',
        'refundTime' => 'refund_time',
        'externalId' => 'external_id',
        'responseCode' => 'response_code',
        'json' => 'json',
        'isRecorded' => 'is_recorded',
    ];

    /** Your own reference of the payment. */
    public function paymentReference(): string
    {
        return $this->values['paymentReference'];
    }

    /** Your own number of the refund. */
    public function refundReference(): string
    {
        return $this->values['refundReference'];
    }

    /** The amount in rupiah with two decimals, such as "10000.00". */
    public function amount(): string
    {
        return $this->values['amount'];
    }

    /** DOKU's number of the refund; null if DOKU gave none. */
    public function refundNo(): ?string
    {
        return $this->values['refundNo'];
    }

    /** DOKU's reference of the payment; null if DOKU gave none. */
    public function referenceNo(): ?string
    {
        return $this->values['referenceNo'];
    }

    /** When, as DOKU wrote it; null if DOKU did not say. */
    public function refundTime(): ?string
    {
        return $this->values['refundTime'];
    }

    /** The X-EXTERNAL-ID that it was sent under, which DOKU's support asks for. */
    public function externalId(): string
    {
        return $this->values['externalId'];
    }

    /** The seven digits that DOKU answered; empty where a person recorded it. */
    public function responseCode(): string
    {
        return $this->values['responseCode'];
    }

    /** All that DOKU answered, as JSON; empty where a person recorded it. */
    public function json(): string
    {
        return $this->values['json'];
    }

    /**
     * Whether the journal has this result; false where it could not be written down (a full disk). The refund is made
     * all the same.
     */
    public function isRecorded(): bool
    {
        return $this->values['isRecorded'];
    }

    /**
     * The same, decoded; numbers too large for PHP are strings. Null where there is none.
     *
     * @return array<string, mixed>|null
     */
    public function answer(): ?array
    {
        return $this->decoded('json');
    }
}
