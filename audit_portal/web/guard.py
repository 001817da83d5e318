"""Default deny: a route exists only with a permission, and every request passes here first.

A view registered without `permission=` fails at import (TypeError); a rule that came in another way stops
the start; one that comes after the seal answers 500.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_login import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from audit_portal.domain.access import Permission

_OPEN = frozenset({"static"})  # files that every page needs


class Guarded(Blueprint):
    """A blueprint whose every route names the permission it needs."""

    def add_url_rule(  # type: ignore[override]
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        *,
        permission: Permission,
        **options: Any,
    ) -> None:
        if not isinstance(permission, Permission):
            raise TypeError(f"{rule} needs a Permission")
        name = endpoint or (view_func.__name__ if view_func else "")
        super().add_url_rule(rule, name, view_func, provide_automatic_options, **options)

        def declare(state: BlueprintSetupState) -> None:
            full = f"{state.name_prefix}.{state.name}.{name}".lstrip(".")
            state.app.extensions.setdefault("guard", {})[full] = permission

        self.record(declare)


def permissions(app: Flask) -> dict[str, Permission]:
    """Endpoint → permission, of every declared route."""
    found: dict[str, Permission] = app.extensions.setdefault("guard", {})
    return found


def is_open(endpoint: str | None) -> bool:
    """Whether the endpoint is one for people who haven't signed in."""
    return endpoint in _OPEN or permissions(current_app).get(endpoint or "") is Permission.ANYONE


def seal(app: Flask) -> None:
    """Stops the start when a route has no permission; from here on every request is checked."""
    declared = permissions(app)
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in declared and rule.endpoint not in _OPEN:
            raise RuntimeError(f"route {rule.rule} ({rule.endpoint}) has no permission")
    app.before_request(check)


def check() -> WerkzeugResponse | None:
    """Before every request: signed in, and one of the roles holds the permission."""
    if request.endpoint is None or request.endpoint in _OPEN:
        return None
    permission = permissions(current_app).get(request.endpoint)
    if permission is None:
        current_app.logger.error("endpoint %s was never declared", request.endpoint)
        return Response(status=500)
    if permission is Permission.ANYONE:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if not current_user.actor.may(permission):
        abort(403)
    return None


def _to_sign_in() -> WerkzeugResponse:
    if request.method != "GET":
        abort(401)
    # Kept as an endpoint of ours with its arguments, never as an address: it can't lead elsewhere.
    session["after"] = {
        "endpoint": request.endpoint,
        "args": {k: str(v) for k, v in (request.view_args or {}).items()},
    }
    return redirect(url_for("sign_in.password"))
