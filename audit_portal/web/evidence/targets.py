"""What the taking in of a file needs to know of the place where it goes."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from audit_portal.services.house import Context
from audit_portal.web.forms import PortalForm


class Receiver(Protocol):
    """Takes the bytes of one file as they come."""

    def write(self, data: bytes | memoryview) -> None: ...

    def finish(self) -> UUID: ...

    def abort(self) -> None: ...


class AnyTarget(Protocol):
    """Where a file goes: the form that comes with it, the pages around it, and who takes its bytes."""

    @property
    def form_class(self) -> type[PortalForm]: ...

    @property
    def template(self) -> str: ...

    @property
    def once(self) -> bool:
        """Whether a repeat of the same form would be told as somebody else's doing."""
        ...

    @property
    def back(self) -> str: ...

    @property
    def back_label(self) -> str: ...

    @property
    def url(self) -> str: ...

    def known(self, ctx: Context) -> None:
        """Raises NotFound for a place that the actor doesn't reach, whatever else was sent."""
        ...

    def open(self, ctx: Context, form: Any, name: str, expected: int | None) -> Receiver: ...

    def message(self, name: str) -> str: ...
