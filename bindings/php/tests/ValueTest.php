<?php

declare(strict_types=1);

namespace Bayar\Tests;

use Bayar\Exception\BayarException;
use Bayar\Exception\InvalidArgumentException;
use Bayar\Internal\Value;
use PHPUnit\Framework\TestCase;

/** PHP's own traps on the way to C. */
final class ValueTest extends TestCase
{
    /** @dataProvider refused */
    public function testWhatCannotBeUsedIsRefusedAndNamed(string $kind, $value, string $part): void
    {
        try {
            Value::$kind('amount', $value);
            $this->fail('accepted');
        } catch (InvalidArgumentException $failure) {
            $this->assertSame('amount', $failure->getField());
            $this->assertTrue($failure->isNotSent());
            $this->assertStringContainsString($part, $failure->getMessage());
        }
    }

    public function refused(): array
    {
        return [
            'a float' => ['amount', 10000.0, 'is a float'],
            'an integer that became a float' => ['amount', PHP_INT_MAX + 1, 'an integer that is too large'],
            'not a number' => ['amount', NAN, 'is a float'],
            'a bool for an amount' => ['amount', true, 'not true'],
            'nothing' => ['amount', null, 'not NULL'],
            'a list' => ['amount', ['10000'], 'of type array'],
            'an object' => ['text', new \stdClass(), 'an object of stdClass'],
            'a float for a text' => ['text', 1.5, 'of type double'],
            'a NUL in a text' => ['text', "INV\0-1", 'NUL'],
            'a NUL in an amount' => ['amount', "10000\0", 'NUL'],
            'a NUL in JSON' => ['json', "{}\0", 'NUL'],
            'one for true' => ['flag', 1, 'true or false'],
            'a word for true' => ['flag', 'yes', 'true or false'],
            'JSON of what is no UTF-8' => ['json', ["\xff" => 1], 'JSON'],
            'JSON of what is not finite' => ['json', ['a' => INF], 'JSON'],
            'a number beyond 32 bits' => ['int32', 4294967297, 'out of range'],
            'a number below 32 bits' => ['int32', -2147483649, 'out of range'],
        ];
    }

    /** @dataProvider accepted */
    public function testWhatIsMeantIsTaken(string $kind, $value, $expected): void
    {
        $this->assertSame($expected, Value::$kind('amount', $value));
    }

    public function accepted(): array
    {
        $text = new class () {
            public function __toString(): string
            {
                return '10000.00';
            }
        };

        return [
            'a string' => ['amount', '10000.00', '10000.00'],
            'whole rupiah' => ['amount', 10000, '10000'],
            'the largest integer' => ['amount', PHP_INT_MAX, (string) PHP_INT_MAX],
            'a decimal of another library' => ['amount', $text, '10000.00'],
            'a number for a reference' => ['text', 4711, '4711'],
            'no' => ['flag', false, 0],
            'a moment' => ['moment', new \DateTimeImmutable('2098-01-01 00:00:00+07:00'), '2098-01-01T00:00:00+07:00'],
            'no members' => ['json', [], '{}'],
            'members' => ['json', ['a' => ['b' => 'é/'], 'c' => 1.0], '{"a":{"b":"é/"},"c":1.0}'],
            '32 bits' => ['int32', -2147483648, -2147483648],
        ];
    }

    /** @dataProvider unknown */
    public function testAnUnknownOptionIsAnErrorWithTheNearestName($name, string $part): void
    {
        try {
            Value::options([$name => 'x'], ['reference', 'amount', 'returnUrl', 'title'], []);
            $this->fail('accepted');
        } catch (BayarException $failure) {
            $this->assertStringContainsString($part, $failure->getMessage());
        }
    }

    public function unknown(): array
    {
        return [
            ['refrence', "Did you mean 'reference'?"],
            ['return_url', "Did you mean 'returnUrl'?"],
            ['TITLE', "Did you mean 'title'?"],
            ['somethingElse', 'There are reference, amount, returnUrl, title.'],
            [0, 'Options are given by name'],
            ['SK-secret-0001', 'Options are given by name'],
        ];
    }

    public function testWhatLooksLikeASecretIsNotRepeated(): void
    {
        try {
            Value::options(['SK-secret-0001' => 'x'], ['reference'], []);
            $this->fail('accepted');
        } catch (InvalidArgumentException $failure) {
            $this->assertNull($failure->getField());
            $this->assertStringNotContainsString('SK-secret', $failure->getMessage());
        }
    }

    public function testAnOptionThatIsNeededIsNamedAndNullCountsAsNotGiven(): void
    {
        $this->assertSame(['a' => '1'], Value::options(['a' => '1', 'b' => null], ['a', 'b'], ['a']));
        $this->expectExceptionMessage("'b' is missing");
        Value::options(['a' => '1', 'b' => null], ['a', 'b'], ['b']);
    }
}
