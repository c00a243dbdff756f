<?php

declare(strict_types=1);

namespace Bayar\Exception;

/**
 * Why a call failed, what that means for the money, and what to do. Every exception of this package implements it; its class
 * says what one must do.
 *
 * getMessage() is an English sentence for people, without any secret. getCode() is one of {@see \Bayar\Code}.
 */
interface BayarException extends \Throwable
{
    /** What is true about the payment or refund: one of {@see \Bayar\Outcome}. */
    public function getOutcome(): int;

    /** Nothing can have happened: no byte of the payment or refund was sent by this call. */
    public function isNotSent(): bool;

    /** DOKU said no: nothing happened. */
    public function isRefused(): bool;

    /** It may have happened. Call again with the same reference, or ask its status; never a new reference. */
    public function isOutcomeUnknown(): bool;

    /** What to do next: one of {@see \Bayar\Retry}. */
    public function getRetry(): int;

    /** The option or setting at fault, by its name in this package, such as "amount"; null if none is. */
    public function getField(): ?string;

    /** The seven digits that DOKU answered, such as "4045413"; null if there was no such answer. */
    public function getResponseCode(): ?string;

    /** The HTTP status of DOKU's answer; null if none came. */
    public function getHttpStatus(): ?int;

    /** The X-EXTERNAL-ID of the request, which DOKU's support asks for; null if it had none. */
    public function getExternalId(): ?string;
}
