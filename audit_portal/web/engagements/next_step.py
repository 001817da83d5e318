"""The one thing to do next on an engagement, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_login import current_user

from audit_portal.domain.access import Permission


@dataclass(frozen=True)
class Next:
    """`action` is a label and where it leads, for who may do it; None when somebody else has to act."""

    what: str
    who: str
    due: date | None = None
    action: tuple[str, str] | None = None


def may(permission: Permission, label: str, url: str) -> tuple[str, str] | None:
    """The action, for who may do it."""
    return (label, url) if current_user.actor.may(permission) else None
