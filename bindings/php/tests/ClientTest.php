<?php

declare(strict_types=1);

namespace Bayar\Tests;

use Bayar\Client;
use Bayar\Code;
use Bayar\Exception\BayarException;
use Bayar\Exception\InvalidArgumentException;
use Bayar\Exception\RefusedException;
use Bayar\Incoming;
use Bayar\Operation;
use Bayar\Payment;
use Bayar\RecordState;
use Bayar\RefundStatus;
use Bayar\Resolution;
use Bayar\Signing;
use Bayar\TransactionStatus;
use Bayar\Which;
use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\ServerRequest;
use PHPUnit\Framework\TestCase;
use Psr\Log\AbstractLogger;

/** Against a sandbox: the settings are in the file that BAYAR_CONFIG names, and a customer pays at once. */
final class ClientTest extends TestCase
{
    public static function setUpBeforeClass(): void
    {
        require_once 'Psr/Log/autoload.php';
        require_once 'Nyholm/Psr7/autoload.php';
    }

    private static function client(array $settings = [], $logger = null): Client
    {
        return Client::fromFile(getenv('BAYAR_CONFIG'), $settings, $logger);
    }

    private static function number(string $prefix): string
    {
        return $prefix . '-' . bin2hex(random_bytes(6));
    }

    private static function paid(Client $client): Payment
    {
        $options = ['reference' => self::number('INV'), 'amount' => '10000.00', 'returnUrl' => 'https://shop.example/'];
        $payment = $client->pay($options);
        $client->wait($payment->reference(), 10000);

        return $payment;
    }

    public function testAPaymentLivesFromItsLinkToItsRefund(): void
    {
        $client = self::client();
        $client->warmUp();
        $reference = self::number('INV');
        $payment = $client->pay([
            'reference' => $reference,
            'amount' => 10000,
            'returnUrl' => 'https://shop.example/thanks?a=1&b=2',
            'isDeepLink' => true,
            'title' => 'Kopi susu ☕',
            'validUpTo' => new \DateTimeImmutable('2098-01-01T00:00:00+07:00'),
            'pointOfInitiation' => 'mweb',
            'supportDeepLinkCheckoutUrl' => true,
            'channel' => 'EMONEY_DANA_SNAP',
            'deviceId' => 'KASIR7',
            'ipAddress' => '8.8.8.8',
            'extra' => ['meja' => 7],
        ]);
        $this->assertSame([$reference, '10000.00', true], [$payment->reference(), $payment->amount(), $payment->isRecorded()]);
        $this->assertStringStartsWith('https://', $payment->redirectUrl());
        $this->assertSame('2098-01-01T00:00:00+07:00', $payment->validUpTo());
        $this->assertSame($payment->responseCode(), $payment->answer()['responseCode']);
        $this->assertSame(32, strlen($payment->externalId()));
        $this->assertSame($payment->redirectUrl(), json_decode(json_encode($payment))->redirectUrl);

        $status = $client->wait($reference, 10000);
        $this->assertTrue($status->isPaid() && $status->isFinal() && $status->hasRefundHistory());
        $this->assertSame([TransactionStatus::PAID, []], [$status->transactionStatus(), $status->refunds()]);

        $number = self::number('R');
        $refund = $client->refund([
            'paymentReference' => $reference,
            'amount' => '4000',
            'refundReference' => $number,
            'reason' => 'Salah pesan ☕',
            'paymentExternalId' => $payment->externalId(),
        ]);
        $this->assertSame([$reference, $number, '4000.00'], [$refund->paymentReference(), $refund->refundReference(), $refund->amount()]);
        [$entry] = $client->status($reference)->refunds();
        $this->assertSame([$number, '4000.00', RefundStatus::DONE], [$entry->refundReference(), $entry->amount(), $entry->status()]);
        $this->assertSame('Salah pesan ☕', $entry->reason());

        // Again is always safe, and the same.
        $again = ['paymentReference' => $reference, 'amount' => 4000, 'refundReference' => $number];
        $this->assertEquals($refund, $client->refund($again));

        $record = $client->record(Operation::REFUND, $number);
        $this->assertSame([RecordState::DONE, false, $reference], [$record->state(), $record->isOpen(), $record->paymentReference()]);
        $this->assertNull($client->record(Operation::REFUND, 'R-nobody'));
        $of = iterator_to_array($client->records(Which::REFERENCE, $reference), false);
        $this->assertCount(2, $of);
        $this->assertSame('done', json_decode($of[0]->json(), true)['state']);
        $settled = $client->settle(1000);
        $this->assertSame([], $settled->records());
        $this->assertCount(0, $settled);
        $this->assertTrue($settled->isComplete());
        $day = $client->reconcile(substr($record->created(), 0, 10), 60000);
        $this->assertTrue($day->isComplete() && $day->differing() === [] && count($day->records()) >= 2);
        $client->createJournal();
        $this->assertSame([], $client->inbox());
    }

