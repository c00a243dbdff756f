<?php

declare(strict_types=1);

namespace Bayar\Internal;

/**
 * A string that C takes as bytes with their length: NULs and what is no UTF-8 may be in it.
 *
 * @internal
 */
final class Bytes
{
    public string $bytes;

    public function __construct(string $bytes)
    {
        $this->bytes = $bytes;
    }

    /** @return array<string, int> */
    public function __debugInfo(): array
    {
        return ['length' => strlen($this->bytes)];
    }
}
