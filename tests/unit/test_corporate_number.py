"""The corporate number and its check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.corporate_number import check_digit, corporate_number
from audit_portal.domain.errors import Invalid

# The worked example of the number's publisher: base 700110005901 has check digit 8.
GOOD = "8700110005901"


@pytest.mark.parametrize(
    "typed",
    [
        GOOD,
        "８７００１１０００５９０１",
        "8-7001-1000-5901",
        "8 7001 1000 5901",
        "８　７００１１０００５９０１",
    ],
)
def test_a_number_is_taken_however_it_is_typed(typed: str) -> None:
    assert corporate_number(typed) == GOOD


@pytest.mark.parametrize("typed", ["", " ", "　", "-"])
def test_nothing_typed_is_no_number(typed: str) -> None:
    assert corporate_number(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["9700110005901", GOOD[:-1], GOOD + "0", "870011000590a", "٨700110005901", "８７００１１０００５９０𝟐"],
)
def test_what_is_not_one_is_refused_with_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        corporate_number(typed)
    assert (refused.value.code, refused.value.field) == ("corporate_number_wrong", "corporate_number")


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_unless_it_differs_by_nine(base: str, at: int, more: int) -> None:
    number = check_digit(base) + base
    assert corporate_number(number) == number
    wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    if abs(int(wrong[at]) - int(number[at])) == 9:  # the rule works modulo nine: 0 and 9 look alike
        return
    with pytest.raises(Invalid):
        corporate_number(wrong)


@given(st.text(max_size=20))
def test_any_text_is_a_number_nothing_or_refused(typed: str) -> None:
    try:
        found = corporate_number(typed)
    except Invalid:
        return
    assert found is None or (len(found) == 13 and found.isascii() and found.isdecimal())
