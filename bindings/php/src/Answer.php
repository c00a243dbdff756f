<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Internal\Handle;
use Bayar\Internal\Native;
use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamFactoryInterface;

/** What your server is to send back to DOKU. */
final class Answer
{
    private Handle $handle;

    private function __construct(Handle $handle)
    {
        $this->handle = $handle;
    }

    /** @internal */
    public static function of(Handle $handle): self
    {
        return new self($handle);
    }

    /** The HTTP status. */
    public function status(): int
    {
        return (int) Native::get($this->handle, 'status');
    }

    /**
     * The headers, Content-Type among them.
     *
     * @return array<string, string>
     */
    public function headers(): array
    {
        $headers = [];
        for ($index = 0, $count = (int) Native::get($this->handle, 'header_count'); $index < $count; ++$index) {
            $name = (string) Native::get($this->handle, 'header_name', $index);
            $headers[$name] = (string) Native::get($this->handle, 'header_value', $index);
        }

        return $headers;
    }

    /** The body: JSON. It may hold the token that was issued: do not log it. */
    public function body(): string
    {
        return (string) Native::get($this->handle, 'body');
    }

    /** Whether what came in is accepted (HTTP 200). */
    public function isAccepted(): bool
    {
        return Native::get($this->handle, 'is_accepted') !== 0;
    }

    /** Why it is not accepted: a sentence for your own log, without secrets; null where it is accepted. */
    public function reason(): ?string
    {
        return Native::get($this->handle, 'reason');
    }

    /** Sends it: status, headers and body, as plain PHP does. */
    public function send(): void
    {
        http_response_code($this->status());
        foreach ($this->headers() as $name => $value) {
            header($name . ': ' . $value);
        }
        echo $this->body();
    }

    /** As a PSR-7 response. */
    public function toPsr7(ResponseFactoryInterface $responses, StreamFactoryInterface $streams): ResponseInterface
    {
        $response = $responses->createResponse($this->status())->withBody($streams->createStream($this->body()));
        foreach ($this->headers() as $name => $value) {
            $response = $response->withHeader($name, $value);
        }

        return $response;
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['status' => $this->status(), 'reason' => $this->reason()];
    }
}
