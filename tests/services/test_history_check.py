"""A row or a history entry that was changed past the portal is named, whatever it says now."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from audit_portal.services import history_check
from audit_portal.services.house import House
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
