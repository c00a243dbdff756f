<?php

declare(strict_types=1);

namespace Bayar\Internal;

use Bayar\Exception\BayarException;

/**
 * A setting on its way to C. No message repeats its value, which may be a secret.
 *
 * @internal
 */
final class Setting
{
    /**
     * @param array-key $name
     * @param mixed     $value
     *
     * @return array{string, string}
     *
     * @throws BayarException
     */
    public static function pair(
        $name,
        #[\SensitiveParameter]
        $value
    ): array {
        if (!is_string($name)) {
            throw Failure::setting(null, "Settings are given by name: ['environment' => 'sandbox', …].");
        }
        $isName = preg_match('/^[A-Za-z_]{1,40}$/D', $name) === 1;
        $shown = $isName ? 'The setting ' . $name : 'A setting';
        $field = $isName ? $name : null;
        if (is_int($value)) {
            $value = (string) $value;
        }
        if (!is_string($value)) {
            throw Failure::setting($field, $shown . ' must be a string or a whole number, not of type ' . gettype($value) . '.');
        }
        if (strpos($name, "\0") !== false || strpos($value, "\0") !== false) {
            throw Failure::setting($field, $shown . ' contains a NUL character.');
        }

        return [$name, $value];
    }
}
