"""Checks a whole ledger against checkpoints that somebody holds.

The stored bytes are hashed once and never parsed. Entries that no checkpoint covers could have been
rewritten by whoever can write the database: `uncovered` says how many, and a reader must be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

from audit_portal.domain.ledger.checkpoint import Checkpoint
from audit_portal.domain.ledger.merkle import Frontier, leaf_hash

PROBLEMS_NAMED = 100  # of checkpoints and of entries each; the rest is counted
_BATCH = 1024


@dataclass(frozen=True)
class Problem:
    """Something that isn't as it was. `seq` is the entry it stands at, or None for the ledger as a whole."""

    code: str
    seq: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LedgerCheck:
    """What was found: `size` entries with `root`, the first `covered` of them vouched for by a checkpoint."""

    ok: bool
    size: int
    root: bytes
    covered: int
    uncovered: int
    problems: tuple[Problem, ...]


def verify_entries(
    entries: Iterable[bytes], *checkpoints: Checkpoint | None, first_seq: int = 0
) -> LedgerCheck:
    """Checks stored entries, in order, against checkpoints that were opened with `open_checkpoint`.

    `first_seq` is the seq of the first entry, used to name entries. Problem codes: ledger_truncated,
    ledger_root_differs, ledger_entry_unreadable, ledger_more_problems.
    """
    problems = _Problems()
    return _check(_hash_entries(entries, first_seq, problems), checkpoints, problems)


def verify_rows(
    rows: Iterable[tuple[int, bytes, bytes]], *checkpoints: Checkpoint | None, first_seq: int = 0
) -> LedgerCheck:
    """As `verify_entries`, for (seq, entry, stored leaf hash) in the order of seq, counted from `first_seq`.

    More problem codes: ledger_seq_gap, ledger_seq_order, ledger_leaf_hash_differs.
    """
    problems = _Problems()
    return _check(_hash_rows(rows, first_seq, problems), checkpoints, problems)


class _Problems:
    """Collects problems, and only counts them once there are too many to read."""

    def __init__(self) -> None:
        self.named: list[Problem] = []
        self.unnamed = 0

    def add(self, code: str, seq: int | None = None, **facts: Any) -> None:
        if len(self.named) < PROBLEMS_NAMED:
            self.named.append(Problem(code, seq, facts))
        else:
            self.unnamed += 1


def _check(
    hashes: Iterator[bytes], checkpoints: Sequence[Checkpoint | None], of_entries: _Problems
) -> LedgerCheck:
    held = sorted((each for each in checkpoints if each is not None), key=lambda each: each.size)
    of_checkpoints, frontier, covered = _Problems(), Frontier(), 0
    for checkpoint in held:
        frontier.extend(islice(hashes, checkpoint.size - frontier.size))
        if frontier.size < checkpoint.size:
            break
        if frontier.root() == checkpoint.root:
            covered = checkpoint.size
        else:
            of_checkpoints.add("ledger_root_differs", size=checkpoint.size, agreed=covered)
    frontier.extend(hashes)
    size = frontier.size
    if held and size < held[-1].size:
        of_checkpoints.add("ledger_truncated", size=size, expected=held[-1].size)
    problems = of_checkpoints.named + of_entries.named
    if unnamed := of_checkpoints.unnamed + of_entries.unnamed:
        problems.append(Problem("ledger_more_problems", None, {"count": unnamed}))
    return LedgerCheck(not problems, size, frontier.root(), covered, size - covered, tuple(problems))


def _hash_entries(entries: Iterable[bytes], first_seq: int, problems: _Problems) -> Iterator[bytes]:
    source, seq = iter(entries), first_seq
    while batch := list(islice(source, _BATCH)):
        yield from _hash_batch(batch, range(seq, seq + len(batch)), problems)
        seq += len(batch)


def _hash_rows(
    rows: Iterable[tuple[int, bytes, bytes]], first_seq: int, problems: _Problems
) -> Iterator[bytes]:
    source, expected = iter(rows), first_seq
    while batch := list(islice(source, _BATCH)):
        seqs, entries, stored = zip(*batch, strict=True)
        hashes = _hash_batch(entries, seqs, problems)
        if list(stored) != hashes:
            for seq, kept, computed in zip(seqs, stored, hashes, strict=True):
                if kept != computed:
                    problems.add("ledger_leaf_hash_differs", seq)
        expected = _follow_seqs(seqs, expected, problems)
        yield from hashes


def _hash_batch(entries: Sequence[bytes], seqs: Sequence[int], problems: _Problems) -> list[bytes]:
    try:
        return [sha256(b"\x00" + entry).digest() for entry in entries]
    except TypeError:  # SQLite lets whoever tampers store a text or a number where bytes belong
        return [_hash_any(entry, seq, problems) for entry, seq in zip(entries, seqs, strict=True)]


def _hash_any(entry: object, seq: int, problems: _Problems) -> bytes:
    if isinstance(entry, bytes):
        return leaf_hash(entry)
    problems.add("ledger_entry_unreadable", seq)
    return leaf_hash(b"")


def _follow_seqs(seqs: Sequence[int], expected: int, problems: _Problems) -> int:
    """Names what is missing or out of order; returns the seq that should come next."""
    if seqs == tuple(range(expected, expected + len(seqs))):
        return expected + len(seqs)
    for seq in seqs:
        if type(seq) is not int or seq < expected:
            problems.add("ledger_seq_order", seq, expected=expected)
            continue
        if seq > expected:
            problems.add("ledger_seq_gap", expected, missing=seq - expected)
        expected = seq + 1
    return expected
