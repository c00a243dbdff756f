<?php

declare(strict_types=1);

namespace Bayar\Tests;

use PHPUnit\Framework\TestCase;

/** The constants are those of the C library's header, all of them. */
final class ConstantsTest extends TestCase
{
    /** @dataProvider enums */
    public function testTheConstantsAreTheHeaders(string $enum, string $prefix, string $class): void
    {
        $header = file_get_contents(__DIR__ . '/../include/bayar.ffi.h');
        $this->assertSame(1, preg_match('/typedef enum ' . $enum . ' \{(.*?)\}/s', $header, $body));
        preg_match_all('/(\w+) = (-?\d+),/', $body[1], $found, PREG_SET_ORDER);
        $expected = [];
        foreach ($found as [, $name, $value]) {
            if ($name !== 'BAYAR_OK') {
                $this->assertStringStartsWith($prefix, $name);
                $expected[substr($name, strlen($prefix))] = (int) $value;
            }
        }
        $this->assertSame($expected, (new \ReflectionClass('Bayar\\' . $class))->getConstants());
    }

    public function enums(): array
    {
        return [
            ['bayar_code', 'BAYAR_ERROR_', 'Code'],
            ['bayar_outcome', 'BAYAR_OUTCOME_', 'Outcome'],
            ['bayar_retry', 'BAYAR_RETRY_', 'Retry'],
            ['bayar_transaction_status', 'BAYAR_TRANSACTION_', 'TransactionStatus'],
            ['bayar_refund_status', 'BAYAR_REFUND_', 'RefundStatus'],
            ['bayar_operation', 'BAYAR_OPERATION_', 'Operation'],
            ['bayar_state', 'BAYAR_RECORD_', 'RecordState'],
            ['bayar_resolution', 'BAYAR_RESOLUTION_', 'Resolution'],
            ['bayar_comparison', 'BAYAR_COMPARISON_', 'Comparison'],
            ['bayar_which', 'BAYAR_RECORDS_', 'Which'],
            ['bayar_standing', 'BAYAR_DELIVERY_', 'Standing'],
        ];
    }

    public function testTheVersionIsThePackages(): void
    {
        $composer = json_decode(file_get_contents(__DIR__ . '/../composer.json'), true);
        $this->assertSame($composer['version'], \Bayar\Internal\Native::VERSION);
        $this->assertSame($composer['version'], \Bayar\Client::libraryVersion());
    }

    public function testEveryFunctionOfTheHeaderIsUsed(): void
    {
        $header = file_get_contents(__DIR__ . '/../include/bayar.ffi.h');
        preg_match_all('/\b(bayar_\w+)\(/', $header, $found);
        $source = '';
        foreach (new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator(__DIR__ . '/../src')) as $file) {
            $source .= $file->isFile() ? file_get_contents($file->getPathname()) : '';
        }
        // A client for each request is acquired, and a call cannot be cancelled from within PHP.
        $left = ['bayar_client_new', 'bayar_client_with_cancel', 'bayar_cancel_new', 'bayar_cancel_set', 'bayar_cancel_reset'];
        $unused = array_filter($found[1], static function (string $name) use ($source, $left): bool {
            if (in_array($name, $left, true) || substr($name, -5) === '_free') {
                return false;
            }
            $whole = substr($name, strlen('bayar_'));
            $parts = [$whole];
            // A property or a setter is called by the names of its thing and of itself.
            foreach (array_keys(explode('_', $whole)) as $at) {
                $parts[] = implode('_', array_slice(explode('_', $whole), $at));
            }
            foreach (array_slice($parts, 0, -1) as $part) {
                $part = preg_replace('/^set_/', '', $part);
                if (strpos($source, "'" . $part . "'") !== false || strpos($source, 'bayar_' . $part . '(') !== false) {
                    return false;
                }
            }

            return strpos($source, "'" . end($parts) . "'") === false;
        });
        $this->assertSame([], array_values($unused));
    }
}
