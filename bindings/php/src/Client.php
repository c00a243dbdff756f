<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Exception\BayarException;
use Bayar\Internal\Handle;
use Bayar\Internal\Native;
use Bayar\Internal\Value;
use Psr\Log\LoggerInterface;

/**
 * A merchant's client: payments, refunds, status, notifications, and the journal.
 *
 * Make one wherever you need it, also anew in every web request: in one PHP process the same settings are the same client
 * underneath, which keeps the connection, the access token and the parsed key from one request to the next.
 *
 * Every failure is a {@see BayarException} that says whether the money may have moved. Calling pay() or refund() again with
 * the same reference is always safe: the same one payment or refund comes of it.
 */
final class Client
{
    private const PAYMENT_OPTIONS = [
        'returnUrl' => ['return_url', 'text'],
        'isDeepLink' => ['is_deep_link', 'flag'],
        'validUpTo' => ['valid_up_to', 'moment'],
        'pointOfInitiation' => ['point_of_initiation', 'text'],
        'title' => ['title', 'text'],
        'supportDeepLinkCheckoutUrl' => ['support_deep_link_checkout_url', 'flag'],
        'channel' => ['channel', 'text'],
        'deviceId' => ['device_id', 'text'],
        'ipAddress' => ['ip_address', 'text'],
        'extra' => ['extra_json', 'json'],
    ];

    private const REFUND_OPTIONS = [
        'reason' => ['reason', 'text'],
        'paymentExternalId' => ['original_external_id', 'text'],
        'channel' => ['channel', 'text'],
        'deviceId' => ['device_id', 'text'],
        'ipAddress' => ['ip_address', 'text'],
        'allowOverRefund' => ['allow_over_refund', 'flag'],
        'extra' => ['extra_json', 'json'],
    ];

    private Handle $handle;
    private ?LoggerInterface $logger;

    private function __construct(Handle $handle, ?LoggerInterface $logger)
    {
        $this->handle = $handle;
        $this->logger = $logger;
    }

    /**
     * With the settings of a file (TOML, one a line: client_id = "BRN-…"); docs/settings.md lists them.
     *
     * @param array<string, string|int|null> $settings further ones, which count more than the file's
     * @param LoggerInterface|null           $logger   gets what the library does, as far as the setting log_level says
     *                                                 (info, where it says nothing)
     *
     * @throws BayarException
     */
    public static function fromFile(
        string $path,
        #[\SensitiveParameter]
        array $settings = [],
        ?LoggerInterface $logger = null
    ): self {
        $config = self::config($logger);
        Native::run('config_load_file', $config, Value::text('path', $path));

        return self::acquire($config, $settings, $logger);
    }

    /**
     * With the settings of the environment (BAYAR_CLIENT_ID …). PHP-FPM clears the environment: give them by env[…] in its
     * pool, or use a file.
     *
     * @param array<string, string|int|null> $settings further ones, which count more than the environment's
     *
     * @throws BayarException
     */
    public static function fromEnvironment(
        #[\SensitiveParameter]
        array $settings = [],
        ?LoggerInterface $logger = null
    ): self {
        $config = self::config($logger);
        Native::run('config_load_environment', $config);

        return self::acquire($config, $settings, $logger);
    }

    /**
     * With these settings alone, by the names of docs/settings.md: ['environment' => 'sandbox', 'client_id' => …].
     *
     * @param array<string, string|int|null> $settings null counts as not given
     *
     * @throws BayarException
     */
    public static function fromSettings(
        #[\SensitiveParameter]
        array $settings,
        ?LoggerInterface $logger = null
    ): self {
        return self::acquire(self::config($logger), $settings, $logger);
    }

    /**
     * Connects to DOKU and fetches the access token ahead, so that the next payment costs one round trip. Not needed: every
     * call does it by itself when it has to.
     *
     * @throws BayarException
     */
    public function warmUp(): void
    {
        $this->logged(function (): void {
            Native::run('client_warm_up', $this->handle);
        });
    }

