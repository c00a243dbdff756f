<?php

declare(strict_types=1);

namespace Bayar\Internal;

/**
 * What the library told, copied into PHP once: it never changes, can be kept, serialized and written as JSON.
 *
 * @internal
 */
abstract class Result implements \JsonSerializable
{
    /** By the name here, the name in C. */
    protected const PROPERTIES = [];

    /** @var array<string, mixed> */
    protected array $values;

    /** @param array<string, mixed> $values */
    final private function __construct(array $values)
    {
        $this->values = $values;
    }

    /**
     * @internal
     *
     * @return static
     */
    public static function of(Handle $handle, int ...$index): self
    {
        return new static(Native::read($handle, static::PROPERTIES, ...$index) + static::more($handle));
    }

    /** @return array<string, mixed> */
    protected static function more(Handle $handle): array
    {
        return [];
    }

    /**
     * All of it by the names of its methods; what DOKU answered (json) as what it says.
     *
     * @return array<string, mixed>
     */
    public function jsonSerialize(): array
    {
        $values = $this->values;
        foreach (['json', 'answerJson'] as $name) {
            if (isset($values[$name])) {
                $values[$name] = json_decode($values[$name], false, 512, JSON_BIGINT_AS_STRING) ?? $values[$name];
            }
        }

        return $values;
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return $this->values;
    }

    /** @param mixed $value */
    public function __set(string $name, $value): void
    {
        throw new \LogicException('A result does not change.');
    }

    /**
     * What DOKU said, decoded; numbers too large for PHP as strings.
     *
     * @return array<string, mixed>|null
     */
    protected function decoded(string $name): ?array
    {
        $decoded = json_decode((string) $this->values[$name], true, 512, JSON_BIGINT_AS_STRING);

        return is_array($decoded) ? $decoded : null;
    }
}
