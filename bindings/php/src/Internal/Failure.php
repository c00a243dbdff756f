<?php

declare(strict_types=1);

namespace Bayar\Internal;

use Bayar\Code;
use Bayar\Exception\BayarException;
use Bayar\Exception\InvalidArgumentException;
use Bayar\Exception\LibraryException;
use Bayar\Exception\NotSentException;
use Bayar\Exception\OutcomeUnknownException;
use Bayar\Exception\PersonNeededException;
use Bayar\Exception\RefusedException;
use Bayar\Exception\SettingsException;
use Bayar\Exception\TryLaterException;
use Bayar\Outcome;
use Bayar\Retry;

/**
 * Makes the exceptions: the one place that decides which class a failure is of.
 *
 * @internal
 */
final class Failure
{
    /**
     * Of what the library told.
     *
     * @param array<string, mixed> $facts
     */
    public static function of(array $facts): BayarException
    {
        return self::without(self::nameOf($facts), $facts['message'] ?? 'The library failed and said nothing.', $facts);
    }

    /** A value that cannot be used, found before the library was asked. */
    public static function argument(?string $field, string $message): BayarException
    {
        $facts = ['code' => Code::INVALID_ARGUMENT, 'outcome' => Outcome::NOT_SENT, 'field' => $field];

        return self::without(InvalidArgumentException::class, $message, $facts);
    }

    /** A setting that cannot be used, found before the library was asked. */
    public static function setting(?string $field, string $message): BayarException
    {
        $facts = ['code' => Code::INVALID_SETTING, 'outcome' => Outcome::NOT_SENT, 'field' => $field];

        return self::without(SettingsException::class, $message, $facts);
    }

    /** The library is not there, or is another than this package is for. */
    public static function library(string $message): BayarException
    {
        return self::without(LibraryException::class, $message, ['code' => Code::INTERNAL, 'outcome' => Outcome::NOT_SENT]);
    }

    /**
     * @param array<string, mixed> $facts
     *
     * @return class-string<BayarException>
     */
    private static function nameOf(array $facts): string
    {
        if ($facts['outcome'] === Outcome::REFUSED) {
            return $facts['retry'] === Retry::NO ? RefusedException::class : TryLaterException::class;
        }
        if ($facts['outcome'] !== Outcome::NOT_SENT) {
            return $facts['retry'] === Retry::NO ? PersonNeededException::class : OutcomeUnknownException::class;
        }
        switch (intdiv($facts['code'], 100)) {
            case 1:
                return InvalidArgumentException::class;
            case 2:
                return SettingsException::class;
            default:
                return NotSentException::class;
        }
    }

    /**
     * Without the arguments of the calls on the way, where PHP keeps them in a trace: a secret may be among them.
     *
     * @param class-string<BayarException> $class
     * @param array<string, mixed>         $facts
     */
    private static function without(string $class, string $message, array $facts): BayarException
    {
        $before = @ini_set('zend.exception_ignore_args', '1');
        try {
            return new $class($message, $facts['code'], $facts);
        } finally {
            if ($before !== false) {
                @ini_set('zend.exception_ignore_args', $before);
            }
        }
    }
}
