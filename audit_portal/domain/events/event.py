"""Everything the ledger can say, in the past tense. An event that isn't registered here can't be recorded.

Events hold ids, numbers, states and digests; no names, no free text (an erasure must not break the ledger).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

REGISTRY: dict[str, type[Event]] = {}
_NAME = re.compile(r"^[a-z_]+\.[a-z_]+$")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base. `engagement_id` puts the entry on that engagement's timeline."""

    name: ClassVar[str] = ""
    engagement_id: UUID | None = None

    def __init_subclass__(cls, *, name: str, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if not _NAME.match(name) or name in REGISTRY:
            raise TypeError(f"event name {name!r} is malformed or taken")
        cls.name = name
        REGISTRY[name] = cls

    def facts(self) -> dict[str, Any]:
        """The event's own fields as JSON values (RFC 8785 types)."""
        return {
            each.name: plain(getattr(self, each.name))
            for each in fields(self)
            if each.name != "engagement_id"
        }


def plain(value: Any) -> Any:
    """A fact as a JSON value. Raises TypeError for anything that has no single canonical form."""
    if value is None or (isinstance(value, bool | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple | list | frozenset):
        items = [plain(item) for item in value]
        return sorted(items) if isinstance(value, frozenset) else items
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} can't stand in an event")
