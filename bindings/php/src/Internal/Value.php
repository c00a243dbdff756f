<?php

declare(strict_types=1);

namespace Bayar\Internal;

use Bayar\Exception\BayarException;

/**
 * PHP's values on their way to C, and what is wrong with some of them.
 *
 * @internal
 */
final class Value
{
    /**
     * A text: a string, an int, or an object that can be written as a string. C would take a NUL for its end.
     *
     * @param mixed $value
     *
     * @throws BayarException
     */
    public static function text(string $name, $value): string
    {
        if (is_int($value) || (is_object($value) && method_exists($value, '__toString'))) {
            $value = (string) $value;
        }
        if (!is_string($value)) {
            throw Failure::argument($name, $name . ' must be a string, not ' . self::kind($value) . '.');
        }
        if (strpos($value, "\0") !== false) {
            throw Failure::argument($name, $name . ' contains a NUL character.');
        }

        return $value;
    }

    /**
     * An amount in rupiah: a string such as "10000.00", or an int of whole rupiah. Never a float.
     *
     * @param mixed $value
     *
     * @throws BayarException
     */
    public static function amount(string $name, $value): string
    {
        if (is_float($value)) {
            throw Failure::argument($name, $name . ' is a float, which cannot hold every amount exactly (and PHP makes one of '
                . 'an integer that is too large). Give a string such as "10000.00", or whole rupiah as an int.');
        }

        return self::text($name, $value);
    }

    /**
     * A moment: a string such as "2026-11-22T20:15:00+07:00", or a DateTimeInterface.
     *
     * @param mixed $value
     *
     * @throws BayarException
     */
    public static function moment(string $name, $value): string
    {
        return $value instanceof \DateTimeInterface ? $value->format('Y-m-d\TH:i:sP') : self::text($name, $value);
    }

    /**
     * @param mixed $value
     *
     * @throws BayarException
     */
    public static function flag(string $name, $value): int
    {
        if (!is_bool($value)) {
            throw Failure::argument($name, $name . ' must be true or false, not ' . self::kind($value) . '.');
        }

        return $value ? 1 : 0;
    }

    /**
     * A JSON object: an array, or the text itself.
     *
     * @param mixed $value
     *
     * @throws BayarException
     */
    public static function json(string $name, $value): string
    {
        if (is_array($value)) {
            $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;
            $json = json_encode($value === [] ? new \stdClass() : $value, $flags);
            if ($json === false) {
                throw Failure::argument($name, $name . ' cannot be written as JSON: ' . json_last_error_msg() . '.');
            }
            $value = $json;
        }

        return self::text($name, $value);
    }

    /**
     * A number that C takes in 32 bits: PHP's FFI would cut off the rest of a larger one, and make another of it.
     *
     * @throws BayarException
     */
    public static function int32(string $name, int $value): int
    {
        if ($value < -2147483648 || $value > 2147483647) {
            throw Failure::argument($name, $name . ' is out of range.');
        }

        return $value;
    }

    /**
     * Refuses options that nobody knows, and names the nearest; takes out those that are null.
     *
     * @param array<array-key, mixed> $options
     * @param string[]                $known
     * @param string[]                $required
     *
     * @return array<string, mixed>
     *
     * @throws BayarException
     */
    public static function options(array $options, array $known, array $required): array
    {
        $given = [];
        foreach ($options as $name => $value) {
            if (!in_array($name, $known, true)) {
                throw Failure::argument(self::isLikeAName($name) ? (string) $name : null, self::unknown($name, $known));
            }
            if ($value !== null) {
                $given[$name] = $value;
            }
        }
        foreach ($required as $name) {
            if (!isset($given[$name])) {
                throw Failure::argument($name, "The option '" . $name . "' is missing.");
            }
        }

        return $given;
    }

    /**
     * @param array-key $name
     * @param string[]  $known
     */
    private static function unknown($name, array $known): string
    {
        if (!self::isLikeAName($name)) {
            return 'Options are given by name: ' . implode(', ', $known) . '.';
        }
        $nearest = null;
        $least = min(4, intdiv(strlen((string) $name), 2));
        foreach ($known as $candidate) {
            $distance = levenshtein(strtolower(str_replace('_', '', (string) $name)), strtolower($candidate));
            if ($distance <= $least) {
                $least = $distance - 1;
                $nearest = $candidate;
            }
        }
        $hint = $nearest === null ? ' There are ' . implode(', ', $known) . '.' : " Did you mean '" . $nearest . "'?";

        return "There is no option '" . $name . "'." . $hint;
    }

    /**
     * What is none may be a secret in the wrong place, and is not repeated.
     *
     * @param array-key $name
     */
    private static function isLikeAName($name): bool
    {
        return is_string($name) && preg_match('/^[A-Za-z_]{1,40}$/D', $name) === 1;
    }

    /** @param mixed $value */
    private static function kind($value): string
    {
        if ($value === null || is_bool($value)) {
            return var_export($value, true);
        }

        return is_object($value) ? 'an object of ' . get_class($value) : 'of type ' . gettype($value);
    }
}
