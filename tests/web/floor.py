"""One engagement with a five-item check just sent, and the browsers of the people around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask

from audit_portal.app import create_app
from audit_portal.services.house import House
from tests.factories.house import People
from tests.factories.world import short_checklists
from tests.web.client import Browser
from tests.web.desk import make_desk


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


def make_floor(
    house: House, folder: Path, prepare: Callable[[House, Path], House] = short_checklists
) -> Floor:
    desk = make_desk(house, folder, prepare)
    app = create_app(desk.house, "only for tests")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Floor(
        desk.house,
        app,
        desk.everyone,
        desk.engagement_id,
        desk.assessment_id,
        desk.vendor_item,
        desk.client_item,
    )
