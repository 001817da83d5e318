"""What a benchmark reports: a figure beside its limit, measured against a baseline of the same run."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import event


@dataclass(frozen=True)
class Figure:
    """`value` must be at most (or at least) `limit`; a limit of None only informs."""

    what: str
    value: float
    limit: float | None = None
    at_least: bool = False

    @property
    def ok(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        limit = "" if self.limit is None else f"  ({'≥' if self.at_least else '≤'} {self.limit:g})"
        return f"{'ok  ' if self.ok else 'MISS'} {self.what}: {self.value:.3g}{limit}"


@dataclass
class Queries:
    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@contextlib.contextmanager
def counted(engine: sa.Engine) -> Iterator[Queries]:
    """Counts the statements sent, transaction control left out."""
    found = Queries()

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def median_seconds(action: Callable[[], object], runs: int, warm: int = 3) -> float:
    for _ in range(warm):
        action()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
