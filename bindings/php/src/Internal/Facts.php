<?php

declare(strict_types=1);

namespace Bayar\Internal;

use Bayar\Outcome;
use Bayar\Retry;

/**
 * What every exception of this package knows, see {@see \Bayar\Exception\BayarException}.
 *
 * @internal
 */
trait Facts
{
    private int $outcome;
    private int $retry;
    private ?string $field;
    private ?string $responseCode;
    private ?int $httpStatus;
    private ?string $externalId;

    /**
     * @internal made by {@see Failure}
     *
     * @param array<string, mixed> $facts
     */
    public function __construct(string $message = '', int $code = 0, array $facts = [])
    {
        parent::__construct($message, $code);
        $this->outcome = $facts['outcome'] ?? Outcome::UNKNOWN;
        $this->retry = $facts['retry'] ?? Retry::NO;
        $this->field = $facts['field'] ?? null;
        $this->responseCode = $facts['responseCode'] ?? null;
        $this->httpStatus = $facts['httpStatus'] ?? null;
        $this->externalId = $facts['externalId'] ?? null;
        // The place to look at is where the package was called.
        foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS) as $frame) {
            if (isset($frame['file']) && strpos($frame['file'], dirname(__DIR__)) !== 0) {
                $this->file = $frame['file'];
                $this->line = $frame['line'] ?? 0;
                break;
            }
        }
    }

    public function getOutcome(): int
    {
        return $this->outcome;
    }

    public function isNotSent(): bool
    {
        return $this->outcome === Outcome::NOT_SENT;
    }

    public function isRefused(): bool
    {
        return $this->outcome === Outcome::REFUSED;
    }

    public function isOutcomeUnknown(): bool
    {
        return $this->outcome !== Outcome::NOT_SENT && $this->outcome !== Outcome::REFUSED;
    }

    public function getRetry(): int
    {
        return $this->retry;
    }

    public function getField(): ?string
    {
        return $this->field;
    }

    public function getResponseCode(): ?string
    {
        return $this->responseCode;
    }

    public function getHttpStatus(): ?int
    {
        return $this->httpStatus;
    }

    public function getExternalId(): ?string
    {
        return $this->externalId;
    }
}