    /**
     * Makes a payment: DOKU is asked for a link, to which the customer is then sent.
     *
     * Options: reference (your own number; the payment's identity) and amount ("10000.00", or whole rupiah as an int), both
     * needed; returnUrl, title, validUpTo (a date with its zone, or a DateTimeInterface), isDeepLink, pointOfInitiation,
     * supportDeepLinkCheckoutUrl, channel, deviceId, ipAddress, extra (members to add to the body, as an array or JSON).
     *
     * @param array{reference: string|int, amount: string|int, returnUrl?: string|null, title?: string|null,
     *     validUpTo?: string|\DateTimeInterface|null, isDeepLink?: bool|null, pointOfInitiation?: string|null,
     *     supportDeepLinkCheckoutUrl?: bool|null, channel?: string|null, deviceId?: string|null, ipAddress?: string|null,
     *     extra?: array<string, mixed>|string|null} $options
     *
     * @throws BayarException
     */
    public function pay(array $options): Payment
    {
        return $this->logged(function () use ($options): Payment {
            $needed = ['reference', 'amount'];
            $known = array_merge($needed, array_keys(self::PAYMENT_OPTIONS));
            $given = Value::options($options, $known, $needed);
            $request = Native::must(Native::make(
                'payment_request',
                'payment_request_new',
                Value::text('reference', $given['reference']),
                Value::amount('amount', $given['amount'])
            ));
            self::set($request, self::PAYMENT_OPTIONS, $given);

            return Payment::of(Native::must(Native::make('payment', 'client_pay', $this->handle, $request)));
        });
    }

    /**
     * Refunds a payment, in whole or in part.
     *
     * Options: paymentReference (the payment's), amount, and refundReference (your own number of the refund: its identity;
     * two numbers are two refunds), all needed; reason, paymentExternalId, allowOverRefund, channel, deviceId, ipAddress,
     * extra.
     *
     * @param array{paymentReference: string|int, amount: string|int, refundReference: string|int, reason?: string|null,
     *     paymentExternalId?: string|null, allowOverRefund?: bool|null, channel?: string|null, deviceId?: string|null,
     *     ipAddress?: string|null, extra?: array<string, mixed>|string|null} $options
     *
     * @throws BayarException
     */
    public function refund(array $options): Refund
    {
        return $this->logged(function () use ($options): Refund {
            $needed = ['paymentReference', 'amount', 'refundReference'];
            $known = array_merge($needed, array_keys(self::REFUND_OPTIONS));
            $given = Value::options($options, $known, $needed);
            $request = Native::must(Native::make(
                'refund_request',
                'refund_request_new',
                Value::text('paymentReference', $given['paymentReference']),
                Value::amount('amount', $given['amount']),
                Value::text('refundReference', $given['refundReference'])
            ));
            self::set($request, self::REFUND_OPTIONS, $given);

            return Refund::of(Native::must(Native::make('refund', 'client_refund', $this->handle, $request)));
        });
    }

    /**
     * Asks DOKU for the status of a payment. DOKU wishes to be asked no earlier than 60 seconds after the payment. A failure
     * proves nothing about the payment.
     *
     * @throws BayarException
     */
    public function status(string $reference): Status
    {
        return $this->logged(function () use ($reference): Status {
            $reference = Value::text('paymentReference', $reference);

            return Status::of(Native::must(Native::make('status', 'client_status', $this->handle, $reference)));
        });
    }

    /**
     * Asks until the payment is final or the limit is over, and gives the last answer. For the command line; a web request is
     * better told by a notification.
     *
     * @throws BayarException
     */
    public function wait(string $reference, int $limitMs): Status
    {
        return $this->logged(function () use ($reference, $limitMs): Status {
            $reference = Value::text('paymentReference', $reference);

            return Status::of(Native::must(Native::make('status', 'client_wait', $this->handle, $reference, $limitMs)));
        });
    }

    /**
     * Asks DOKU about every payment and refund whose fate is not known and whose time has come, and gives those that were
     * asked about. It only asks: nothing is ever sent again by it. Call it from a timer (cron), once a minute or less often.
     *
     * @throws BayarException
     */
    public function settle(int $limitMs = 30000): Settled
    {
        return $this->logged(function () use ($limitMs): Settled {
            $records = Native::must(Native::make('records', 'client_settle', $this->handle, $limitMs));
            $list = iterator_to_array(self::each($records), false);

            return new Settled($list, Native::get($records, 'is_complete') !== 0);
        });
    }

