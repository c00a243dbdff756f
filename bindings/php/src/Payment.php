<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Internal\Result;

/** A payment that DOKU has taken. It is not paid yet: see Client::wait(), Client::status() and notifications. */
final class Payment extends Result
{
    protected const PROPERTIES = [
        'reference' => 'partner_reference_no',
        'amount' => 'amount',
        'redirectUrl' => 'redirect_url',
        'referenceNo' => 'reference_no',
        'externalId' => 'external_id',
        'validUpTo' => 'valid_up_to',
        'responseCode' => 'response_code',
        'json' => 'json',
        'isRecorded' => 'is_recorded',
    ];

    /** Your own number of the payment. */
    public function reference(): string
    {
        return $this->values['reference'];
    }

    /** The amount in rupiah with two decimals, such as "10000.00". */
    public function amount(): string
    {
        return $this->values['amount'];
    }

    /** Where to send the customer to pay; null if DOKU gave no link. */
    public function redirectUrl(): ?string
    {
        return $this->values['redirectUrl'];
    }

    /** DOKU's reference; null if DOKU gave none. */
    public function referenceNo(): ?string
    {
        return $this->values['referenceNo'];
    }

    /** The X-EXTERNAL-ID that it was sent under, which DOKU's support asks for. */
    public function externalId(): string
    {
        return $this->values['externalId'];
    }

    /** When the link dies, such as "2026-11-22T20:15:00+07:00". */
    public function validUpTo(): ?string
    {
        return $this->values['validUpTo'];
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
     * Whether the journal has this result; false where it could not be written down (a full disk). The payment is made
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
