<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Exception\BayarException;
use Bayar\Internal\Handle;
use Bayar\Internal\Native;

/**
 * A notification that came in, and what you decide about it. Where it is not genuine it says nothing that may be believed, and
 * all its texts are null.
 */
final class Delivery implements \JsonSerializable
{
    private const PROPERTIES = [
        'isGenuine' => 'is_genuine',
        'isPaid' => 'is_paid',
        'order' => 'order',
        'isKnown' => 'is_known',
        'mismatch' => 'mismatch',
        'key' => 'key',
        'reference' => 'original_partner_reference_no',
        'referenceNo' => 'original_reference_no',
        'externalId' => 'original_external_id',
        'transactionStatus' => 'transaction_status',
        'description' => 'transaction_status_desc',
        'amount' => 'amount',
        'channel' => 'channel',
        'createdTime' => 'created_time',
        'finishedTime' => 'finished_time',
        'json' => 'json',
    ];

    private Handle $handle;

    /** @var array<string, mixed> */
    private array $values;

    private function __construct(Handle $handle)
    {
        $this->handle = $handle;
        $this->values = Native::read($handle, self::PROPERTIES);
    }

    /** @internal */
    public static function of(Handle $handle): self
    {
        return new self($handle);
    }

    /**
     * Whether it is genuine: from DOKU, for this merchant, unchanged and fresh.
     */
    public function isGenuine(): bool
    {
        return $this->values['isGenuine'];
    }

    /**
     * Whether it is genuine and says that the customer has paid. Look at order() and mismatch() as well before
     * anything is handed over.
     */
    public function isPaid(): bool
    {
        return $this->values['isPaid'];
    }

    /** Where it stands among those that came before: one of {@see Standing}; 0 where it is not genuine. */
    public function order(): int
    {
        return $this->values['order'];
    }

    /** Whether the journal knows the payment. One that it does not know stays in Client::inbox(). */
    public function isKnown(): bool
    {
        return $this->values['isKnown'];
    }

    /**
     * What differs from what was ordered, as an English sentence: another amount. Then a person has to look before
     * anything is handed over. Null where nothing differs, or the journal does not know the payment.
     */
    public function mismatch(): ?string
    {
        return $this->values['mismatch'];
    }

    /**
     * What tells one event from another. Store it under a unique key in the transaction in which you act, and you act
     * exactly once.
     */
    public function key(): ?string
    {
        return $this->values['key'];
    }

    /** Your own reference of the payment. */
    public function reference(): ?string
    {
        return $this->values['reference'];
    }

    /** DOKU's reference; null if DOKU gave none. */
    public function referenceNo(): ?string
    {
        return $this->values['referenceNo'];
    }

    /** The X-EXTERNAL-ID of the payment; null if DOKU gave none. */
    public function externalId(): ?string
    {
        return $this->values['externalId'];
    }

    /** The state: one of {@see TransactionStatus}. */
    public function transactionStatus(): int
    {
        return $this->values['transactionStatus'];
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

    /** The channel; null if DOKU gave none. */
    public function channel(): ?string
    {
        return $this->values['channel'];
    }

    /** When the transaction began, as DOKU wrote it; null if DOKU did not say. */
    public function createdTime(): ?string
    {
        return $this->values['createdTime'];
    }

    /** When the transaction ended, as DOKU wrote it; null if DOKU did not say. */
    public function finishedTime(): ?string
    {
        return $this->values['finishedTime'];
    }

    /** All that DOKU sent, as JSON. */
    public function json(): ?string
    {
        return $this->values['json'];
    }

    /**
     * Of a notification that was DOKU's own but too old to be believed: what DOKU said when it was asked instead; believe that.
     * Null for every other notification, and where DOKU could not be asked.
     *
     * @throws BayarException
     */
    public function statusInstead(): ?Status
    {
        $status = Native::make('status', 'delivery_status_instead', $this->handle);

        return $status === null ? null : Status::of($status);
    }

    /**
     * What to send back, as it is decided now: a refusal where the notification is not genuine; else, until you acknowledge it,
     * HTTP 500, which makes DOKU send it again.
     *
     * @throws BayarException
     */
    public function answer(): Answer
    {
        return Answer::of(Native::must(Native::make('answer', 'delivery_answer', $this->handle)));
    }

    /** @internal */
    public function handle(): Handle
    {
        return $this->handle;
    }

    /** @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return $this->values;
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return $this->values;
    }
}
