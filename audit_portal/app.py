"""create_app(): puts the web pages onto a house, and seals the guard."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from audit_portal.domain import limits
from audit_portal.services.accounts.sessions import Person
from audit_portal.services.house import House
from audit_portal.web import errors, guard, language, look, pages
from audit_portal.web.context import house
from audit_portal.web.session import PortalSessions, ServerSession
from audit_portal.web.uploads import SealingRequest
from audit_portal.web.user import User

csrf = CSRFProtect()

_CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"


def create_app(house: House, secret_key: str) -> Flask:
    """The WSGI application of one process. `secret_key` signs what visitors carry before they sign in."""
    app = Flask(__name__, static_folder="web/static", template_folder="web/templates")
    app.request_class = SealingRequest
    settings = house.settings
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="__Host-visitor" if settings.secure else "visitor",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=limits.FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=limits.FORM_BYTES,
        MAX_FORM_PARTS=limits.FORM_PARTS,
        TRUSTED_HOSTS=[str(urlsplit(settings.base_url).hostname)],
        BABEL_DEFAULT_LOCALE="ja",
        BABEL_DEFAULT_TIMEZONE=settings.zone.key,
        BABEL_TRANSLATION_DIRECTORIES="web/translations",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # the referrer is not sent by every browser; token and SameSite decide
    )
    app.extensions["house"] = house
    app.session_interface = PortalSessions(house, settings.secure)
    Babel(app, locale_selector=language.choose)
    csrf.init_app(app)
    _sign_in(app)
    look.dress(app)
    errors.register(app)
    app.context_processor(pages.shell)
    app.after_request(_headers)
    for blueprint in pages.blueprints():
        app.register_blueprint(blueprint)
    for view in pages.streaming_views():
        csrf.exempt(view)
    guard.seal(app)
    if settings.proxies:  # only the address: host and scheme are what BASE_URL says
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app


def _sign_in(app: Flask) -> None:
    manager = LoginManager()
    manager.init_app(app)
    manager.session_protection = None  # the session itself ends on every change that matters

    @manager.request_loader
    def load(_request: Request) -> User | None:
        from flask import session

        current: Any = session._get_current_object()  # type: ignore[attr-defined]
        if isinstance(current, ServerSession) and not current.ended:
            person: Person = current.person
            return User(person)
        return None


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if house().settings.secure:  # a proxy in front ends TLS: the scheme here says nothing
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
