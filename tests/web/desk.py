"""An open check on a vendor's desk: what pages of evidence are tried on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import TestResponse

from audit_portal.app import create_app
from audit_portal.domain.access import system
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.services.assessments import assessment_view
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.storage import assessments
from audit_portal.storage.tables.assessments import EvidenceVersion
from tests.factories.house import BASE_URL, People, context, people
from tests.factories.stages import at_stage
from tests.factories.world import send, short_checklists, work
from tests.web.client import Browser, csrf_token

_SIDES = (AnsweredBy.VENDOR, AnsweredBy.CLIENT)
PDF = b"%PDF-1.7\n" + b"evidence\n" * 20


_newest: list[tuple[House, Flask]] = []  # making an application takes longer than most tests


def _app(house: House) -> Flask:
    if not _newest or _newest[0][0] is not house:
        made = create_app(house, "only for tests")
        made.config["PROPAGATE_EXCEPTIONS"] = False
        _newest[:] = [(house, made)]
    return _newest[0][1]


@dataclass(frozen=True)
class Desk:
    house: House
    everyone: People
    engagement_id: UUID
    assessment_id: UUID
    vendor_item: str
    client_item: str

    def url(self, item: str | None = None) -> str:
        return f"/assessments/{self.assessment_id}/items/{item or self.vendor_item}/evidence"

    def browser(self, account_id: UUID | None = None) -> Browser:
        return Browser(_app(self.house), self.house).sign_in(account_id or self.everyone.vendor_lead)

    def versions(self) -> list[EvidenceVersion]:
        with self.house.db.read(system("tests")) as tx:
            return assessments.all_versions(tx)

    def objects(self) -> list[str]:
        return list(self.house.store.keys())

    def nothing_stored(self) -> bool:
        return not self.versions() and not self.objects()


def make_desk(house: House, folder: Path, prepare: Callable[[House, Path], House] = short_checklists) -> Desk:
    """A vendor with one check sent today."""

    def build(short: House) -> tuple[People, UUID, UUID, str, str]:
        everyone = people(short)
        officer = context(short, everyone.officer)
        engagement_id = engagements.register(officer, everyone.vendor_id, work())
        assessment_id = send(officer, engagement_id)
        items = assessment_view.get_assessment(officer, assessment_id).items
        first = {who: next(i.code for i in items if i.answered_by is who) for who in _SIDES}
        return everyone, engagement_id, assessment_id, first[AnsweredBy.VENDOR], first[AnsweredBy.CLIENT]

    short, ids = at_stage(f"desk {prepare.__name__}", house, folder, prepare, build)
    return Desk(short, *ids)


def token(browser: Browser) -> str:
    return csrf_token(browser.client, "/account")


def put(
    browser: Browser,
    url: str,
    content: bytes = PDF,
    name: str = "規程.pdf",
    fields: list[tuple[str, str]] | None = None,
    **headers: str | None,
) -> TestResponse:
    """As upload.js sends it; a header given as None is left out."""
    sent: dict[str, str | None] = {
        "X-CSRFToken": token(browser),
        "X-File-Name": quote(name, safe=""),
        "X-Form-Fields": urlencode(fields or [("idempotency_key", uuid4().hex)]),
        "Accept": "application/json",
        "Content-Type": "application/octet-stream",
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }
    kept = {key: value for key, value in sent.items() if value is not None}
    length = {"CONTENT_LENGTH": str(len(content))}  # browsers send it for an empty file too
    return browser.client.put(url, data=content, headers=kept, base_url=BASE_URL, environ_overrides=length)


BOUNDARY = "----boundary-of-tests"


def multipart(parts: list[tuple[str, str | None, bytes]], closed: bool = True) -> bytes:
    """(name, file name or None, content) as a browser writes them."""
    body = b""
    for name, file_name, content in parts:
        file_part = "" if file_name is None else f'; filename="{file_name}"\r\nContent-Type: application/pdf'
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file_part}\r\n\r\n'.encode()
        body += content + b"\r\n"
    return body + (f"--{BOUNDARY}--\r\n".encode() if closed else b"")


def form_parts(
    csrf: str, content: bytes = PDF, name: str = "規程.pdf", key: str | None = None, **dates: str
) -> list[tuple[str, str | None, bytes]]:
    """The upload form in the order of its page; dates as `2026-11-01`."""
    typed: list[tuple[str, str | None, bytes]] = [
        (field, None, part.encode()) for field, day in dates.items() for part in day.split("-")
    ]
    first: list[tuple[str, str | None, bytes]] = [
        ("csrf_token", None, csrf.encode()),
        ("idempotency_key", None, (key or uuid4().hex).encode()),
    ]
    return [*first, *typed, ("file", name, content), ("attach", None, "添付する".encode())]


def post_form(browser: Browser, url: str, body: bytes, **headers: str) -> TestResponse:
    return browser.client.post(
        url,
        data=body,
        headers={key.replace("_", "-"): value for key, value in headers.items()},
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        base_url=BASE_URL,
    )


def told(answer: TestResponse) -> dict[str, Any]:
    """The object that was answered."""
    found: dict[str, Any] = json.loads(answer.get_data())
    return found
