"""What a service said to a form: through, or refused, and with which status the page comes back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from audit_portal.domain.errors import Conflict, Forbidden, PortalError, Refused
from audit_portal.web.context import told
from audit_portal.web.forms import PortalForm


class Outcome:
    """The result of the block; `refusal` is what stopped it."""

    def __init__(self) -> None:
        self.refusal: PortalError | None = None

    @property
    def ok(self) -> bool:
        return self.refusal is None

    @property
    def stale(self) -> bool:
        """Somebody else stored something since the page was opened."""
        return self.refusal is not None and self.refusal.code == "changed_meanwhile"

    @property
    def blockers(self) -> tuple[Any, ...]:
        return self.refusal.blockers if isinstance(self.refusal, Refused) else ()

    @property
    def status(self) -> int:
        """409 when somebody was first, 403 for what this person may not do, 422 for what was entered."""
        if self.refusal is None:
            return 200
        if isinstance(self.refusal, Forbidden):
            return 403
        return 409 if isinstance(self.refusal, Conflict) else 422


@contextlib.contextmanager
def kept(form: PortalForm) -> Iterator[Outcome]:
    """As `told`: the refusal stands on the form and nothing typed is lost; it is kept, too."""
    outcome = Outcome()
    with told(form):
        try:
            yield outcome
        except PortalError as refusal:
            outcome.refusal = refusal
            raise
