"""Inclusion and consistency proofs, against RFC 9162's definitions and pymerkle, and under attack."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pymerkle import InmemoryTree
from pymerkle import verify_consistency as pymerkle_verifies_growth
from pymerkle import verify_inclusion as pymerkle_verifies

from audit_portal.domain import errors
from audit_portal.domain.ledger import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from tests.unit import ledger_oracle as oracle

LEAVES = oracle.leaves(1000)
TREE = InmemoryTree.init_from_entries(oracle.entries(1000))
READER = oracle.reader(LEAVES)
ROOTS = {size: tree_root(LEAVES[:size]) for size in range(1001)}
SMALL = 20


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, 1000))
    return draw(st.integers(0, size - 1)), size


@st.composite
def growths(draw: st.DrawFn) -> tuple[int, int]:
    new = draw(st.integers(1, 1000))
    return draw(st.integers(1, new)), new


def harmed(proof: tuple[bytes, ...], at: int, bit: int) -> tuple[bytes, ...]:
    each = bytearray(proof[at])
    each[bit // 8] ^= 1 << bit % 8
    return (*proof[:at], bytes(each), *proof[at + 1 :])


def test_every_inclusion_proof_of_small_trees_is_the_defined_one_and_verifies() -> None:
    for size in range(1, SMALL):
        for index in range(size):
            proof = inclusion_proof(READER, index, size)
            assert list(proof) == oracle.path(index, LEAVES[:size])
            assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize("size", [size for size in oracle.SIZES if size])
def test_inclusion_proofs_at_both_edges_equal_pymerkles(size: int) -> None:
    for index in {0, size // 2, size - 1}:
        proof = inclusion_proof(READER, index, size)
        assert list(proof) == TREE.prove_inclusion(index + 1, size).path[1:]
        assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@given(places())
def test_any_inclusion_proof_equals_pymerkles_and_both_verify_it(place: tuple[int, int]) -> None:
    index, size = place
    theirs = TREE.prove_inclusion(index + 1, size)
    proof = inclusion_proof(READER, index, size)
    assert list(proof) == theirs.path[1:] == oracle.path(index, LEAVES[:size])
    assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
    theirs.path = [LEAVES[index], *proof]
    pymerkle_verifies(LEAVES[index], ROOTS[size], theirs, index=index + 1, size=size)


@given(places(), places())
def test_an_inclusion_proof_holds_for_its_own_leaf_place_and_tree_only(
    place: tuple[int, int], other: tuple[int, int]
) -> None:
    (index, size), (other_index, other_size) = place, other
    assume(index != other_index and size != other_size)
    proof = inclusion_proof(READER, index, size)
    assert not verify_inclusion(LEAVES[other_index], index, size, proof, ROOTS[size])
    assert not verify_inclusion(LEAVES[index], other_index, size, proof, ROOTS[size])
    assert not verify_inclusion(LEAVES[index], index, size, proof, ROOTS[other_size])


@given(places(), st.data())
def test_a_harmed_inclusion_proof_is_refused(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    proof = inclusion_proof(READER, index, size)
    assert not verify_inclusion(LEAVES[index], index, size, (*proof, LEAVES[0]), ROOTS[size])
    assume(proof)
    wrong = harmed(proof, data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255)))
    assert not verify_inclusion(LEAVES[index], index, size, wrong, ROOTS[size])
    assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], ROOTS[size])
    assert not verify_inclusion(LEAVES[index], index, size, proof[1:], ROOTS[size])


def test_an_inner_node_cannot_pass_for_a_leaf() -> None:
    inner = READER(1, 0)
    proof = inclusion_proof(READER, 0, 4)
    assert not verify_inclusion(inner, 0, 4, proof[1:], ROOTS[4])
    assert verify_inclusion(inner, 0, 2, proof[1:], ROOTS[4]), "which is why the size must be a trusted one"


def test_every_consistency_proof_of_small_trees_is_the_defined_one_and_verifies() -> None:
    for new in range(1, SMALL):
        for old in range(1, new + 1):
            proof = consistency_proof(READER, old, new)
            assert list(proof) == oracle.proof(old, LEAVES[:new])
            assert verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


@given(growths())
def test_any_consistency_proof_equals_the_definition_and_pymerkle_agrees_with_its_roots(
    growth: tuple[int, int],
) -> None:
    old, new = growth
    proof = consistency_proof(READER, old, new)
    assert list(proof) == oracle.proof(old, LEAVES[:new])
    assert verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)
    theirs = TREE.prove_consistency(old, new)  # laid out in another way than the RFC's
    pymerkle_verifies_growth(ROOTS[old], ROOTS[new], theirs, prior_size=old, later_size=new)


@given(growths(), growths())
def test_a_consistency_proof_holds_for_its_own_two_trees_only(
    growth: tuple[int, int], other: tuple[int, int]
) -> None:
    (old, new), (other_old, other_new) = growth, other
    assume(old != other_old and new != other_new)
    proof = consistency_proof(READER, old, new)
    assert not verify_consistency(old, ROOTS[other_old], new, ROOTS[new], proof)
    assert not verify_consistency(old, ROOTS[old], new, ROOTS[other_new], proof)
    assert not verify_consistency(new + 1, ROOTS[new], new, ROOTS[new], proof)
    assert not verify_consistency(old, ROOTS[old], new, ROOTS[new], (*proof, LEAVES[0]))


@given(growths(), st.data())
def test_a_harmed_consistency_proof_is_refused(growth: tuple[int, int], data: st.DataObject) -> None:
    old, new = growth
    proof = consistency_proof(READER, old, new)
    assume(proof)
    wrong = harmed(proof, data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255)))
    assert not verify_consistency(old, ROOTS[old], new, ROOTS[new], wrong)
    assert not verify_consistency(old, ROOTS[old], new, ROOTS[new], proof[:-1])
    assert not verify_consistency(old, ROOTS[old], new, ROOTS[new], proof[1:])


@given(growths(), st.data())
def test_a_rewritten_history_has_no_consistency_proof(growth: tuple[int, int], data: st.DataObject) -> None:
    old, new = growth
    rewritten = LEAVES[:new]
    rewritten[data.draw(st.integers(0, old - 1))] = oracle.leaves(1001)[1000]
    proof = consistency_proof(oracle.reader(rewritten), old, new)
    assert not verify_consistency(old, ROOTS[old], new, tree_root(rewritten), proof)


@given(growths(), st.integers(1, 2**63 - 1))
def test_a_consistency_proof_does_not_hold_for_another_later_size(
    growth: tuple[int, int], claimed: int
) -> None:
    old, new = growth
    assume(old < new and (claimed - 1).bit_length() != (new - 1).bit_length())  # the height it proves
    proof = consistency_proof(READER, old, new)
    assert not verify_consistency(old, ROOTS[old], claimed, ROOTS[new], proof)


@given(growths())
def test_no_growth_is_proved_by_nothing(growth: tuple[int, int]) -> None:
    old, new = growth
    assume(old < new)
    assert not verify_consistency(old, ROOTS[old], new, ROOTS[new], ())
    assert not verify_consistency(old, ROOTS[old], new, ROOTS[old], ())


def test_true_and_false_are_no_sizes() -> None:
    assert verify_inclusion(LEAVES[0], 0, 1, (), LEAVES[0])
    assert not verify_inclusion(LEAVES[0], False, True, (), LEAVES[0])
    assert not verify_consistency(True, LEAVES[0], True, LEAVES[0], ())


def test_everything_grows_from_the_empty_tree_and_nothing_shrinks_to_it() -> None:
    assert consistency_proof(READER, 0, 9) == consistency_proof(READER, 0, 0) == ()
    assert verify_consistency(0, EMPTY_ROOT, 9, ROOTS[9], ())
    assert verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, ())
    assert not verify_consistency(0, ROOTS[1], 9, ROOTS[9], ())
    assert not verify_consistency(0, EMPTY_ROOT, 0, ROOTS[1], ())
    assert not verify_consistency(0, EMPTY_ROOT, 9, ROOTS[9], (LEAVES[0],))
    assert not verify_consistency(9, ROOTS[9], 0, EMPTY_ROOT, ())


def test_two_trees_of_one_size_are_consistent_only_if_equal() -> None:
    assert verify_consistency(9, ROOTS[9], 9, ROOTS[9], ())
    assert not verify_consistency(9, ROOTS[9], 9, ROOTS[8], ())


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (0, 2**63)])
def test_an_inclusion_proof_outside_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(errors.Invalid, match="ledger_proof_out_of_range"):
        inclusion_proof(READER, index, size)
    assert not verify_inclusion(LEAVES[0], index, size, (), LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5), (1, 2**63)])
def test_a_consistency_proof_between_impossible_sizes_is_refused(old: int, new: int) -> None:
    with pytest.raises(errors.Invalid, match="ledger_proof_out_of_range"):
        consistency_proof(READER, old, new)
    assert not verify_consistency(old, ROOTS[5], new, ROOTS[5], ())


ANYTHING = st.none() | st.integers() | st.binary(max_size=40) | st.text(max_size=3) | st.booleans()
HASHES = st.binary(min_size=32, max_size=32)
NUMBERS = ANYTHING | st.integers(0, 2**64)


@given(HASHES | ANYTHING, NUMBERS, NUMBERS, st.lists(HASHES | ANYTHING, max_size=70), HASHES | ANYTHING)
def test_verifiers_say_no_to_nonsense_and_never_raise(leaf, index, size, proof, root) -> None:
    assume(leaf != root)  # a tree of one leaf is its leaf
    assert verify_inclusion(leaf, index, size, proof, root) is False
    assume(not (index == 0 and leaf == EMPTY_ROOT))
    assert verify_consistency(index, leaf, size, root, proof) is False
