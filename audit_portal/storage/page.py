"""Keyset pages: as fast on the last page as on the first, whatever the table's size."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
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
    last, text = _read(key)
    return sa.or_(word > text, sa.and_(word == text, row_id > last))


def _read(key: str) -> tuple[UUID, str]:
    raw_id, dot, text = key.partition(".")
    try:
        last = UUID(hex=raw_id)
    except ValueError:
        raise Invalid("page_key_wrong") from None
    if not dot or "\0" in text:
        raise Invalid("page_key_wrong")
    return last, text


@dataclass(frozen=True)
class Order(Generic[T]):
    """One way to sort a list: by a column and then the id, or by the id alone, which is by age (UUIDv7).

    `name` stands in the page key, so that a key of another way to sort is refused, not misread.
    """

    name: str
    row_id: Any  # the column of the id …
    id_of: Callable[[T], UUID]  # … and where a row has it
    column: Any = None
    value_of: Callable[[T], Any] = lambda _row: ""
    read: Callable[[str], Any] = str  # a value from its text in the key; ValueError when it is none
    newest_first: bool = False

    def rows(self, query: Any, after: str | None, limit: int) -> Any:
        """The query for `limit` rows and one more after a key. Raises Invalid('page_key_wrong')."""
        if after:
            query = query.where(self._beyond(after))
        columns = [self.row_id] if self.column is None else [self.column, self.row_id]
        order = [column.desc() if self.newest_first else column.asc() for column in columns]
        return query.order_by(*order).limit(limit + 1)

    def page(self, rows: Sequence[T], limit: int) -> Page[T]:
        found = page(rows, limit, lambda row: (str(self.value_of(row)), self.id_of(row)))
        return Page(found.items, f"{self.name}.{found.next_key}") if found.has_more else found

    def _beyond(self, key: str) -> Any:
        name, _, rest = key.partition(".")
        last, text = _read(rest)
        if name != self.name:
            raise Invalid("page_key_wrong")
        if self.column is None:
            return self._past(self.row_id, last)
        try:
            value = self.read(text)
        except ValueError:
            raise Invalid("page_key_wrong") from None
        same = sa.and_(self.column == value, self._past(self.row_id, last))
        return sa.or_(self._past(self.column, value), same)

    def _past(self, column: Any, value: Any) -> Any:
        return column < value if self.newest_first else column > value


def mentions(words: Collection[str], *columns: Any) -> Any:
    """Whether one of the columns holds one of the words somewhere; capitals don't count."""
    return sa.or_(*(column.icontains(word, autoescape=True) for column in columns for word in words))


def numbered(words: Collection[str], column: Any) -> Any:
    """As `mentions`, in a column of our own numbers: they are ASCII, so that kana needn't be looked for there."""
    found = [word for word in words if word.isascii()]
    return mentions(found, column) if found else sa.false()
