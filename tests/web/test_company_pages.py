"""The page on which the company says what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audit_portal.services.house import House
from tests.services.steps import ON_SQLITE
from tests.web.client import errors, text
from tests.web.floor import Floor, make_floor

pytestmark = ON_SQLITE


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def version(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


def test_an_officer_sets_it_and_an_administrator_sees_it(floor: Floor) -> None:
    officer, admin = floor.browser(floor.everyone.officer), floor.browser(floor.everyone.admin)
    assert 'href="/company"' in text(officer.get("/"))
    first = version(text(officer.get("/company")))
    saved = officer.post("/company", {"version": first, "fiscal_month": "4", "p_mark": "y"})
    assert saved.status_code == 303 and "保存しました" in text(officer.follow(saved))
    seen = re.sub(r"\s+", " ", text(admin.get("/company")))
    assert re.search(r'name="p_mark"[^>]*checked|checked[^>]*name="p_mark"', seen)
    assert not re.search(r'name="public_sector"[^>]*checked|checked[^>]*name="public_sector"', seen)
    assert "まだ反映していない委託業務が1件" in seen


def test_an_old_screen_is_refused_and_keeps_what_was_chosen(floor: Floor) -> None:
    officer = floor.browser(floor.everyone.officer)
    first = version(text(officer.get("/company")))
    officer.post("/company", {"version": first, "fiscal_month": "4", "p_mark": "y"})
    late = officer.post("/company", {"version": first, "fiscal_month": "4", "public_sector": "y"})
    assert late.status_code == 409 and errors(late)
    assert re.search(r'name="public_sector"[^>]*checked|checked[^>]*name="public_sector"', text(late))
    again = officer.post(
        "/company", {"version": version(text(late)), "fiscal_month": "4", "public_sector": "y"}
    )
    assert again.status_code == 303
