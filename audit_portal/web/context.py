"""From a request to a service: the context, errors told on the form, redirects after a change."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from flask import current_app, flash, g, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.errors import Conflict, Forbidden, Invalid, PortalError, Refused, Unavailable
from audit_portal.services import repeats
from audit_portal.services.house import Context, House
from audit_portal.web.forms import PortalForm
from audit_portal.web.messages import sentence


def house() -> House:
    found: House = current_app.extensions["house"]
    return found


def context(form: PortalForm | None = None) -> Context:
    """The acting person's context; a form brings its key against being sent twice."""
    key = (form.idempotency_key.data or None) if form is not None else None
    if key and not (key.isalnum() and len(key) <= 64):
        key = None
    g.idempotency_key = key
    return Context(house(), current_user.actor, key)


class AlreadyDone(Exception):
    """The same form was sent before; `location` is where the first one led, if known."""

    def __init__(self, location: str | None) -> None:
        super().__init__(location)
        self.location = location


class Told:
    """Whether the block went through; false when a refusal was put on the form."""

    def __init__(self) -> None:
        self.ok = True

    def __bool__(self) -> bool:
        return self.ok


@contextlib.contextmanager
def told(form: PortalForm) -> Iterator[Told]:
    """Puts what a service refuses onto the form, beside its field; nothing typed is lost."""
    result = Told()
    try:
        yield result
    except (Invalid, Conflict, Forbidden, Refused, Unavailable) as refusal:
        if refusal.code == "already_done":
            raise AlreadyDone(_first_location(refusal)) from None
        result.ok = False
        field = getattr(refusal, "field", None)
        form.add_error(field, sentence(refusal))


def _first_location(refusal: PortalError) -> str | None:
    return repeats.first_location(Context(house(), current_user.actor), str(refusal.facts.get("key", "")))


def done(location: str, message: Any, category: str = "success") -> Response:
    """After a change: a message, a redirect, and the note where this form led."""
    flash(str(message), category)
    if key := g.get("idempotency_key"):
        repeats.remember_location(Context(house(), current_user.actor), key, location)
    return redirect(location, code=303)


def client_address() -> str:
    return request.remote_addr or "?"
