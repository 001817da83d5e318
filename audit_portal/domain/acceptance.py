"""Blockers accepted for a time: after its last day an acceptance holds no more, and the blocker stands again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from audit_portal.domain.supervision import Blocker, Gate

OVER = "acceptance_over"
ORDER = (Gate.SELECTION, Gate.CONTRACT, Gate.RELEASE)


def over(expires_on: date, today: date) -> bool:
    """The day itself still counts."""
    return expires_on < today


def first_key(key: str) -> str:
    """The key of the blocker itself, however often it was accepted anew."""
    return key.removeprefix(f"{OVER}:")


def before(gate: Gate) -> tuple[Gate, ...]:
    """The gates that come before this one."""
    return ORDER[: ORDER.index(gate)] if gate in ORDER else ORDER


def standing_again(
    ended: Iterable[str], earlier: Mapping[str, Blocker], here: Iterable[Blocker]
) -> tuple[Blocker, ...]:
    """Blockers of earlier gates that stand there to this day, and whose acceptance has ended.

    `ended`: keys of acceptances; `earlier`: key → blocker, as the earlier gates stand; `here`: what this gate
    names itself and therefore isn't said twice.
    """
    named = {each.key for each in here}
    keys = sorted({first_key(key) for key in ended} - named)
    return tuple(replace(earlier[key], code=OVER, item=key, needed=False) for key in keys if key in earlier)
