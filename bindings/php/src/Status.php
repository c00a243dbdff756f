<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Internal\Handle;
use Bayar\Internal\Native;
use Bayar\Internal\Result;

/** What DOKU says of a payment. */
final class Status extends Result
{
    protected const PROPERTIES = [
        'reference' => 'original_partner_reference_no',
        'transactionStatus' => 'transaction_status',
        'isPaid' => 'is_paid',
        'isFinal' => 'is_final',
        'referenceNo' => 'original_reference_no',
        'description' => 'transaction_status_desc',
        'amount' => 'amount',
        'fee' => 'fee',
        'paidTime' => 'paid_time',
        'approvalCode' => 'approval_code',
        'externalId' => 'original_external_id',
        'responseCode' => 'response_code',
        'json' => 'json',
        'hasRefundHistory' => 'has_refund_history',
    ];

    /** Your own reference of the payment. */
    public function reference(): string
    {
        return $this->values['reference'];
    }

    /** The state: one of {@see TransactionStatus}. */
    public function transactionStatus(): int
    {
        return $this->values['transactionStatus'];
    }

    /** Whether the customer has paid; false also when the payment was refunded. */
    public function isPaid(): bool
    {
        return $this->values['isPaid'];
    }

    /** Whether asking again will not change the answer: paid or refunded, or cancelled or failed after the link died. */
    public function isFinal(): bool
    {
        return $this->values['isFinal'];
    }

    /** DOKU's reference; null if DOKU gave none. */
    public function referenceNo(): ?string
    {
        return $this->values['referenceNo'];
    }

    /** DOKU's words for the state; null if it gave none. */
    public function description(): ?string
    {
        return $this->values['description'];
    }

    /** The amount in rupiah, such as "10000.00"; null if DOKU gave none. */
    public function amount(): ?string
    {
        return $this->values['amount'];
    }

    /** DOKU's fee in rupiah; null if DOKU gave none. */
    public function fee(): ?string
    {
        return $this->values['fee'];
    }

    /** When it was paid, as DOKU wrote it; null if DOKU did not say. */
    public function paidTime(): ?string
    {
        return $this->values['paidTime'];
    }

    /** The approval code; null if DOKU gave none. */
    public function approvalCode(): ?string
    {
        return $this->values['approvalCode'];
    }

    /** The X-EXTERNAL-ID of the payment; null if DOKU gave none. */
    public function externalId(): ?string
    {
        return $this->values['externalId'];
    }

    /** The seven digits that DOKU answered; empty where a person recorded it. */
    public function responseCode(): string
    {
        return $this->values['responseCode'];
    }

    /** All that DOKU answered, as JSON. */
    public function json(): string
    {
        return $this->values['json'];
    }

    /**
     * Whether DOKU's answer had a list of refunds, even an empty one. A refund that is missing where there is no list
     * proves nothing.
     */
    public function hasRefundHistory(): bool
    {
        return $this->values['hasRefundHistory'];
    }

    /**
     * The refunds that DOKU lists.
     *
     * @return RefundEntry[]
     */
    public function refunds(): array
    {
        return $this->values['refunds'];
    }

    protected static function more(Handle $handle): array
    {
        $refunds = [];
        for ($index = 0, $count = (int) Native::get($handle, 'refund_count'); $index < $count; ++$index) {
            $refunds[] = RefundEntry::of($handle, $index);
        }

        return ['refunds' => $refunds];
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
