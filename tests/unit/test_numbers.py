"""Numbers that people say and type."""

from __future__ import annotations

import pytest

from audit_portal.domain.numbers import Numbered, format_number


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
