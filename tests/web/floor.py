"""One engagement with a five-item check just sent, and the browsers of the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask

from audit_portal.app import create_app
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.services import assessment_view, engagements
from audit_portal.services.house import House
from tests.factories.house import People, context, people
from tests.factories.world import send, short_checklists, work
from tests.web.client import Browser


@dataclass(frozen=True)
class Floor:
    house: House
    app: Flask
    everyone: People
    engagement_id: UUID
    assessment_id: UUID
    vendor_item: str
    client_item: str

    def browser(self, account_id: UUID | None = None) -> Browser:
        """A browser of this person; the vendor's lead when nobody is named."""
        return Browser(self.app, self.house).sign_in(account_id or self.everyone.vendor_lead)


def make_floor(house: House, folder: Path) -> Floor:
    short = short_checklists(house, folder)
    app = create_app(short, "only for tests")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    everyone = people(short)
    officer = context(short, everyone.officer)
    engagement_id = engagements.register(officer, everyone.vendor_id, work())
    assessment_id = send(officer, engagement_id)
    items = assessment_view.get_assessment(officer, assessment_id).items
    first = {
        who: next(i.code for i in items if i.answered_by is who) for who in {i.answered_by for i in items}
    }
    return Floor(
        short,
        app,
        everyone,
        engagement_id,
        assessment_id,
        first[AnsweredBy.VENDOR],
        first[AnsweredBy.CLIENT],
    )
