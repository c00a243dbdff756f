<?php

declare(strict_types=1);

namespace Bayar\Internal;

/**
 * An object of the C library, freed with this one. Nothing of it is in PHP's memory, so that nothing can be printed.
 *
 * @internal
 */
final class Handle
{
    private string $thing;
    private \FFI\CData $pointer;
    /** What must live as long as this one. */
    private ?self $parent;

    public function __construct(string $thing, \FFI\CData $pointer, ?self $parent = null)
    {
        $this->thing = $thing;
        $this->pointer = $pointer;
        $this->parent = $parent;
    }

    public function __destruct()
    {
        Native::free($this->thing, $this->pointer);
    }

    public function thing(): string
    {
        return $this->thing;
    }

    public function pointer(): \FFI\CData
    {
        return $this->pointer;
    }

    private function __clone()
    {
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['thing' => 'bayar_' . $this->thing];
    }

    /** @return array<string, mixed> */
    public function __serialize(): array
    {
        throw new \LogicException('What belongs to the C library cannot be serialized.');
    }
}
