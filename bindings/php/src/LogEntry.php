<?php

declare(strict_types=1);

namespace Bayar;

use Bayar\Internal\Result;

/** One entry of the log: what the library did, without secrets. */
final class LogEntry extends Result
{
    protected const PROPERTIES = [
        'level' => 'level',
        'unixMs' => 'unix_ms',
        'message' => 'message',
    ];

    /** How important it is: 1 error, 2 warning, 3 info, 4 debug. */
    public function level(): int
    {
        return $this->values['level'];
    }

    /** When, by this machine's clock: milliseconds since 1970 UTC. */
    public function unixMs(): int
    {
        return $this->values['unixMs'];
    }

    /** What happened: one line in English. */
    public function message(): string
    {
        return $this->values['message'];
    }
}
