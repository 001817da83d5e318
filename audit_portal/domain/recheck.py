"""Items that became new after a decided check: while they are open, nothing wider is released."""

from __future__ import annotations

from collections.abc import Iterable

from audit_portal.domain.supervision import Blocker, Duty, Who


def recheck_blockers(items: Iterable[str]) -> tuple[Blocker, ...]:
    """One blocker an item; none can be accepted away: what was never asked was never confirmed."""
    basis = ("PPC-GL-3-4-4-1",)
    return tuple(Blocker("never_asked", Duty.GUIDELINE_MUST, basis, Who.CLIENT, item) for item in items)
