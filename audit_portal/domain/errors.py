"""Every way the rule book says no. The web layer turns a code into a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PortalError(Exception):
    """Base of all refusals that a person can be told about.

    `code` names the sentence in the translations; `facts` fill its placeholders.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code = code
        self.facts: Mapping[str, Any] = facts


class Invalid(PortalError):
    """Input that breaks a rule. `field` is the form field it belongs to, or None."""

    def __init__(self, code: str, field: str | None = None, **facts: Any) -> None:
        super().__init__(code, **facts)
        self.field = field


class NotFound(PortalError):
    """It does not exist, or this actor may not know that it does: the two look alike (404)."""

    def __init__(self, code: str = "not_found", **facts: Any) -> None:
        super().__init__(code, **facts)


class Forbidden(PortalError):
    """The actor sees the thing but may not do this to it (403)."""


class Conflict(PortalError):
    """Somebody else was first: a stale version, a second decision, a repeated request (409)."""


class Refused(PortalError):
    """A gate stays shut. `blockers` say why, each with what to do."""

    def __init__(self, code: str, blockers: tuple[Any, ...] = (), **facts: Any) -> None:
        super().__init__(code, **facts)
        self.blockers = blockers


class Unavailable(PortalError):
    """A part the portal leans on does not answer or is full; trying later may help (503)."""


class Misconfigured(PortalError):
    """The installation can't start like this: a wrong setting, key or database. Names the mend."""
