"""The risk tier the portal proposes, and people's numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.checklist import Tier
from audit_portal.domain.numbers import Numbered, format_number
from audit_portal.domain.risk import MANY, REPORTABLE, proposed_tier

LOW, MEDIUM, HIGH = Tier.LOW, Tier.MEDIUM, Tier.HIGH


@pytest.mark.parametrize(
    ("persons", "special_care", "my_number", "abroad", "expected"),
    [
        (0, False, False, False, LOW),
        (REPORTABLE, False, False, False, LOW),
        (REPORTABLE + 1, False, False, False, MEDIUM),
        (MANY, False, False, False, MEDIUM),
        (MANY + 1, False, False, False, HIGH),
        (1, True, False, False, HIGH),
        (1, False, True, False, MEDIUM),
        (REPORTABLE, False, True, False, MEDIUM),
        (REPORTABLE + 1, False, True, False, HIGH),
        (1, False, False, True, MEDIUM),
        (MANY, False, False, True, MEDIUM),
    ],
)
def test_the_tier_at_its_borders(
    persons: int, special_care: bool, my_number: bool, abroad: bool, expected: Tier
) -> None:
    assert proposed_tier(persons, special_care, my_number, abroad) is expected


@given(
    st.integers(0, 200_000),
    st.integers(0, 200_000),
    st.tuples(*[st.booleans()] * 3),
    st.tuples(*[st.booleans()] * 3),
)
def test_more_risk_never_lowers_the_tier(
    persons: int, more: int, one: tuple[bool, bool, bool], other: tuple[bool, bool, bool]
) -> None:
    worse = tuple(a or b for a, b in zip(one, other, strict=True))
    assert proposed_tier(persons + more, *worse).at_least(proposed_tier(persons, *one))


@pytest.mark.parametrize(
    ("kind", "count", "expected"),
    [
        (Numbered.ENGAGEMENT, 42, "E-2026-0042"),
        (Numbered.PARTY, 9_999, "P-2026-9999"),
        (Numbered.ASSESSMENT, 10_000, "A-2026-10000"),
    ],
)
def test_a_number_has_four_digits_or_as_many_as_it_needs(kind: Numbered, count: int, expected: str) -> None:
    assert format_number(kind, 2026, count) == expected


def test_every_kind_of_number_has_its_own_letter() -> None:
    assert len({kind.value for kind in Numbered}) == len(Numbered)
    assert all(len(kind.value) == 1 for kind in Numbered)
