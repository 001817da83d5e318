"""Migration 0011: what was accepted with approvals becomes rows of its own, and goes back."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from audit_portal.services.decisions import acceptances
from audit_portal.services.house import House
from audit_portal.storage import schema
from tests.services.steps import make_case
from tests.services.test_terms_of_approvals import accepted_for


def test_acceptances_made_before_there_were_rows_are_kept(house: House, tmp_path: Path) -> None:
    case = make_case(house, tmp_path)
    accepted_for(case, 5)
    before = acceptances.of_engagement(case.as_("officer"), case.engagement_id)
    schema.migrate(house.db, "0010")
    with house.db.engine.connect() as connection:
        (old,) = connection.execute(sa.text("SELECT accepted FROM decision")).scalars()
        assert "月次の点検" in str(old) or "\\u6708" in str(old)
    schema.migrate(house.db)
    after = acceptances.of_engagement(case.as_("officer"), case.engagement_id)
    assert (
        [(each.key, each.measure, each.expires_on) for each in after]
        == [(each.key, each.measure, each.expires_on) for each in before]
        != []
    )
