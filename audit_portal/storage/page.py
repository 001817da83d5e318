"""Keyset pages: as fast on the last page as on the first, whatever the table's size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain.errors import Invalid

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    next_key: str | None = None

    @property
    def has_more(self) -> bool:
        return self.next_key is not None

    def map(self, convert: Callable[[T], U]) -> Page[U]:
        return Page(tuple(convert(item) for item in self.items), self.next_key)


def page(rows: Sequence[T], limit: int, key: Callable[[T], tuple[str, UUID]]) -> Page[T]:
    """A page from a query for limit + 1 rows, ordered by (text, id)."""
    shown = tuple(rows[:limit])
    if len(rows) <= limit:
        return Page(shown)
    word, row_id = key(shown[-1])
    return Page(shown, f"{row_id.hex}.{word}")


def beyond(key: str | None, word: Any, row_id: Any) -> Any:
    """The condition "after this key", or None. Raises Invalid('page_key_wrong') on a made-up key."""
    if not key:
        return None
    raw_id, dot, text = key.partition(".")
    try:
        last = UUID(hex=raw_id)
    except ValueError:
        raise Invalid("page_key_wrong") from None
    if not dot or "\0" in text:
        raise Invalid("page_key_wrong")
    return sa.or_(word > text, sa.and_(word == text, row_id > last))
