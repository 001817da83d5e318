"""Work that would be done again for each file or each field of a page is done once, or not at all."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from audit_portal.app import create_app
from audit_portal.services.house import House
from tests.benchmarks.figures import counted
from tests.factories.house import People
from tests.factories.world import world_in
from tests.web.client import Browser


def test_a_file_of_every_page_is_sent_without_asking_the_database(
    browser: Browser, house: House, everyone: People
) -> None:
    browser.sign_in(everyone.officer)
    begun: list[int] = []
    sa.event.listen(house.db.engine, "begin", lambda _: begun.append(1))
    answer = browser.get("/static/theme.css")
    assert answer.status_code == 200 and answer.mimetype == "text/css"
    assert begun == []
    assert browser.get("/account").status_code == 200 and begun, "a page does ask"


def test_the_head_of_a_page_is_made_once_however_many_fields_it_has(
    app: Flask, browser: Browser, everyone: People
) -> None:
    made: list[int] = []

    def count() -> dict[str, object]:
        made.append(1)
        return {}

    app.context_processor(count)
    page = browser.sign_in(everyone.officer).get("/vendors/new").get_data(as_text=True)
    assert page.count("govuk-label") > 5
    assert len(made) == 1


def test_the_page_of_a_contract_check_takes_at_most_twelve_queries(house: House, tmp_path: Path) -> None:
    short, world = world_in(house, tmp_path)
    officer = Browser(create_app(short, "only for tests"), short).sign_in(world.everyone.officer)
    page = f"/assessments/{world.inside.assessment_id}"
    assert officer.get(page).status_code == 200  # what a process asks for once it has asked for now
    with counted(short.db.engine) as asked:
        officer.get(page)
    assert len(asked) <= 12, asked.statements
