<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Exception\BayarException;
use Bayar\Internal\Bytes;
use Bayar\Internal\Native;
use Bayar\Internal\Value;

/** Signing and verifying alone, for a system that does its own HTTP: no client, no network. */
final class Signing
{
    /**
     * The X-SIGNATURE of a payment, refund or status request.
     *
     * @param string $method    in capitals
     * @param string $path      from its leading slash, without host
     * @param string $token     without the word Bearer
     * @param string $body      the very bytes that are sent
     * @param string $timestamp the very text of X-TIMESTAMP
     *
     * @throws BayarException
     */
    public static function signRequest(
        #[\SensitiveParameter]
        string $clientSecret,
        string $method,
        string $path,
        #[\SensitiveParameter]
        string $token,
        string $body,
        string $timestamp
    ): string {
        return Native::text(
            'request_sign',
            Value::text('clientSecret', $clientSecret),
            ...self::request($method, $path, $token, $body, $timestamp)
        );
    }

    /**
     * The string that signRequest() signs, for finding out where another implementation differs. It contains the token: do
     * not log it.
     *
     * @throws BayarException
     */
    public static function stringToSign(
        string $method,
        string $path,
        #[\SensitiveParameter]
        string $token,
        string $body,
        string $timestamp
    ): string {
        return Native::text('request_string_to_sign', ...self::request($method, $path, $token, $body, $timestamp));
    }

    /**
     * Whether a signature is one as signRequest() makes it, compared in constant time.
     *
     * @throws BayarException
     */
    public static function verifyRequest(
        #[\SensitiveParameter]
        string $clientSecret,
        string $method,
        string $path,
        #[\SensitiveParameter]
        string $token,
        string $body,
        string $timestamp,
        string $signature
    ): bool {
        $arguments = self::request($method, $path, $token, $body, $timestamp);
        $arguments[] = Value::text('signature', $signature);

        return self::matches('request_verify', Value::text('clientSecret', $clientSecret), ...$arguments);
    }

    /**
     * The X-SIGNATURE of a token request.
     *
     * @param string      $privateKeyPem PEM text, PKCS#8 or PKCS#1
     * @param string|null $passphrase    if it is encrypted
     *
     * @throws BayarException
     */
    public static function signTokenRequest(
        #[\SensitiveParameter]
        string $privateKeyPem,
        #[\SensitiveParameter]
        ?string $passphrase,
        string $clientId,
        string $timestamp
    ): string {
        return Native::text(
            'token_request_sign',
            Value::text('privateKeyPem', $privateKeyPem),
            $passphrase === null ? null : Value::text('passphrase', $passphrase),
            Value::text('clientId', $clientId),
            Value::text('timestamp', $timestamp)
        );
    }

    /**
     * Whether a signature is one as signTokenRequest() makes it.
     *
     * @throws BayarException
     */
    public static function verifyTokenRequest(
        string $publicKeyPem,
        string $clientId,
        string $timestamp,
        string $signature
    ): bool {
        return self::matches(
            'token_request_verify',
            Value::text('publicKeyPem', $publicKeyPem),
            Value::text('clientId', $clientId),
            Value::text('timestamp', $timestamp),
            Value::text('signature', $signature)
        );
    }

    /**
     * JSON without the spaces and line breaks between its parts, as DOKU hashes it; its numbers and strings stay as they are.
     *
     * @throws BayarException
     */
    public static function minify(string $json): string
    {
        return Native::text('json_minify', new Bytes($json));
    }

    /**
     * A moment as X-TIMESTAMP has it, in Jakarta time; this one if none is given.
     *
     * @param int|null $unixMs milliseconds since 1970 UTC
     *
     * @throws BayarException
     */
    public static function timestamp(?int $unixMs = null): string
    {
        return Native::text('timestamp_format', $unixMs ?? (int) floor(microtime(true) * 1000));
    }

    /**
     * A new X-EXTERNAL-ID: 32 random digits.
     *
     * @throws BayarException
     */
    public static function newExternalId(): string
    {
        return Native::text('external_id_new');
    }

    private function __construct()
    {
    }

    /** @return array<int, mixed> */
    private static function request(
        string $method,
        string $path,
        #[\SensitiveParameter]
        string $token,
        string $body,
        string $timestamp
    ): array {
        return [
            Value::text('method', $method),
            Value::text('path', $path),
            Value::text('token', $token),
            new Bytes($body),
            Value::text('timestamp', $timestamp),
        ];
    }

    /** @param mixed ...$arguments */
    private static function matches(
        string $function,
        #[\SensitiveParameter]
        ...$arguments
    ): bool {
        try {
            Native::run($function, ...$arguments);
        } catch (BayarException $failure) {
            if ($failure->getCode() === Code::SIGNATURE_MISMATCH) {
                return false;
            }
            throw $failure;
        }

        return true;
    }
}
