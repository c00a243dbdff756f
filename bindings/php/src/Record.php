<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Internal\Result;

/** A payment or refund in the journal, as it was when it was read. */
final class Record extends Result
{
    protected const PROPERTIES = [
        'operation' => 'operation',
        'reference' => 'reference',
        'paymentReference' => 'original_partner_reference_no',
        'amount' => 'amount',
        'state' => 'state',
        'isOpen' => 'is_open',
        'transactionStatus' => 'transaction_status',
        'isPaidAfterCancel' => 'is_paid_after_cancel',
        'externalId' => 'external_id',
        'attempts' => 'attempts',
        'created' => 'created',
        'changed' => 'changed',
        'validUpTo' => 'valid_up_to',
        'nextInquiry' => 'next_inquiry',
        'inquiries' => 'inquiries',
        'note' => 'note',
        'answerJson' => 'answer_json',
        'trail' => 'trail',
        'comparison' => 'comparison',
        'finding' => 'finding',
        'json' => 'json',
    ];

    /** What was ordered: one of {@see Operation}. */
    public function operation(): int
    {
        return $this->values['operation'];
    }

    /** Your own number: the reference of a payment, the refundReference of a refund. */
    public function reference(): string
    {
        return $this->values['reference'];
    }

    /** The payment that a refund is for; null for a payment. */
    public function paymentReference(): ?string
    {
        return $this->values['paymentReference'];
    }

    /** The amount in rupiah, such as "10000.00". */
    public function amount(): string
    {
        return $this->values['amount'];
    }

    /** What the journal knows of it: one of {@see RecordState}. */
    public function state(): int
    {
        return $this->values['state'];
    }

    /** Whether its fate is not known: it is asked about until it is settled, or closed by Client::resolve(). */
    public function isOpen(): bool
    {
        return $this->values['isOpen'];
    }

    /** What DOKU last said of a payment's money: one of {@see TransactionStatus}. */
    public function transactionStatus(): int
    {
        return $this->values['transactionStatus'];
    }

    /** Whether a payment was paid after it had been given up or had expired: the customer's money is to be given back. */
    public function isPaidAfterCancel(): bool
    {
        return $this->values['isPaidAfterCancel'];
    }

    /** The X-EXTERNAL-ID of its last attempt, which DOKU's support asks for. */
    public function externalId(): string
    {
        return $this->values['externalId'];
    }

    /** How many attempts there were. */
    public function attempts(): int
    {
        return $this->values['attempts'];
    }

    /** When it was first written down, in Jakarta time, such as "2026-11-22T20:15:00+07:00". */
    public function created(): string
    {
        return $this->values['created'];
    }

    /** When it last changed. */
    public function changed(): string
    {
        return $this->values['changed'];
    }

    /** When the payment's link dies; null for a refund. */
    public function validUpTo(): ?string
    {
        return $this->values['validUpTo'];
    }

    /** From when on Client::settle() asks DOKU about it; null where it is not asked about any more. */
    public function nextInquiry(): ?string
    {
        return $this->values['nextInquiry'];
    }

    /** How often DOKU was asked about it. */
    public function inquiries(): int
    {
        return $this->values['inquiries'];
    }

    /** What a person should know: what is in conflict, or why it was closed by hand; null if there is nothing. */
    public function note(): ?string
    {
        return $this->values['note'];
    }

    /** What DOKU answered, as JSON; null where it has not. */
    public function answerJson(): ?string
    {
        return $this->values['answerJson'];
    }

    /** What happened, for a support desk: lines in English, each with its time. */
    public function trail(): string
    {
        return $this->values['trail'];
    }

    /** How it compares with what DOKU says: one of {@see Comparison}; only from Client::reconcile(). */
    public function comparison(): int
    {
        return $this->values['comparison'];
    }

    /** What the comparison found: an English sentence; null where nothing was compared. */
    public function finding(): ?string
    {
        return $this->values['finding'];
    }

    /** All of it as one line of JSON, for an export. */
    public function json(): string
    {
        return $this->values['json'];
    }

    /**
     * The same, decoded; numbers too large for PHP are strings. Null where there is none.
     *
     * @return array<string, mixed>|null
     */
    public function answer(): ?array
    {
        return $this->decoded('answerJson');
    }
}
