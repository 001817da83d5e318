"""An answer longer than a field takes is refused with the limit named, and stays on the page to be shortened."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from audit_portal.domain import limits
from audit_portal.services.house import House
from tests.services.steps import ON_SQLITE
from tests.web.client import errors
from tests.web.floor import make_floor
from tests.web.test_assessment_pages import give_answer, page, stored

pytestmark = ON_SQLITE


@pytest.mark.parametrize("field", ["comment", "action"])
@pytest.mark.parametrize("letter", ["漢", "𠮷", "<"])
def test_an_answer_of_100_000_characters_is_refused_and_kept_on_the_page(
    house: House, tmp_path: Path, field: str, letter: str
) -> None:
    floor = make_floor(house, tmp_path)
    lead, url, before = floor.browser(), page(floor, floor.vendor_item), stored(floor)
    typed = letter * 100_000
    refused = give_answer(lead, url, before.version, **{field: typed})
    assert refused.status_code == 422
    (said,) = errors(refused)
    assert str(limits.TEXT) in said.replace(",", ""), said
    shown = refused.get_data(as_text=True)
    assert f'id="{field}-error"' in shown
    assert typed in html.unescape(shown)
    assert stored(floor).version == before.version
    short = give_answer(lead, url, before.version, **{field: letter * limits.TEXT, "comment": "説明"})
    assert short.status_code == 303
