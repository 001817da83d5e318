"""Sessions of flask: server-side for people who signed in, a signed cookie with next to nothing before.

The signed-in cookie holds a random token only; Flask's own signed cookie would replay after sign-out.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, current_app
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from audit_portal.services.accounts import sessions
from audit_portal.services.accounts.sessions import LiveSession, Person
from audit_portal.services.house import House


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What the portal keeps of one signed-in browser; saved only when it changed."""

    def __init__(self, live: LiveSession) -> None:
        def changed(_: Any) -> None:
            self.modified = True

        super().__init__(live.data, changed)
        self.token = live.token
        self.person: Person = live.person
        self.modified = False
        self.ended = False


class PortalSessions(SessionInterface):
    def __init__(self, house: House, secure: bool) -> None:
        self._house = house
        self._secure = secure
        # On loopback http the __Host- prefix is refused by browsers: a plain name there.
        self.cookie = "__Host-audit_portal" if secure else "audit_portal"
        self._before = SecureCookieSessionInterface()

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        # A page needs several files; they are everybody's, and asked for anew with each page.
        if request.path.startswith(f"{app.static_url_path}/"):
            return self._before.open_session(app, request)
        token = request.cookies.get(self.cookie)
        if token and len(token) < 100 and (live := sessions.load(self._house, token)):
            return ServerSession(live)
        return self._before.open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, ServerSession):
            self._before.save_session(app, session, response)
            return
        if session.ended:
            response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="Lax")
        elif session.modified:
            sessions.save(self._house, session.token, dict(session))
        response.headers.add("Vary", "Cookie")

    def start(self, response: Any, token: str) -> None:
        """Gives the browser its new token; the cookie of before is dropped."""
        response.set_cookie(self.cookie, token, path="/", secure=self._secure, httponly=True, samesite="Lax")
        self._forget_visitor(response)

    def renew(self, response: Any, session: Any) -> None:
        """After a change that ends a person's sessions: this browser goes on, under a new token."""
        if not isinstance(session, ServerSession):
            return
        sessions.end(self._house, session.token)
        session.token = sessions.start(self._house, session.person.account_id, dict(session))
        self.start(response, session.token)

    def _forget_visitor(self, response: Any) -> None:
        before = current_app.config["SESSION_COOKIE_NAME"]
        response.delete_cookie(before, path="/", secure=self._secure, httponly=True, samesite="Lax")


def interface() -> PortalSessions:
    found = current_app.session_interface
    if not isinstance(found, PortalSessions):
        raise TypeError("the application was not made by create_app")
    return found
