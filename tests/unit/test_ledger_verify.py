"""A whole ledger against held checkpoints: every kind of attack is caught, and the open window is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from audit_portal.domain import errors
from audit_portal.domain.ledger import (
    EMPTY_ROOT,
    Checkpoint,
    LedgerCheck,
    Problem,
    leaf_hash,
    open_checkpoint,
    sign_checkpoint,
    tree_root,
    verifier_key,
    verify_entries,
    verify_rows,
)
from audit_portal.domain.ledger.verify import PROBLEMS_NAMED
from tests.unit import ledger_oracle as oracle

ORIGIN = "portal.example/ledger"
Row = tuple[int, bytes, bytes]


def checkpoint_of(entries: list[bytes]) -> Checkpoint:
    return Checkpoint(ORIGIN, len(entries), oracle.mth([leaf_hash(entry) for entry in entries]))


def rows_of(entries: list[bytes], first_seq: int = 0) -> list[Row]:
    return [(seq, entry, leaf_hash(entry)) for seq, entry in enumerate(entries, first_seq)]


def codes(check: LedgerCheck) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.seq) for problem in check.problems]


HISTORY = oracle.entries(300)
HELD = checkpoint_of(HISTORY[:280])
BELOW = st.integers(0, HELD.size - 2)  # a copy of the last covered entry would stand above the checkpoint


def edited(entries: list[bytes], at: int) -> list[bytes]:
    return [*entries[:at], entries[at] + b"!", *entries[at + 1 :]]


def inserted(entries: list[bytes], at: int) -> list[bytes]:
    return [*entries[:at], b"never happened", *entries[at:]]


def deleted(entries: list[bytes], at: int) -> list[bytes]:
    return [*entries[:at], *entries[at + 1 :]]


def doubled(entries: list[bytes], at: int) -> list[bytes]:
    return [*entries[: at + 1], *entries[at:]]


def swapped(entries: list[bytes], at: int) -> list[bytes]:
    other = (at + 7) % HELD.size
    swap = {at: other, other: at}
    return [entries[swap.get(number, number)] for number in range(len(entries))]


def truncated(entries: list[bytes], at: int) -> list[bytes]:
    return entries[:at]


def rolled_back_and_gone_on(entries: list[bytes], at: int) -> list[bytes]:
    return entries[:at] + [b"another history %d" % number for number in range(len(entries) - at)]


def split_elsewhere(entries: list[bytes], at: int) -> list[bytes]:
    """The same bytes in a row, but the border between two entries moved."""
    following = (at + 1) % HELD.size
    at, following = min(at, following), max(at, following)
    moved = list(entries)
    moved[at], moved[following] = moved[at] + moved[following][:1], moved[following][1:]
    return moved


Attack = Callable[[list[bytes], int], list[bytes]]
ATTACKS: list[Attack] = [
    edited,
    inserted,
    deleted,
    doubled,
    swapped,
    truncated,
    rolled_back_and_gone_on,
    split_elsewhere,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@given(at=BELOW)
def test_an_attack_anywhere_below_a_held_checkpoint_is_caught(attack: Attack, at: int) -> None:
    harmed = attack(HISTORY, at)
    check = verify_entries(harmed, HELD)
    assert not check.ok
    assert (check.size, check.covered, check.uncovered) == (len(harmed), 0, len(harmed))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@given(at=BELOW)
def test_who_computes_every_stored_hash_and_seq_anew_is_caught_too(attack: Attack, at: int) -> None:
    rechained = rows_of(attack(HISTORY, at))
    assert verify_rows(rechained).ok, "without a held checkpoint a whole re-chaining can't be seen"
    assert not verify_rows(rechained, HELD).ok


@given(st.integers(0, 300), st.integers(0, 300))
def test_an_honest_ledger_agrees_with_every_checkpoint_ever_taken(now: int, then: int) -> None:
    assume(then <= now)
    check = verify_entries(HISTORY[:now], checkpoint_of(HISTORY[:then]))
    root = oracle.mth(oracle.leaves(now))
    assert check == LedgerCheck(True, now, root, then, now - then, ())


def test_truncation_says_how_many_entries_there_are_and_should_be() -> None:
    check = verify_entries(HISTORY[:200], HELD)
    assert check.problems == (Problem("ledger_truncated", None, {"size": 200, "expected": 280}),)


def test_roll_back_with_a_fresh_signed_checkpoint_is_caught_by_the_older_longer_one() -> None:
    shorter = checkpoint_of(HISTORY[:100])
    assert verify_entries(HISTORY[:100], shorter).ok
    check = verify_entries(HISTORY[:100], shorter, HELD)
    assert (check.ok, check.covered) == (False, 100)
    assert codes(check) == [("ledger_truncated", None)]


def test_a_rewritten_ledger_with_a_checkpoint_signed_by_another_key_does_not_pass() -> None:
    forged = sign_checkpoint(checkpoint_of(edited(HISTORY, 5)), Ed25519PrivateKey.generate())
    known = verifier_key(ORIGIN, Ed25519PrivateKey.generate().public_key())
    with pytest.raises(errors.Invalid, match="note_key_unknown"):
        open_checkpoint(forged, [known], ORIGIN)


def test_several_checkpoints_narrow_down_where_the_change_is() -> None:
    taken = [checkpoint_of(HISTORY[:size]) for size in (250, 50, 150, 100)]
    check = verify_entries(edited(HISTORY, 120), *taken)
    assert check.covered == 100
    assert check.problems == (
        Problem("ledger_root_differs", None, {"size": 150, "agreed": 100}),
        Problem("ledger_root_differs", None, {"size": 250, "agreed": 100}),
    )


def test_two_checkpoints_of_one_size_that_disagree_cannot_both_hold() -> None:
    other = checkpoint_of(edited(HISTORY[:280], 3))
    assert codes(verify_entries(HISTORY, HELD, other)) == [("ledger_root_differs", None)]


def test_the_last_covered_entry_is_protected_and_the_next_is_not() -> None:
    assert not verify_entries(edited(HISTORY, HELD.size - 1), HELD).ok
    assert verify_entries(edited(HISTORY, HELD.size), HELD).ok


def test_a_change_above_the_newest_checkpoint_is_not_seen_and_the_window_is_told() -> None:
    check = verify_entries(edited(HISTORY, 290), HELD)
    assert (check.ok, check.covered, check.uncovered) == (True, 280, 20)


def test_without_a_checkpoint_nothing_is_covered() -> None:
    check = verify_entries(HISTORY, None)
    assert (check.ok, check.covered, check.uncovered) == (True, 0, 300)
    assert check.root == tree_root(oracle.leaves(300))


def test_an_empty_ledger_agrees_with_the_empty_checkpoint_only() -> None:
    assert verify_entries([], None) == LedgerCheck(True, 0, EMPTY_ROOT, 0, 0, ())
    assert verify_entries([], Checkpoint(ORIGIN, 0, EMPTY_ROOT)).ok
    assert not verify_entries([], Checkpoint(ORIGIN, 0, leaf_hash(b""))).ok
    assert codes(verify_entries([], HELD)) == [("ledger_truncated", None)]


@pytest.mark.parametrize("first_seq", [0, 1, 5000])
def test_honest_rows_pass_wherever_counting_starts(first_seq: int) -> None:
    entries = oracle.entries(3000)
    held = Checkpoint(ORIGIN, 2500, tree_root(oracle.leaves(2500)))
    check = verify_rows(iter(rows_of(entries, first_seq)), held, first_seq=first_seq)
    assert (check.ok, check.size, check.covered) == (True, 3000, 2500)
    assert check.root == tree_root(oracle.leaves(3000))


@pytest.mark.parametrize("at", [0, 1, 1023, 1024, 2999])
def test_an_entry_that_no_longer_fits_its_stored_hash_is_named(at: int) -> None:
    rows = rows_of(oracle.entries(3000))
    rows[at] = (at, b"changed", rows[at][2])
    assert codes(verify_rows(rows)) == [("ledger_leaf_hash_differs", at)]


def test_a_changed_stored_hash_is_named_and_the_entries_still_agree_with_the_checkpoint() -> None:
    rows = rows_of(HISTORY)
    rows[7] = (7, HISTORY[7], bytes(32))
    check = verify_rows(rows, HELD)
    assert (codes(check), check.covered) == ([("ledger_leaf_hash_differs", 7)], 280)


@pytest.mark.parametrize("at", [0, 500, 1023, 1024])
def test_a_gap_is_named_by_the_first_missing_seq(at: int) -> None:
    rows = rows_of(oracle.entries(3000))
    del rows[at : at + 3]
    assert verify_rows(rows).problems == (Problem("ledger_seq_gap", at, {"missing": 3}),)


def test_a_repeated_seq_is_named() -> None:
    rows = rows_of(HISTORY)
    rows.insert(11, rows[10])
    assert codes(verify_rows(rows)) == [("ledger_seq_order", 10)]


def test_a_seq_that_is_no_number_is_named() -> None:
    rows: list = rows_of(HISTORY)
    rows[10] = ("ten", *rows[10][1:])
    assert codes(verify_rows(rows)) == [("ledger_seq_order", "ten"), ("ledger_seq_gap", 10)]


@pytest.mark.parametrize("entry", ["text", None, 7])
def test_what_is_not_bytes_is_named_instead_of_ending_the_check(entry: object) -> None:
    entries: list = list(HISTORY)
    entries[42] = entry
    assert ("ledger_entry_unreadable", 52) in codes(verify_entries(entries, HELD, first_seq=10))
    rows: list = rows_of(HISTORY)
    rows[42] = (42, entry, rows[42][2])
    assert ("ledger_entry_unreadable", 42) in codes(verify_rows(rows, HELD))


def test_thousands_of_problems_are_counted_and_the_checkpoints_verdict_comes_first() -> None:
    rows = [(seq, entry, bytes(32)) for seq, entry, _ in rows_of(edited(HISTORY, 0))]
    check = verify_rows(rows, HELD)
    assert len(check.problems) == 1 + PROBLEMS_NAMED + 1
    assert check.problems[0].code == "ledger_root_differs"
    assert check.problems[-1] == Problem("ledger_more_problems", None, {"count": 300 - PROBLEMS_NAMED})


def test_entries_are_read_once_and_never_held_all_together() -> None:
    alive = high = 0

    class Counted(bytes):
        def __new__(cls, data: bytes) -> Counted:
            nonlocal alive, high
            alive += 1
            high = max(high, alive)
            return super().__new__(cls, data)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def stream() -> Iterator[bytes]:
        for number in range(20_000):
            yield Counted(b"%d" % number)

    assert verify_entries(stream()).size == 20_000
    assert high < 5_000
