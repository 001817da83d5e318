"""A database without room: said in words, with a way to send the same once more; nothing typed is lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from audit_portal.domain.errors import Unavailable
from audit_portal.services.accounts import accounts
from audit_portal.services.house import House
from tests.factories.house import People
from tests.services.steps import ON_SQLITE
from tests.web.client import Browser

pytestmark = ON_SQLITE  # how PostgreSQL says it, no test can bring about


def _room(house: House, pages: int) -> None:
    with house.db.engine.connect() as connection:
        used = connection.execute(sa.text("PRAGMA page_count")).scalar_one()
        connection.execute(sa.text(f"PRAGMA max_page_count = {used + pages}"))


def test_what_was_typed_is_held_when_the_disk_is_full(
    house: House, browser: Browser, everyone: People
) -> None:
    officer = browser.sign_in(everyone.officer)
    _room(house, 0)
    try:
        for number in range(50):  # the pages there are have some room left
            typed = {"name": f"置き場所のない会社{number}株式会社", "kana": "オキバショ", "country": "JP"}
            response = officer.post("/vendors/new", typed)
            if response.status_code != 303:
                break
    finally:
        _room(house, 1_000_000)
    said = response.get_data(as_text=True)
    assert response.status_code == 422 and "保存場所が足りない" in said and typed["name"] in said
    assert officer.post("/vendors/new", typed).status_code == 303


def test_a_form_that_cannot_be_taken_now_is_held_and_can_be_sent_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_house: House, _email: str) -> None:
        raise Unavailable("database_full")

    monkeypatch.setattr(accounts, "request_reset", full)
    here = {"Sec-Fetch-Site": "same-origin"}
    response = browser.post("/forgotten", {"email": "someone@vendor.example"}, headers=here)
    said = response.get_data(as_text=True)
    assert response.status_code == 503 and "保存場所が足りない" in said
    assert 'name="email" value="someone@vendor.example"' in said and 'action="/forgotten"' in said
    monkeypatch.undo()
    again = browser.post("/forgotten", {"email": "someone@vendor.example"})
    assert again.status_code in (200, 303)