    /**
     * Closes by hand a record whose fate is not known, after a look into DOKU's dashboard, or gives up a payment that nobody
     * has paid.
     *
     * @param int    $operation  one of {@see Operation}
     * @param int    $resolution one of {@see Resolution}
     * @param string $reason     is kept, and told to whoever calls with that reference again
     *
     * @throws BayarException
     */
    public function resolve(int $operation, string $reference, int $resolution, string $reason): Record
    {
        return $this->logged(function () use ($operation, $reference, $resolution, $reason): Record {
            return Record::of(Native::must(Native::make(
                'record',
                'client_resolve',
                $this->handle,
                Value::int32('operation', $operation),
                Value::text('reference', $reference),
                Value::int32('resolution', $resolution),
                Value::text('reason', $reason)
            )));
        });
    }

    /**
     * Compares the records of a day (of Jakarta, such as "2026-11-22") with what DOKU says of each now.
     *
     * @throws BayarException
     */
    public function reconcile(string $day, int $limitMs = 600000): Reconciliation
    {
        return $this->logged(function () use ($day, $limitMs): Reconciliation {
            $day = Value::text('day', $day);
            $records = Native::must(Native::make('records', 'client_reconcile', $this->handle, $day, $limitMs));
            $list = iterator_to_array(self::each($records), false);

            return new Reconciliation($list, Native::get($records, 'is_complete') !== 0);
        });
    }

    /**
     * Lists records of the journal, the oldest first, read as you go through them.
     *
     * @param int         $which one of {@see Which}
     * @param string|null $value the reference or the day, where $which asks for one
     *
     * @return \Generator<int, Record>
     *
     * @throws BayarException also while going through them
     */
    public function records(int $which = Which::OPEN, ?string $value = null): \Generator
    {
        $which = Value::int32('which', $which);
        $value = $value === null ? null : Value::text('value', $value);

        return self::each(Native::must(Native::make('records', 'client_records', $this->handle, $which, $value)));
    }

    /**
     * One payment or refund as the journal knows it; null where it does not. Asks DOKU nothing.
     *
     * @param int $operation one of {@see Operation}
     *
     * @throws BayarException
     */
    public function record(int $operation, string $reference): ?Record
    {
        $operation = Value::int32('operation', $operation);
        $record = Native::make('record', 'client_record', $this->handle, $operation, Value::text('reference', $reference));

        return $record === null ? null : Record::of($record);
    }

    /**
     * Makes the tables of a journal on PostgreSQL; one in a file is made by itself.
     *
     * @throws BayarException
     */
    public function createJournal(): void
    {
        Native::run('client_create_journal', $this->handle);
    }

    /**
     * Answers DOKU's request for the token with which it then sends notifications: the whole of your token route. Send the
     * answer back, whatever it is. After an exception answer HTTP 500.
     *
     * @throws BayarException
     */
    public function webhookToken(Incoming $incoming): Answer
    {
        return $this->logged(function () use ($incoming): Answer {
            return Answer::of(Native::must(Native::make('answer', 'client_webhook_token', $this->handle, $incoming->handle())));
        });
    }

    /**
     * Checks a notification: your notification route. Where it is genuine, store it or act on it and then acknowledge() it;
     * in any case send back its answer(). After an exception answer HTTP 500, and DOKU sends it again.
     *
     * @throws BayarException
     */
    public function notification(Incoming $incoming): Delivery
    {
        return $this->logged(function () use ($incoming): Delivery {
            $delivery = Native::make('delivery', 'client_notification', $this->handle, $incoming->handle());

            return Delivery::of(Native::must($delivery));
        });
    }

    /**
     * Says that you have taken a notification: it is in your own database, or what it asks for is done. Only then is DOKU
     * told so, by its answer(), and does not send it again.
     *
     * @throws BayarException
     */
    public function acknowledge(Delivery $delivery): void
    {
        $this->logged(function () use ($delivery): void {
            Native::run('client_acknowledge', $this->handle, $delivery->handle());
        });
    }

