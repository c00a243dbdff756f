<?php

declare(strict_types=1);

namespace Bayar;

/** A day's records, each held against what DOKU says. */
final class Reconciliation implements \JsonSerializable
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
     * The records of the day; each tells by comparison() and finding() whether it agrees.
     *
     * @return Record[]
     */
    public function records(): array
    {
        return $this->records;
    }

    /** False if the time was over before all were compared. */
    public function isComplete(): bool
    {
        return $this->isComplete;
    }

    /**
     * Those that contradict DOKU: a person has to look.
     *
     * @return Record[]
     */
    public function differing(): array
    {
        return array_values(array_filter($this->records, static function (Record $record): bool {
            return $record->comparison() === Comparison::DIFFERS;
        }));
    }

    /** @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return ['records' => $this->records, 'isComplete' => $this->isComplete];
    }
}
