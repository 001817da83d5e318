"""E-mail addresses: the quick way says what the library says."""

from __future__ import annotations

import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.services.accounts.addresses import normal_email

PARTS = st.text(st.sampled_from("aZ09.-_+@ xn"), max_size=12)
ENDS = st.sampled_from(["jp", "example", "test", "local", "co.jp", "a.invalid", "arpa", "x1", "c", ""])


def by_the_library(raw: str) -> str | None:
    try:
        found = validate_email(unicodedata.normalize("NFKC", raw).strip(), check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized.lower() if len(found.normalized) <= limits.EMAIL else None


@settings(deadline=None, max_examples=500)
@given(st.builds("{}@{}.{}".format, PARTS, PARTS, ENDS) | st.text(max_size=20))
def test_an_address_is_taken_and_spelt_as_the_library_does(raw: str) -> None:
    try:
        found: str | None = normal_email(raw)
    except Invalid:
        found = None
    assert found == by_the_library(raw)


@pytest.mark.parametrize(
    ("raw", "known"),
    [("Ａ.Ｂ＠例え.jp", "a.b@例え.jp"), (" Taro@Example.JP ", "taro@example.jp"), ("x" * 65 + "@a.jp", "x" * 65 + "@a.jp"),
     ("a@b.test", None), ("a..b@c.jp", None), (f"a@{'b' * 64}.jp", None)],
)  # fmt: skip
def test_some_addresses(raw: str, known: str | None) -> None:
    assert by_the_library(raw) == known
    if known is None:
        with pytest.raises(Invalid):
            normal_email(raw)
    else:
        assert normal_email(raw) == known
