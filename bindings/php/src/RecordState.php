<?php

declare(strict_types=1);

namespace Bayar;

/** What the journal knows of a payment or refund. A later version may add states. */
final class RecordState
{
    /** Open: a call is at work on it, or died at work. */
    public const SENDING = 1;

    /** Nothing of it was sent. The next call with the reference sends it. */
    public const NOT_SENT = 2;

    /** DOKU did not take the access token, and so did not look at it. The next call with the reference sends it. */
    public const NOT_TAKEN = 3;

    /** Done: the payment has its link, the refund is made. */
    public const DONE = 4;

    /** Refused for good. */
    public const REFUSED = 5;

    /** Refused for now: the next call with the reference makes a new attempt. */
    public const REFUSED_FOR_NOW = 6;

    /** Open: it may have happened; DOKU is asked. */
    public const UNKNOWN = 7;

    /** Open: DOKU has something else under the reference; a person has to look. */
    public const CONFLICT = 8;

    /** The payment's link died, and nobody had paid. */
    public const EXPIRED = 9;

    /** A person gave it up; money that comes all the same is reported. */
    public const ABANDONED = 10;

    private function __construct()
    {
    }
}
