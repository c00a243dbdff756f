<?php

declare(strict_types=1);

namespace Bayar\Internal;

use Bayar\Exception\BayarException;
use FFI\CData;
use FFI\Exception as FFIException;

/**
 * The one class that touches FFI: it finds the library, calls it, and turns what comes back into PHP's values and exceptions.
 *
 * Under ffi.enable=preload only functions of preloaded files may do so; this is why it all stands here.
 *
 * @internal
 */
final class Native
{
    /** The library that this package is for. Before 1.0 the ABI may change with every minor version. */
    public const VERSION = '0.1.0';
    public const ABI = 0;

    private const SYSTEM = PHP_OS_FAMILY === 'Windows' ? 'bayar.dll'
        : (PHP_OS_FAMILY === 'Darwin' ? 'libbayar.dylib' : 'libbayar.so.0');

    /** By what a failure's field is called in C, what it is called here. */
    private const FIELDS = [
        'partner_reference_no' => 'reference',
        'original_partner_reference_no' => 'paymentReference',
        'partner_refund_no' => 'refundReference',
        'return_url' => 'returnUrl',
        'is_deep_link' => 'isDeepLink',
        'valid_up_to' => 'validUpTo',
        'point_of_initiation' => 'pointOfInitiation',
        'support_deep_link_checkout_url' => 'supportDeepLinkCheckoutUrl',
        'device_id' => 'deviceId',
        'ip_address' => 'ipAddress',
        'extra_json' => 'extra',
        'original_external_id' => 'paymentExternalId',
        'allow_over_refund' => 'allowOverRefund',
        'limit_ms' => 'limitMs',
    ];

    private static ?\FFI $ffi = null;

    /** The library's own version. */
    public static function version(): string
    {
        return self::ffi()->bayar_version();
    }

    /**
     * Calls a function that can fail and makes nothing. Handles and bytes among the arguments are turned into what C takes.
     *
     * @param mixed ...$arguments
     *
     * @throws BayarException
     */
    public static function run(string $function, ...$arguments): void
    {
        $ffi = self::ffi();
        $error = $ffi->new('struct bayar_error *');
        $arguments = self::arguments($ffi, $arguments);
        $arguments[] = \FFI::addr($error);
        self::check($ffi, $ffi->{'bayar_' . $function}(...$arguments), $error);
    }

    /**
     * Calls a function that can fail and makes a thing; null where it made none.
     *
     * @param mixed ...$arguments
     *
     * @throws BayarException
     */
    public static function make(string $thing, string $function, ...$arguments): ?Handle
    {
        $ffi = self::ffi();
        $made = $ffi->new('struct bayar_' . $thing . ' *');
        $error = $ffi->new('struct bayar_error *');
        $arguments = self::arguments($ffi, $arguments);
        $arguments[] = \FFI::addr($made);
        $arguments[] = \FFI::addr($error);
        self::check($ffi, $ffi->{'bayar_' . $function}(...$arguments), $error);

        return \FFI::isNull($made) ? null : new Handle($thing, $made);
    }

    /**
     * Calls a function that makes a text.
     *
     * @param mixed ...$arguments
     *
     * @throws BayarException
     */
    public static function text(string $function, ...$arguments): string
    {
        $text = self::must(self::make('text', $function, ...$arguments));
        $value = self::ffi()->bayar_text_value($text->pointer());
        if ($value === null) {
            throw Failure::argument(null, 'There is a NUL character in what came of it.');
        }

        return $value;
    }

    /**
     * One property of a thing: a string, null or an int.
     *
     * @return string|int|null
     */
    public static function get(Handle $thing, string $property, int ...$index)
    {
        return self::ffi()->{'bayar_' . $thing->thing() . '_' . $property}($thing->pointer(), ...$index);
    }

    /**
     * Several properties of a thing. Those that C names is_ or has_ are true or false.
     *
     * @param array<string, string> $properties by their name here, the name in C
     *
     * @return array<string, mixed>
     */
    public static function read(Handle $thing, array $properties, int ...$index): array
    {
        $ffi = self::ffi();
        $prefix = 'bayar_' . $thing->thing() . '_';
        $pointer = $thing->pointer();
        $values = [];
        foreach ($properties as $here => $property) {
            $value = $ffi->{$prefix . $property}($pointer, ...$index);
            $isFlag = strncmp($property, 'is_', 3) === 0 || strncmp($property, 'has_', 4) === 0;
            $values[$here] = $isFlag ? $value !== 0 : $value;
        }

        return $values;
    }

    /** Keeps no acquired client any longer. */
    public static function forgetAcquired(): void
    {
        self::ffi()->bayar_client_forget_acquired();
    }

    /** What cannot be missing after a call that succeeded. */
    public static function must(?Handle $made): Handle
    {
        if ($made === null) {
            throw Failure::library('The library made nothing, and did not say why.');
        }

        return $made;
    }

    public static function free(string $thing, CData $pointer): void
    {
        if (self::$ffi !== null) {
            self::$ffi->{'bayar_' . $thing . '_free'}($pointer);
        }
    }

