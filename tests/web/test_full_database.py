"""A database without room: said in words, with a way to send the same once more; nothing typed is lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from audit_portal.domain.errors import Unavailable
from audit_portal.services.accounts import sessions
from audit_portal.services.house import Context, House
from tests.factories.house import People
from tests.services.steps import ON_SQLITE, execute
from tests.web.client import Browser


def _room(house: House, pages: int) -> None:
    with house.db.engine.connect() as connection:
        used = connection.execute(sa.text("PRAGMA page_count")).scalar_one()
        connection.execute(sa.text(f"PRAGMA max_page_count = {used + pages}"))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_full_disk_of_a_database_server_is_known_by_its_code(
    house: House, browser: Browser, everyone: People
) -> None:
    """SQLSTATE 53100 (disk_full), raised by the server where a row would be written."""
    officer = browser.sign_in(everyone.officer)
    execute(house, _NO_ROOM)
    execute(house, "CREATE TRIGGER no_room BEFORE INSERT ON party EXECUTE FUNCTION no_room()")
    typed = {"name": "置き場所のない会社株式会社", "kana": "オキバショ", "country": "JP"}
    response = officer.post("/vendors/new", typed)
    said = response.get_data(as_text=True)
    assert response.status_code == 422 and "保存場所が足りない" in said and typed["name"] in said
    execute(house, "DROP TRIGGER no_room ON party")
    assert officer.post("/vendors/new", typed).status_code == 303


_NO_ROOM = """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"""


@ON_SQLITE
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


@ON_SQLITE
def test_a_form_that_cannot_be_taken_now_is_held_and_can_be_sent_again(
    browser: Browser, everyone: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_ctx: Context) -> None:
        raise Unavailable("database_full")

    officer = browser.sign_in(everyone.officer)
    monkeypatch.setattr(sessions, "end_everywhere", full)  # a form that shows no refusals of its own
    path, here = "/account/sign-out-everywhere", {"Sec-Fetch-Site": "same-origin"}
    response = officer.post(path, {"note": "最後の端末"}, headers=here, page="/account")
    said = response.get_data(as_text=True)
    assert response.status_code == 503 and "保存場所が足りない" in said
    assert 'name="note" value="最後の端末"' in said and f'action="{path}"' in said
    monkeypatch.undo()
    assert officer.post(path, {}, page="/account").status_code == 303
