<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Internal\Result;

/** A notification that somebody has yet to look at. */
final class InboxEntry extends Result
{
    protected const PROPERTIES = [
        'key' => 'key',
        'reference' => 'reference',
        'isAcknowledged' => 'is_acknowledged',
        'isStale' => 'is_stale',
        'isKnown' => 'is_known',
        'firstCame' => 'first_came',
        'lastCame' => 'last_came',
        'times' => 'times',
        'json' => 'json',
    ];

    /** What tells one event from another; see Delivery::key(). */
    public function key(): string
    {
        return $this->values['key'];
    }

    /** Your own reference of the payment. */
    public function reference(): string
    {
        return $this->values['reference'];
    }

    /** Whether it was acknowledged. */
    public function isAcknowledged(): bool
    {
        return $this->values['isAcknowledged'];
    }

    /** Whether it was DOKU's own but too old to be believed. */
    public function isStale(): bool
    {
        return $this->values['isStale'];
    }

    /** Whether the journal knew the payment. */
    public function isKnown(): bool
    {
        return $this->values['isKnown'];
    }

    /** When it first came, in Jakarta time. */
    public function firstCame(): string
    {
        return $this->values['firstCame'];
    }

    /** When it last came or was acknowledged. */
    public function lastCame(): string
    {
        return $this->values['lastCame'];
    }

    /** How often it came or was acknowledged. */
    public function times(): int
    {
        return $this->values['times'];
    }

    /** All that DOKU sent, as JSON. One that is stale is not to be believed. */
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
        return $this->decoded('json');
    }
}