    public function testARefusalSaysWhatIsTrue(): void
    {
        $client = self::client();
        $payment = self::paid($client);
        $this->assertRefused(InvalidArgumentException::class, Code::REFERENCE_REUSED, 'amount', function () use ($client, $payment) {
            $client->pay(['reference' => $payment->reference(), 'amount' => '10001', 'returnUrl' => 'https://shop.example/']);
        });
        $this->assertRefused(InvalidArgumentException::class, Code::INVALID_ARGUMENT, 'limitMs', function () use ($client) {
            $client->wait('INV', -1);
        });
        $this->assertRefused(InvalidArgumentException::class, Code::INVALID_ARGUMENT, 'reference', function () use ($client) {
            $client->resolve(Operation::PAYMENT, 'INV-nobody', Resolution::DONE, 'seen');
        });
        $this->assertRefused(InvalidArgumentException::class, Code::INVALID_ARGUMENT, 'operation', function () use ($client) {
            // It would be 1, a payment, if PHP's FFI had its way.
            $client->resolve(4294967297, 'INV-nobody', Resolution::DONE, 'seen');
        });
    }

    private function assertRefused(string $class, int $code, ?string $field, callable $call): void
    {
        try {
            $call();
        } catch (BayarException $failure) {
            $said = [get_class($failure), $failure->getCode(), $failure->getField()];
            $this->assertSame([$class, $code, $field], $said, $failure->getMessage());

            return;
        }
        $this->fail('accepted');
    }

    public function testDokusRefusalIsARefusal(): void
    {
        $client = self::client(['journal' => self::journal()]);
        try {
            $client->refund(['paymentReference' => 'INV-nobody', 'amount' => '10000', 'refundReference' => self::number('R')]);
            $this->fail('refunded');
        } catch (RefusedException $refused) {
            $this->assertTrue($refused->isRefused());
            $this->assertSame([404, 7], [$refused->getHttpStatus(), strlen($refused->getResponseCode())]);
            $this->assertSame(32, strlen($refused->getExternalId()));
        }
    }

    private static function journal(): string
    {
        return sys_get_temp_dir() . '/' . self::number('bayar') . '.db';
    }

    public function testNothingThatIsPrintedHoldsASecret(): void
    {
        $secret = self::setting('client_secret');
        $key = substr(file_get_contents(self::setting('private_key_file')), 60, 60);
        $client = Client::fromSettings(self::settings());
        $payment = self::paid($client);
        ob_start();
        var_dump($client, $payment, $client->status($payment->reference()));
        var_export($payment);
        debug_zval_dump($client);
        print_r((array) $client);
        echo json_encode([$client, $payment]);
        $printed = ob_get_clean();
        $this->assertStringContainsString($payment->redirectUrl(), $printed);
        $this->assertStringNotContainsString($secret, $printed);
        $this->assertStringNotContainsString($key, $printed);
        $this->assertEquals($payment, unserialize(serialize($payment)));
        $this->expectException(\LogicException::class);
        serialize($client);
    }

    public function testAResultDoesNotChange(): void
    {
        $payment = self::paid(self::client());
        $this->expectException(\LogicException::class);
        $payment->amount = '1.00';
    }

    private static function settings(): array
    {
        return parse_ini_file(getenv('BAYAR_CONFIG'));
    }

    private static function setting(string $name): string
    {
        return self::settings()[$name];
    }

    public function testALoggerGetsWhatWasDone(): void
    {
        $logger = new class () extends AbstractLogger {
            public array $entries = [];

            public function log($level, $message, array $context = [])
            {
                $this->entries[] = [$level, (string) $message, $context];
            }
        };
        $client = self::client([], $logger);
        $payment = self::paid($client);
        $this->assertNotSame([], $logger->entries);
        [$level, $message, $context] = $logger->entries[0];
        $this->assertContains($level, ['info', 'warning']);
        $this->assertEqualsWithDelta(time() * 1000, $context['unixMs'], 60000);
        $all = json_encode($logger->entries);
        $this->assertStringContainsString($payment->reference(), $all);
        $this->assertStringNotContainsString(self::setting('client_secret'), $all);
    }

