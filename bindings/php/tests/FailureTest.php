<?php

declare(strict_types=1);

namespace Bayar\Tests;

use Bayar\Client;
use Bayar\Exception;
use Bayar\Internal\Failure;
use Bayar\Outcome;
use Bayar\Retry;
use PHPUnit\Framework\TestCase;

/** Exceptions say what to do, and hold no secret. */
final class FailureTest extends TestCase
{
    /** @dataProvider classes */
    public function testTheClassSaysWhatToDo(int $code, int $outcome, int $retry, string $class): void
    {
        $facts = ['code' => $code, 'message' => 'm', 'outcome' => $outcome, 'retry' => $retry, 'field' => 'f',
            'responseCode' => '4045413', 'httpStatus' => 404, 'externalId' => '41'];
        $failure = Failure::of($facts);
        $this->assertSame($class, get_class($failure));
        $this->assertInstanceOf(Exception\BayarException::class, $failure);
        $this->assertSame([$code, 'm', 'f', '4045413', 404, '41', $outcome, $retry], [
            $failure->getCode(), $failure->getMessage(), $failure->getField(), $failure->getResponseCode(),
            $failure->getHttpStatus(), $failure->getExternalId(), $failure->getOutcome(), $failure->getRetry(),
        ]);
        $is = [$failure->isNotSent(), $failure->isRefused(), $failure->isOutcomeUnknown()];
        $this->assertSame([$outcome === 1, $outcome === 2, $outcome !== 1 && $outcome !== 2], $is);
    }

    public function classes(): array
    {
        return [
            [101, Outcome::NOT_SENT, Retry::NO, Exception\InvalidArgumentException::class],
            [104, Outcome::NOT_SENT, Retry::NO, Exception\InvalidArgumentException::class],
            [204, Outcome::NOT_SENT, Retry::NO, Exception\SettingsException::class],
            [302, Outcome::NOT_SENT, Retry::SAME_REFERENCE, Exception\NotSentException::class],
            [502, Outcome::NOT_SENT, Retry::NO, Exception\NotSentException::class],
            [402, Outcome::REFUSED, Retry::NO, Exception\RefusedException::class],
            [403, Outcome::REFUSED, Retry::LATER, Exception\TryLaterException::class],
            [305, Outcome::UNKNOWN, Retry::SAME_REFERENCE, Exception\OutcomeUnknownException::class],
            [405, Outcome::UNKNOWN, Retry::NO, Exception\PersonNeededException::class],
            // A later library may know more; what it does not say counts as unknown.
            [999, 7, Retry::NO, Exception\PersonNeededException::class],
        ];
    }

    public function testNoSecretIsInTheTraceOfAFailure(): void
    {
        // Both would show it: this test is run with zend.exception_ignore_args=0.
        $this->assertSame('0', ini_get('zend.exception_ignore_args'));
        try {
            Client::fromSettings(['environment' => 'sandbox', 'client_secret' => 'SK-rahasia-4711', 'client_id' => 'a b']);
            $this->fail('accepted');
        } catch (Exception\SettingsException $failure) {
            $this->assertSame('client_id', $failure->getField());
            $shown = print_r($failure, true) . $failure . json_encode($failure->getTrace(), JSON_PARTIAL_OUTPUT_ON_ERROR);
            $this->assertStringNotContainsString('rahasia', $shown);
            $this->assertSame([__FILE__, '0'], [$failure->getFile(), ini_get('zend.exception_ignore_args')]);
        }
    }

    /** Where PHP is older than 8.2 its own protection of such arguments is not there. */
    public function testASecretThatIsItselfRefusedIsNotInTheTrace(): void
    {
        $tries = [
            function (): void {
                Client::fromSettings(['client_secret' => 'SK rahasia 4711']);
            },
            function (): void {
                \Bayar\Signing::signTokenRequest('rahasia, no key', null, 'BRN-1', '2026-11-22T12:00:00+07:00');
            },
            function (): void {
                new \Bayar\Incoming('POST', '/notify', ['Authorization' => "Bearer rahasia\0"], '');
            },
        ];
        foreach ($tries as $try) {
            try {
                $try();
                $this->fail('accepted');
            } catch (Exception\BayarException $failure) {
                $shown = print_r($failure->getTrace(), true) . $failure;
                $this->assertStringNotContainsString('rahasia', $shown);
            }
        }
    }

    public function testASettingThatCannotBeUsedIsNamed(): void
    {
        $tries = [
            [['enviroment' => 'sandbox'], 'enviroment', "'environment'"],
            [['environment' => 'sandbox', 'timeout_ms' => 1.5], 'timeout_ms', 'whole number'],
            [['environment' => "sand\0box"], 'environment', 'NUL'],
            [['timeout_ms' => 5], 'timeout_ms', 'from 100'],
            [['environment' => "\xff"], 'environment', 'UTF-8'],
            [['sandbox'], null, 'by name'],
            [['environment' => null], 'environment', 'missing'],
        ];
        foreach ($tries as [$settings, $field, $part]) {
            try {
                Client::fromSettings($settings);
                $this->fail('accepted');
            } catch (Exception\BayarException $failure) {
                $this->assertSame($field, $failure->getField(), $failure->getMessage());
                $this->assertStringContainsString($part, $failure->getMessage());
            }
        }
    }
}
