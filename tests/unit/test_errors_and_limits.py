"""Refusals carry a code and facts; limits fit each other; page keys can't be made up."""

from __future__ import annotations

import inspect
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import errors, limits
from audit_portal.domain.errors import Invalid, PortalError
from audit_portal.storage.page import Page, beyond, page

KINDS = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, PortalError) and cls is not PortalError
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_has_a_code_and_facts(kind: type[PortalError]) -> None:
    error = kind("some_code", number="E-2026-0001")
    assert (error.code, dict(error.facts)) == ("some_code", {"number": "E-2026-0001"})
    assert "some_code" in str(error)
    assert kind.__doc__


def test_what_is_missing_and_what_is_hidden_look_alike() -> None:
    assert errors.NotFound().code == "not_found"
    assert str(errors.NotFound()) == "not_found"


def test_limits_fit_each_other() -> None:
    assert limits.TEXT * 4 + limits.LINE * 4 < limits.FORM_BYTES, (
        "a full text of four-byte letters fits a form"
    )
    assert limits.SESSION_IDLE < limits.SESSION_MAX
    assert limits.PASSWORD_MIN < limits.PASSWORD_MAX
    assert limits.READ_ENTRY_WINDOW == 15 * 60
    assert limits.EVIDENCE_BYTES <= 5 * 1024**3


WORD, ID = sa.column("word", sa.String), sa.column("id", sa.Uuid)


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_characters="\0")), st.uuids()), max_size=30),
    st.integers(1, 7),
)
def test_following_the_keys_shows_every_row_once(rows: list[tuple[str, UUID]], limit: int) -> None:
    ordered = sorted(rows)
    shown: list[tuple[str, UUID]] = []
    rest = ordered
    while True:
        found = page(rest[: limit + 1], limit, lambda row: row)
        shown += found.items
        if not found.has_more:
            break
        raw_id, _, word = str(found.next_key).partition(".")
        assert beyond(found.next_key, WORD, ID) is not None
        assert (word, UUID(hex=raw_id)) == shown[-1]
        rest = rest[limit:]
    assert shown == ordered


def test_a_page_can_be_shown_as_something_else() -> None:
    assert Page((1, 2), "k").map(str) == Page(("1", "2"), "k")


@pytest.mark.parametrize(
    "key", ["x", ".", "12.x", f"{UUID(int=7).hex}", f"{UUID(int=7).hex}.a\0b", "\0", "𠮷.𠮷"]
)
def test_a_made_up_page_key_is_refused(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        beyond(key, WORD, ID)
    assert refused.value.code == "page_key_wrong"


def test_no_key_is_the_first_page() -> None:
    assert beyond(None, WORD, ID) is None
    assert beyond("", WORD, ID) is None
