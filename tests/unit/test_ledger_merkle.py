"""Merkle tree hashes and the frontier, against RFC 9162's definitions, published vectors and pymerkle."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from audit_portal.domain import errors
from audit_portal.domain.ledger import EMPTY_ROOT, Frontier, leaf_hash, node_hash, tree_root
from tests.unit import ledger_oracle as oracle

# The entries and roots of the reference tests of Certificate Transparency (RFC 6962, same tree).
KNOWN_ENTRIES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
COUNTS = st.integers(0, 700)


def grown(count: int) -> Frontier:
    frontier = Frontier()
    frontier.extend(oracle.leaves(count))
    return frontier


def test_leaf_and_node_hashes_are_separated_by_their_first_byte() -> None:
    assert leaf_hash(b"x") == sha256(b"\x00x").digest()
    assert node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert tree_root([]) == EMPTY_ROOT == sha256().digest()


@pytest.mark.parametrize("count", range(len(KNOWN_ROOTS)))
def test_roots_equal_the_published_ones(count: int) -> None:
    hashes = [leaf_hash(bytes.fromhex(entry)) for entry in KNOWN_ENTRIES[:count]]
    assert tree_root(hashes).hex() == KNOWN_ROOTS[count]


@pytest.mark.parametrize("count", oracle.SIZES)
def test_roots_equal_pymerkles_and_the_definition(count: int) -> None:
    root = tree_root(map(leaf_hash, oracle.entries(count)))
    assert root == oracle.mth(oracle.leaves(count))
    assert root == InmemoryTree.init_from_entries(oracle.entries(count)).get_root()


@given(st.lists(st.binary(max_size=40), max_size=300))
def test_roots_over_any_entries_equal_pymerkles(entries: list[bytes]) -> None:
    assert tree_root(map(leaf_hash, entries)) == InmemoryTree.init_from_entries(entries).get_root()


@given(st.lists(COUNTS, max_size=4))
def test_it_does_not_matter_in_which_portions_leaves_arrive(portions: list[int]) -> None:
    hashes = oracle.leaves(sum(portions))
    frontier, at = Frontier(), 0
    for portion in portions:
        frontier.extend(iter(hashes[at : at + portion]))
        at += portion
        assert frontier.size == at
    assert frontier.root() == oracle.mth(hashes)


def test_appending_one_by_one_gives_every_root_on_the_way() -> None:
    hashes, frontier = oracle.leaves(600), Frontier()
    for count, leaf in enumerate(hashes, start=1):
        frontier.append(leaf)
        assert (frontier.size, frontier.root()) == (count, oracle.mth(hashes[:count]))


@given(COUNTS, COUNTS)
def test_a_saved_frontier_goes_on_as_if_it_had_never_stopped(before: int, after: int) -> None:
    hashes = oracle.leaves(before + after)
    restored = Frontier.from_bytes(grown(before).to_bytes())
    assert (restored.size, restored.root()) == (before, oracle.mth(hashes[:before]))
    restored.extend(hashes[before:])
    assert restored.root() == oracle.mth(hashes)
    assert restored.to_bytes() == grown(before + after).to_bytes()


def test_a_frontier_of_131_071_leaves_holds_17_hashes() -> None:
    frontier = Frontier()
    frontier.extend(leaf_hash(b"") for _ in range(2**17 - 1))
    assert len(frontier.to_bytes()) == 8 + 17 * 32


def test_a_copy_grows_on_its_own() -> None:
    frontier = grown(5)
    twin = frontier.copy()
    twin.append(leaf_hash(b"more"))
    assert (frontier.size, twin.size) == (5, 6)
    assert frontier.root() == oracle.mth(oracle.leaves(5))


@given(st.binary(max_size=120))
def test_saved_bytes_are_either_a_frontier_or_refused(saved: bytes) -> None:
    try:
        frontier = Frontier.from_bytes(saved)
    except errors.Invalid as error:
        assert error.code == "ledger_frontier_malformed"
    else:
        assert frontier.to_bytes() == saved


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-1], lambda b: b + b"\0", lambda b: b[:7], lambda b: b"\xff" + b[1:]]
)
def test_a_damaged_frontier_is_refused(harm) -> None:
    with pytest.raises(errors.Invalid, match="ledger_frontier_malformed"):
        Frontier.from_bytes(harm(grown(5).to_bytes()))


def test_a_saved_size_that_no_database_could_hold_is_refused() -> None:
    with pytest.raises(errors.Invalid, match="ledger_frontier_malformed"):
        Frontier.from_bytes((2**63).to_bytes(8, "big") + bytes(32))


@pytest.mark.parametrize("leaf", [b"", b"x" * 31, b"x" * 33])
def test_a_leaf_hash_of_another_length_is_refused(leaf: bytes) -> None:
    frontier = grown(3)
    with pytest.raises(ValueError, match="32 bytes"):
        frontier.append(leaf)
    assert frontier.root() == oracle.mth(oracle.leaves(3))
