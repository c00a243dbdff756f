<?php

declare(strict_types=1);

namespace Bayar;

/**
 * The records that Client::settle() asked about, as they are now. It can be gone through and counted like an array.
 *
 * @implements \IteratorAggregate<int, Record>
 */
final class Settled implements \IteratorAggregate, \Countable, \JsonSerializable
{
    /** @var Record[] */
    private array $records;
    private bool $isComplete;

    /**
     * @internal
     *
     * @param Record[] $records
     */
    public function __construct(array $records, bool $isComplete)
    {
        $this->records = $records;
        $this->isComplete = $isComplete;
    }

    /**
     * The records, those that were due first first.
     *
     * @return Record[]
     */
    public function records(): array
    {
        return $this->records;
    }

    /** False if the time was over before all that was due was asked about: call it again. */
    public function isComplete(): bool
    {
        return $this->isComplete;
    }

    /** @return \ArrayIterator<int, Record> */
    public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->records);
    }

    /** How many records they are. */
    public function count(): int
    {
        return count($this->records);
    }

    /** @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return ['records' => $this->records, 'isComplete' => $this->isComplete];
    }
}
