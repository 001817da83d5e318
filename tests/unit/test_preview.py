"""Text as it is read beside a form: portions of a text file, and nothing that can't be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import limits
from audit_portal.domain.preview import PageText, Unshown, plain_page, tidy


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_text_file_is_read_in_the_encodings_that_come_in(encoding: str) -> None:
    content = "第1条（目的）\r\n髙﨑株式会社".encode(encoding)
    assert plain_page(content, 1) == PageText(1, 1, "第1条（目的）\n髙﨑株式会社", False)


def test_what_is_no_text_is_unreadable() -> None:
    assert plain_page(b"\xff\xfe\x00\x81", 1) is Unshown.UNREADABLE


def test_a_long_file_is_cut_at_line_ends_and_loses_nothing() -> None:
    line = "第1条　甲は乙に委託する。"
    content = "\n".join([line] * 5_000).encode()
    first = plain_page(content, 1)
    assert isinstance(first, PageText) and first.pages > 1
    portions = [plain_page(content, page) for page in range(1, first.pages + 1)]
    texts = [each.text for each in portions if isinstance(each, PageText)]
    assert all(len(each) <= limits.PREVIEW_TEXT and each.endswith("。") for each in texts)
    assert "\n".join(texts).encode() == content
    assert plain_page(content, 10_000) == portions[-1]
    assert plain_page(content, -3) == portions[0]


@given(st.text())
def test_tidied_text_has_no_controls_and_turns_nothing_around(text: str) -> None:
    found = tidy(text + "\u202e\x00\ud800")
    assert not set(found) & {"\x00", "\r", "\u202e", "\u2066", "\ud800"}
    assert "\n\n\n" not in found
    assert tidy(found) == found
