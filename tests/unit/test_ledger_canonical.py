"""Canonical bytes of entries (RFC 8785)."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import errors
from audit_portal.domain.ledger import canonical

SAFE = 2**53 - 1
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-SAFE, SAFE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
ENTRIES = st.dictionaries(TEXT, VALUES, max_size=6)


def parsed(data: bytes) -> Any:
    """JSON has one kind of number: whole ones beyond the safe range were floats."""
    return json.loads(
        data, parse_int=lambda digits: int(digits) if abs(int(digits)) <= SAFE else float(digits)
    )


def refused(entry: Any) -> bool:
    with pytest.raises(errors.Invalid) as caught:
        canonical(entry)
    return caught.value.code == "ledger_entry_not_canonical"


def test_keys_are_sorted_and_no_space_is_written() -> None:
    assert canonical({"b": [1, True, None], "a": {"z": 1.0, "é": "日本"}}) == (
        '{"a":{"z":1,"é":"日本"},"b":[1,true,null]}'.encode()
    )


@given(ENTRIES)
def test_the_quick_way_writes_the_bytes_of_the_standards_own_library(entry: dict[str, Any]) -> None:
    assert canonical(entry) == rfc8785.dumps(entry)


@pytest.mark.parametrize("text", ["\x00\x1f\x7f\x80", '"\\/', "\b\f\n\r\t\v", "\u2028\ufffe\U0010ffff"])
def test_signs_that_encoders_differ_on_are_written_as_the_standard_says(text: str) -> None:
    assert canonical({"a": text}) == rfc8785.dumps({"a": text})


def test_keys_are_sorted_by_utf_16_units_as_in_rfc_8785_section_3_2_3() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    names = list(json.loads(canonical(dict.fromkeys(keys, 0))))
    assert names == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.0, b"0"),
        (-0.0, b"0"),
        (1e21, b"1e+21"),
        (1e20, b"100000000000000000000"),
        (1e-7, b"1e-7"),
        (4.5, b"4.5"),
    ],
)
def test_numbers_are_written_as_ecmascript_does(number: float, written: bytes) -> None:
    assert canonical({"n": number}) == b'{"n":' + written + b"}"


@given(ENTRIES)
def test_an_entry_reads_back_equal_and_canonicalises_to_the_same_bytes(entry: dict[str, Any]) -> None:
    data = canonical(entry)
    assert parsed(data) == entry
    assert canonical(parsed(data)) == data


@given(ENTRIES)
def test_the_order_of_keys_does_not_matter(entry: dict[str, Any]) -> None:
    assert canonical(dict(reversed(entry.items()))) == canonical(entry)


def test_read_only_mappings_and_tuples_are_entries_too() -> None:
    assert canonical(MappingProxyType({"a": (MappingProxyType({"b": 1}),)})) == b'{"a":[{"b":1}]}'


def test_the_largest_safe_integers_pass() -> None:
    assert canonical({"n": [SAFE, -SAFE]}) == b'{"n":[9007199254740991,-9007199254740991]}'


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        float("-inf"),
        SAFE + 1,
        -SAFE - 1,
        b"bytes",
        {1, 2},
        object(),
        "\ud800",
        {1: 2},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    assert refused({"v": value})
    assert refused({"deep": [{"v": value}]})


def test_a_surrogate_in_a_key_is_refused() -> None:
    assert refused({"\ud800": 1})


def test_an_entry_that_contains_itself_is_refused() -> None:
    entry: dict[str, Any] = {}
    entry["self"] = entry
    assert refused(entry)
