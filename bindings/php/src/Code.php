<?php

declare(strict_types=1);

namespace Bayar;

/**
 * What went wrong: getCode() of every exception. The hundreds are groups: 1xx an argument, 2xx a setting, 3xx the
 * network, 4xx DOKU's answer, 5xx the library or its journal. A later version may add codes within these groups; treat
 * one that you do not know by its group.
 */
final class Code
{
    /** A value cannot be used; getField() names it. */
    public const INVALID_ARGUMENT = 101;

    /** A pointer that must not be NULL was NULL. */
    public const NULL_POINTER = 102;

    /** A string is not UTF-8. */
    public const INVALID_UTF8 = 103;

    /** The reference was already used for something else. */
    public const REFERENCE_REUSED = 104;

    /** A signature does not match (verifying functions). */
    public const SIGNATURE_MISMATCH = 105;

    /** A setting that must be given is missing. */
    public const MISSING_SETTING = 201;

    /** There is no setting of that name. */
    public const UNKNOWN_SETTING = 202;

    /** The value of a setting cannot be used. */
    public const INVALID_SETTING = 203;

    /** A key cannot be read: the wrong kind, damaged, too short, or a wrong passphrase. */
    public const INVALID_KEY = 204;

    /** The host name could not be looked up. */
    public const NAME_LOOKUP = 301;

    /** No connection could be made. */
    public const CONNECT = 302;

    /** The TLS handshake failed: a certificate that is not trusted, expired, or for another name. */
    public const TLS = 303;

    /** The proxy refused, or answered something that is no tunnel. */
    public const PROXY = 304;

    /** The time limit was reached. */
    public const TIMEOUT = 305;

    /** The connection broke before the answer was complete. */
    public const CONNECTION_LOST = 306;

    /** An answer that is not DOKU's: a web page, half an answer, a redirect, one that is too large. */
    public const BAD_ANSWER = 307;

    /** The call was cancelled. */
    public const CANCELLED = 308;

    /** DOKU does not accept the client id, the signature or the token. */
    public const UNAUTHORIZED = 401;

    /** DOKU refused, and will refuse the same again. */
    public const DECLINED = 402;

    /** DOKU refused for now. */
    public const TRY_LATER = 403;

    /** DOKU does not know the transaction. */
    public const NOT_FOUND = 404;

    /** DOKU has something else recorded under the reference: a person has to look. */
    public const CONFLICT = 405;

    /** DOKU has taken the request and is not finished. */
    public const IN_PROGRESS = 406;

    /** DOKU, or a system behind it, failed. */
    public const SERVER_ERROR = 407;

    /** A fault inside this library. Please report it. */
    public const INTERNAL = 501;

    /** The journal could not be read or written. */
    public const JOURNAL = 502;

    private function __construct()
    {
    }
}
