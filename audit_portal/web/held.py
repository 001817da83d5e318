"""A form that came too late (signed out, or signed in anew) or can't be taken now is held on a page of ours: nothing typed is lost.

Only what a page of this portal sent is held: what another site posts is never offered for sending again.
Files and secrets can't be given back; the page says so.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import render_template, request, url_for
from werkzeug.exceptions import HTTPException
from wtforms import PasswordField
from wtforms.fields.core import UnboundField

from audit_portal.web import uploads
from audit_portal.web.forms import PortalForm

_OWN = ("csrf_token",)
_SECRET = ("code", "token")  # beside the fields that are typed unseen
_WORDS = 8  # characters from which a value is shown as something a person wrote


def page(signed_in: bool, why: str = "") -> tuple[Any, int]:
    """401 with the way to sign in, or 400 with a button that sends the same form with a fresh token.

    `why`: what keeps the portal from taking it now (503); the same button sends it again later.
    """
    fields = _fields()
    shown = render_template(
        "errors/held.html",
        signed_in=signed_in,
        why=why,
        fields=[(name, value) for name, value in fields if not _secret(name)],
        written=[value for name, value in fields if not _secret(name) and _written(value)],
        secrets=any(_secret(name) for name, _ in fields),
        again=request.full_path.rstrip("?"),
        sign_in=url_for("sign_in.password"),
    )
    if why:
        return shown, 503
    return shown, 400 if signed_in else 401


def written() -> list[str]:
    """What a person wrote into the form that a view refuses (its token was right), for a page that says why."""
    return [value for name, value in _taken() if not _secret(name) and _written(value)]


def key() -> str:
    """The key of such a form against being sent twice; "" without one."""
    return next((value for name, value in _taken() if name == "idempotency_key"), "")


def _taken() -> list[tuple[str, str]]:
    """The fields of a form without a file: one with a file is read by its view alone."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]


def _fields() -> list[tuple[str, str]]:
    """What was sent, in its order; nothing from another site, nor of a form with a file (never read here)."""
    try:
        uploads.refuse_other_sites(request, proven=True)
        sent = request.form
    except HTTPException:
        return []
    return [(name, value) for name, value in sent.items(multi=True) if name not in _OWN]


def _secret(name: str) -> bool:
    return name in _unseen() or any(name == each or name.endswith(f"_{each}") for each in _SECRET)


@cache
def _unseen() -> frozenset[str]:
    """The names of all password fields of all forms, whatever they are called."""
    found: set[str] = set()
    forms: list[type[PortalForm]] = [PortalForm]
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        for name, field in vars(form).items():
            if isinstance(field, UnboundField) and issubclass(field.field_class, PasswordField):
                found.add(name)
    return frozenset(found)


def _written(value: str) -> bool:
    """Text a person wrote, as against ids, keys and choices of a list."""
    return len(value) >= _WORDS and (not value.isascii() or " " in value.strip())
