"""Every error as a page (or JSON for scripts): what happened, what to do, never a stack trace."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from audit_portal.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Misconfigured,
    NotFound,
    PortalError,
    Refused,
    Unavailable,
)
from audit_portal.services import repeats
from audit_portal.services.house import Context
from audit_portal.web import guard, held
from audit_portal.web.context import AlreadyDone, house
from audit_portal.web.messages import sentence

_STATUS: dict[type[PortalError], int] = {
    NotFound: 404, Forbidden: 403, Conflict: 409, Refused: 409, Invalid: 400, Unavailable: 503, Misconfigured: 503,
}  # fmt: skip


def register(app: Flask) -> None:
    app.register_error_handler(PortalError, _refusal)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def page(status: int, what: str | None = None, **more: Any) -> tuple[Any, int]:
    if wants_json():
        more.pop("typed", None)
        return jsonify(error=what or _("処理できませんでした。"), **more), status
    return render_template("errors/error.html", status=status, what=what, **more), status


def _refusal(error: PortalError) -> Any:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    typed: list[str] = []
    if isinstance(error, Conflict | Refused | Forbidden | Invalid) and _sent_by_hand():
        # A view that looks before it leaps refuses the second press of a button: it has been done.
        if first := _first_result():
            return redirect(first, code=303)
        typed = held.written()
    if status == 500:
        return _fault(error)
    if isinstance(error, Misconfigured):  # a lost key, for one: people hear that, operators which
        current_app.logger.error("misconfigured: %s", error)
    if isinstance(error, Unavailable) and request.method == "POST" and not wants_json():
        return held.page(signed_in=True, why=sentence(error))
    plain = error.code in ("not_found", "permission_missing")
    return page(status, None if plain and not wants_json() else sentence(error), typed=typed)


def _sent_by_hand() -> bool:
    return request.method == "POST" and current_user.is_authenticated and not wants_json()


def _first_result() -> str | None:
    """Where the very same form led when it was sent before; None when it never went through."""
    key = held.key()
    return repeats.first_location(Context(house(), current_user.actor), key) if key else None


def _already_done(error: AlreadyDone) -> Response:
    return redirect(error.location or url_for("home.home"), code=303)


def _expired_form(_error: CSRFError) -> tuple[Any, int]:
    if not (current_user.is_authenticated or guard.is_open(request.endpoint)):
        return _signed_out()
    if wants_json():
        return page(
            400, _("ページを開いてから時間がたったため、送信を止めました。ページを読み直してください。")
        )
    return held.page(signed_in=True)


def _signed_out() -> tuple[Any, int]:
    if wants_json():
        return jsonify(
            error=_("サインインが切れました。別の画面でサインインしてから、もう一度お試しください。")
        ), 401
    return held.page(signed_in=False)


def _http(error: HTTPException) -> Any:
    if isinstance(error, SecurityError):  # a host that isn't ours: no page, as its links would lead there
        return Response("400", status=400, mimetype="text/plain")
    if error.code == 401:
        return _signed_out()
    if error.code is None or error.code < 400:
        return error
    return page(error.code)


def _fault(error: Exception) -> tuple[Any, int]:
    reference = secrets.token_hex(4)
    current_app.logger.exception(
        "fault %s at %s %s", reference, request.method, request.endpoint, exc_info=error
    )
    return page(500, reference=reference)