    /**
     * @param array<int, mixed> $arguments
     *
     * @return array<int, mixed>
     */
    private static function arguments(\FFI $ffi, array $arguments): array
    {
        $taken = [];
        foreach ($arguments as $argument) {
            if ($argument instanceof Handle) {
                $taken[] = $argument->pointer();
            } elseif ($argument instanceof Bytes) {
                $length = strlen($argument->bytes);
                $copy = null;
                if ($length > 0) {
                    $copy = $ffi->new('uint8_t[' . $length . ']');
                    \FFI::memcpy($copy, $argument->bytes, $length);
                }
                $taken[] = $copy;
                $taken[] = $length;
            } else {
                $taken[] = $argument;
            }
        }

        return $taken;
    }

    /** @throws BayarException */
    private static function check(\FFI $ffi, int $code, CData $error): void
    {
        if ($code === 0) {
            return;
        }
        if (\FFI::isNull($error)) {
            throw Failure::library('The library failed with the code ' . $code . ', and did not say why.');
        }
        $status = $ffi->bayar_error_http_status($error);
        $facts = [
            'code' => $code,
            'message' => $ffi->bayar_error_message($error),
            'outcome' => $ffi->bayar_error_outcome($error),
            'retry' => $ffi->bayar_error_retry($error),
            'field' => $ffi->bayar_error_field($error),
            'responseCode' => $ffi->bayar_error_response_code($error),
            'httpStatus' => $status === 0 ? null : $status,
            'externalId' => $ffi->bayar_error_external_id($error),
        ];
        $ffi->bayar_error_free($error);
        // A setting is called the same everywhere.
        if (intdiv($code, 100) !== 2 && isset(self::FIELDS[$facts['field']])) {
            $here = self::FIELDS[$facts['field']];
            $facts['message'] = preg_replace('/\b' . $facts['field'] . '\b/', $here, $facts['message']) ?? $facts['message'];
            $facts['field'] = $here;
        }
        throw Failure::of($facts);
    }

    private static function ffi(): \FFI
    {
        return self::$ffi ?? (self::$ffi = self::load());
    }

    /** @throws BayarException */
    private static function load(): \FFI
    {
        if (!class_exists(\FFI::class)) {
            throw Failure::library("PHP's extension FFI is missing (on Debian it is in php-common; enable it in php.ini).");
        }
        $named = self::named();
        if ($named === null) {
            try {
                // By ffi.preload: nothing is left to be read or loaded in a request.
                return self::fitting(\FFI::scope('BAYAR'), 'the library of ffi.preload');
            } catch (FFIException $notThere) {
            }
        }
        $header = (string) file_get_contents(dirname(__DIR__, 2) . '/include/bayar.ffi.h');
        $why = [];
        foreach ($named === null ? self::places() : [$named] as $place) {
            try {
                return self::fitting(\FFI::cdef($header, $place), $place);
            } catch (FFIException $failure) {
                $why[] = self::explained($failure, $place);
            }
        }
        throw Failure::library('The C library of Bayar cannot be used. ' . implode(' ', array_unique($why)));
    }

    /** The library that the constant or the environment names. */
    private static function named(): ?string
    {
        if (defined('BAYAR_LIBRARY')) {
            return (string) constant('BAYAR_LIBRARY');
        }
        $named = getenv('BAYAR_LIBRARY');

        return $named === false || $named === '' ? null : $named;
    }

    /** @return string[] */
    private static function places(): array
    {
        $own = dirname(__DIR__, 2) . '/lib/' . self::SYSTEM;

        return is_file($own) ? [$own, self::SYSTEM] : [self::SYSTEM];
    }

    /** @throws BayarException */
    private static function fitting(\FFI $ffi, string $place): \FFI
    {
        $version = $ffi->bayar_version();
        if ($ffi->bayar_abi_version() !== self::ABI || self::minor($version) !== self::minor(self::VERSION)) {
            throw Failure::library(self::otherVersion($place, $version));
        }

        return $ffi;
    }

    private static function otherVersion(string $place, string $version): string
    {
        return $place . ' is version ' . $version . ', and this package is for version ' . self::minor(self::VERSION)
            . '. Install the two together, then reload PHP-FPM.';
    }

    private static function minor(string $version): string
    {
        return implode('.', array_slice(explode('.', $version), 0, 2));
    }

    private static function explained(FFIException $failure, string $place): string
    {
        $message = $failure->getMessage();
        if (strpos($message, 'restricted') !== false) {
            return "PHP does not let this code call a C library (ffi.enable=preload): add the package's preload.php to "
                . "opcache.preload, as its README shows, and restart PHP-FPM; or set ffi.enable=true, as PHP's built-in server needs it.";
        }
        if (strpos($message, 'Failed resolving') !== false) {
            try {
                $ffi = \FFI::cdef('const char *bayar_version(void);', $place);

                return self::otherVersion($place, $ffi->bayar_version());
            } catch (FFIException $other) {
                return $place . ' is another library.';
            }
        }
        if (strpos($message, 'Failed loading') !== false) {
            return $place . ' cannot be loaded: build it (make lib) and name it by the constant or environment variable '
                . "BAYAR_LIBRARY, put it into the package's folder lib/, or install it for the system (make install, ldconfig).";
        }

        return $message . '.';
    }
}
