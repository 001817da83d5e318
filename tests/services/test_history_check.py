"""A row or a history entry that was changed past the portal is named, whatever it says now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from audit_portal.services import history_check
from audit_portal.services.house import House
from audit_portal.storage.tables.register import PartyContact
from tests.factories.world import World, world_in


@pytest.fixture
def made(house: House, tmp_path: Path) -> tuple[House, World]:
    return world_in(house, tmp_path)


def test_an_untouched_installation_is_what_its_ledger_committed_to(made: tuple[House, World]) -> None:
    assert history_check.verify(made[0]) == ()


@pytest.mark.parametrize(
    ("statement", "code", "kind"),
    [
        ("UPDATE review SET comment = 'x'", "row_differs", "review"),
        ("UPDATE answer SET comment = 'x' WHERE is_draft = false", "row_differs", "answer"),
        ("UPDATE evidence_version SET file_name = 'x'", "row_differs", "evidence_version"),
        ("DELETE FROM report_file", "row_missing", "report_file"),
        ("DELETE FROM history WHERE kind = 'review'", "history_missing", "review"),
        ("UPDATE search_key SET text = 'x' WHERE kind = 'party'", "search_key_differs", "party"),
        ("DELETE FROM search_key WHERE kind = 'engagement'", "search_key_differs", "engagement"),
        ("UPDATE search_key SET kind = 'x' WHERE kind = 'engagement_link'", "search_key_differs", "x"),
    ],
)
def test_a_change_past_the_portal_is_named(
    made: tuple[House, World], statement: str, code: str, kind: str
) -> None:
    house, _ = made
    with house.db.engine.begin() as connection:
        connection.execute(sa.text(statement))
    found = {(each.code, each.kind) for each in history_check.verify(house)}
    assert (code, kind) in found


def test_an_altered_history_is_named(made: tuple[House, World]) -> None:
    house, _ = made
    with house.db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE history SET body = :body WHERE kind = 'review'"), {"body": b"{}"})
    assert {("history_differs", "review")} <= {(each.code, each.kind) for each in history_check.verify(house)}


def test_rows_that_an_upgrade_made_are_adopted_and_none_of_another_table(made: tuple[House, World]) -> None:
    house, world = made
    values = dict.fromkeys(("kana", "title", "department", "email", "phone"), "")
    moment = house.clock.now()
    kept = {"version": 1, "created_at": moment, "created_by": "x", "updated_at": moment, "updated_by": "x"}
    ours = {"party_id": world.ours.vendor_id, "name": "森", "purposes": [], **values, **kept}
    with house.db.engine.begin() as connection:
        connection.execute(sa.insert(PartyContact.__table__).values(id=uuid4(), **ours))  # type: ignore[attr-defined]
    problems = {(each.code, each.kind) for each in history_check.verify(house)}
    assert problems == {("row_differs", "party_contact")}
    assert history_check.adopt(house.db, {"party_site"}) == 0
    assert history_check.verify(house) != (), "a row of another table is no business of that upgrade"
    assert history_check.adopt(house.db, {"party_contact"}) == 1
    assert history_check.verify(house) == ()


BODY = {"a": 1, "b": "x"}


@pytest.mark.parametrize(
    ("known", "now", "defaults", "same"),
    [
        (BODY, BODY, {}, True),
        (None, BODY, {}, False),
        (BODY, {**BODY, "b": "y"}, {}, False),
        (BODY, {"a": 1}, {}, True),  # a column went
        (BODY, {**BODY, "c": ""}, {"c": ""}, True),  # one came
        (BODY, {**BODY, "c": "z"}, {"c": ""}, False),
        (BODY, {**BODY, "c": None}, {}, False),
        (BODY, {"a": 2, "c": ""}, {"c": ""}, False),
    ],
)
def test_columns_come_and_go_but_what_stands_is_what_was_written(
    known: dict[str, Any] | None, now: dict[str, Any], defaults: dict[str, Any], same: bool
) -> None:
    before = json.dumps(known).encode() if known is not None else None
    assert history_check.same(before, json.dumps(now).encode(), defaults) is same