    /**
     * Says that you have no such order and never will: its answer() is then HTTP 404.
     *
     * @throws BayarException
     */
    public function rejectUnknown(Delivery $delivery): void
    {
        $this->logged(function () use ($delivery): void {
            Native::run('client_reject_unknown', $this->handle, $delivery->handle());
        });
    }

    /**
     * The notifications that somebody has yet to look at, the oldest first, at most 1,000.
     *
     * @return InboxEntry[]
     *
     * @throws BayarException
     */
    public function inbox(): array
    {
        $inbox = Native::must(Native::make('inbox', 'client_inbox', $this->handle));
        $entries = [];
        for ($index = 0, $count = (int) Native::get($inbox, 'count'); $index < $count; ++$index) {
            $entries[] = InboxEntry::of($inbox, $index);
        }

        return $entries;
    }

    /**
     * Takes the oldest entry from the log, which the setting log_level turns on; null when there is none. A logger that was
     * given gets them all by itself. The log is one for all who use the client in this process, also in other requests.
     *
     * @throws BayarException
     */
    public function pollLog(): ?LogEntry
    {
        $entry = Native::make('log_entry', 'client_poll_log', $this->handle);

        return $entry === null ? null : LogEntry::of($entry);
    }

    /**
     * Closes the connections of all clients that nobody holds, and wipes their secrets. The next client connects anew. For
     * programs that run long; PHP-FPM needs it not.
     */
    public static function forgetAcquired(): void
    {
        Native::forgetAcquired();
    }

    /** The version of the C library that is used. */
    public static function libraryVersion(): string
    {
        return Native::version();
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['library' => Native::version()];
    }

    /** @return array<string, mixed> */
    public function __serialize(): array
    {
        throw new \LogicException('A client holds secrets and cannot be serialized; make one from the settings.');
    }

    private static function config(?LoggerInterface $logger): Handle
    {
        $config = Native::must(Native::make('config', 'config_new'));
        if ($logger !== null) {
            Native::run('config_set', $config, 'log_level', 'info');
        }

        return $config;
    }

    /** @param array<string, string|int|null> $settings */
    private static function acquire(
        Handle $config,
        #[\SensitiveParameter]
        array $settings,
        ?LoggerInterface $logger
    ): self {
        foreach ($settings as $name => $value) {
            if ($value !== null) {
                Native::run('config_set', $config, ...Internal\Setting::pair($name, $value));
            }
        }

        return new self(Native::must(Native::make('client', 'client_acquire', $config)), $logger);
    }

    /**
     * @param array<string, array{string, string}> $setters
     * @param array<string, mixed>                 $given
     */
    private static function set(Handle $request, array $setters, array $given): void
    {
        foreach ($setters as $name => [$setter, $kind]) {
            if (isset($given[$name])) {
                Native::run($request->thing() . '_set_' . $setter, $request, Value::$kind($name, $given[$name]));
            }
        }
    }

    /** @return \Generator<int, Record> */
    private static function each(Handle $records): \Generator
    {
        while (($record = Native::make('record', 'records_next', $records)) !== null) {
            yield Record::of($record);
        }
    }

    /**
     * Does something, and hands to the logger what the library wrote meanwhile, also when it failed.
     *
     * @template T
     *
     * @param callable(): T $call
     *
     * @return T
     */
    private function logged(callable $call)
    {
        try {
            return $call();
        } finally {
            if ($this->logger !== null) {
                $this->drain($this->logger);
            }
        }
    }

    private function drain(LoggerInterface $logger): void
    {
        static $names = [1 => 'error', 2 => 'warning', 3 => 'info', 4 => 'debug'];
        try {
            while (($entry = $this->pollLog()) !== null) {
                $logger->log($names[$entry->level()] ?? 'info', $entry->message(), ['unixMs' => $entry->unixMs()]);
            }
        } catch (\Throwable $broken) {
            // A logger that fails must not hide what became of the money.
            error_log('Bayar: the logger failed: ' . $broken->getMessage());
        }
    }
}
