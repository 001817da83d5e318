"""A browser for tests: sign-in by a step, forms posted with the token of a page fetched before."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from audit_portal.services.accounts import sessions
from audit_portal.services.house import House
from audit_portal.web.session import PortalSessions
from tests.factories.house import BASE_URL

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_ERROR = re.compile(r'<li>\s*(?:<a href="[^"]*">)?\s*(.*?)\s*(?:</a>)?\s*</li>', re.DOTALL)


def cookie_name(app: Flask) -> str:
    interface = app.session_interface
    if not isinstance(interface, PortalSessions):
        raise TypeError("not an application of the portal")
    return interface.cookie


def sign_in(client: FlaskClient, house: House, account_id: UUID) -> str:
    """Starts a session as if password and code had been right; returns its token."""
    token = sessions.start(house, account_id, {})
    client.set_cookie(cookie_name(client.application), token, domain="127.0.0.1")
    return token


def csrf_token(client: FlaskClient, page: str) -> str:
    found = _TOKEN.search(client.get(page, base_url=BASE_URL).get_data(as_text=True))
    if found is None:
        raise LookupError(f"{page} has no form")
    return html.unescape(found[1])


def post(
    client: FlaskClient,
    url: str,
    data: dict[str, Any] | None = None,
    page: str | None = None,
    key: str | None = None,
    **more: Any,
) -> TestResponse:
    """Posts as a person would: `page` (default: the address itself) is fetched first for its token."""
    token = csrf_token(client, page or url)
    sent = {"csrf_token": token, "idempotency_key": key or uuid4().hex, **(data or {})}
    return client.post(url, data=sent, base_url=BASE_URL, **more)


class Browser:
    """One person's browser; holds cookies."""

    def __init__(self, app: Flask, house: House) -> None:
        self.app, self.house = app, house
        self.client = app.test_client()

    def other(self) -> Browser:
        """Another browser on the same house."""
        return Browser(self.app, self.house)

    def sign_in(self, account_id: UUID) -> Browser:
        sign_in(self.client, self.house, account_id)
        return self

    @property
    def token(self) -> str | None:
        """The session cookie, if it has one."""
        found = self.client.get_cookie(cookie_name(self.app), domain="127.0.0.1")
        return found.value if found else None

    def signed_in(self) -> bool:
        return self.get("/account").status_code == 200

    def get(self, url: str, **more: Any) -> TestResponse:
        return self.client.get(_path(url), base_url=BASE_URL, **more)

    def post(
        self,
        url: str,
        data: dict[str, Any] | None = None,
        page: str | None = None,
        key: str | None = None,
        **more: Any,
    ) -> TestResponse:
        return post(self.client, _path(url), data, page, key, **more)

    def follow(self, response: TestResponse) -> TestResponse:
        """Where a redirect leads; fails when it is none, or leaves the house."""
        location = response.headers.get("Location", "")
        if (
            response.status_code not in (302, 303)
            or not location.startswith("/")
            or location[1:2] in ("/", "\\")
        ):
            raise AssertionError(f"{response.status_code} {location!r} is no redirect within the portal")
        return self.get(location)


def _path(url: str) -> str:
    """Links from mails come with the host."""
    if not url.startswith("http"):
        return url
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def text(response: TestResponse) -> str:
    return html.unescape(response.get_data(as_text=True))


def errors(response: TestResponse) -> list[str]:
    """The sentences of the error summary."""
    summary = (
        text(response).partition('class="govuk-list govuk-error-summary__list"')[2].partition("</ul>")[0]
    )
    return [found[1] for found in _ERROR.finditer(summary)]