    public function testALoggerThatFailsHidesNothing(): void
    {
        $logger = new class () extends AbstractLogger {
            public function log($level, $message, array $context = [])
            {
                throw new \RuntimeException('the disk is full');
            }
        };
        $before = ini_set('error_log', '/dev/null');
        $payment = self::paid(self::client([], $logger));
        ini_set('error_log', (string) $before);
        $this->assertNotNull($payment->redirectUrl());
    }

    public function testTheLogCanBePolled(): void
    {
        $client = self::client(['log_level' => 'debug']);
        self::paid($client);
        $entry = $client->pollLog();
        $this->assertGreaterThan(0, $entry->level());
        $this->assertNotSame('', $entry->message());
        while ($client->pollLog() !== null) {
        }
        $this->assertNull($client->pollLog());
    }

    public function testWhatIsNobodysIsRefusedInBothForms(): void
    {
        $client = self::client();
        $factory = new Psr17Factory();
        $body = "\0\xff not JSON";
        $headers = ['X-TIMESTAMP' => ['a', 'b'], 'Content-Type' => 'application/json'];
        $request = new ServerRequest('POST', 'https://shop.example/notify?x=1', $headers, $body);
        foreach ([Incoming::fromPsr7($request), new Incoming('POST', '/notify', $headers, $body)] as $incoming) {
            $delivery = $client->notification($incoming);
            $this->assertFalse($delivery->isGenuine() || $delivery->isPaid());
            $this->assertSame([null, null, null, 0], [$delivery->key(), $delivery->json(), $delivery->amount(), $delivery->order()]);
            $this->assertNull($delivery->statusInstead());
            $answer = $delivery->answer();
            $this->assertFalse($answer->isAccepted());
            $this->assertNotNull($answer->reason());
            $response = $answer->toPsr7($factory, $factory);
            $this->assertSame([$answer->status(), $answer->body()], [$response->getStatusCode(), (string) $response->getBody()]);
            $this->assertSame('application/json', $response->getHeaderLine('Content-Type'));
            $this->assertRefused(InvalidArgumentException::class, Code::INVALID_ARGUMENT, 'delivery', function () use ($client, $delivery) {
                try {
                    $client->acknowledge($delivery);
                } catch (InvalidArgumentException $no) {
                    $client->rejectUnknown($delivery);
                }
            });
        }
        $answer = $client->webhookToken(new Incoming('POST', '/token', [], ''));
        $this->assertFalse($answer->isAccepted());
        $this->assertStringNotContainsString('body', print_r($answer, true));
        $this->expectException(InvalidArgumentException::class);
        new Incoming('POST', '/token', ['X-A' => "a\0b"], '');
    }

    public function testMemoryStaysAsItIs(): void
    {
        $client = self::client();
        $payment = self::paid($client);
        $again = ['reference' => $payment->reference(), 'amount' => 10000, 'returnUrl' => 'https://shop.example/'];
        $round = function () use ($again): void {
            $client = Client::fromFile(getenv('BAYAR_CONFIG'));
            $client->pay($again);
            try {
                $client->pay(['reference' => 'a b', 'amount' => '1']);
            } catch (InvalidArgumentException $no) {
            }
            $client->notification(new Incoming('POST', '/notify', ['X-A' => 'b'], '{}'))->answer()->body();
            Signing::minify('{ }');
        };
        for ($i = 0; $i < 200; ++$i) {
            $round();
        }
        $before = [memory_get_usage(), self::resident()];
        for ($i = 0; $i < 2000; ++$i) {
            $round();
        }
        $this->assertLessThan($before[0] + 20000, memory_get_usage());
        $this->assertLessThan($before[1] + 512, self::resident());
    }

    /** In KiB. */
    private static function resident(): int
    {
        preg_match('/^VmRSS:\s+(\d+)/m', file_get_contents('/proc/self/status'), $found);

        return (int) $found[1];
    }

    public function testAnotherProcessThatWasForkedPaysByItself(): void
    {
        $client = self::client();
        self::paid($client);
        $child = pcntl_fork();
        if ($child === 0) {
            $done = self::client()->pay(['reference' => self::number('C'), 'amount' => 1, 'returnUrl' => 'https://shop.example/']);
            $same = $client->pay(['reference' => self::number('C'), 'amount' => 1, 'returnUrl' => 'https://shop.example/']);
            // Without PHPUnit's own end.
            posix_kill(getmypid(), $done->redirectUrl() !== null && $same->redirectUrl() !== null ? SIGTERM : SIGKILL);
        }
        pcntl_waitpid($child, $status);
        $this->assertSame(SIGTERM, pcntl_wtermsig($status));
        self::paid($client);
    }
}
