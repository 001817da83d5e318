"""A database that is made when it is first asked: a house about to become a copy of a stage needs none of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import sqlalchemy as sa

from audit_portal.config import TOKYO
from audit_portal.ports import Clock
from audit_portal.storage import transaction
from audit_portal.storage.transaction import Database
from tests import databases


class LateDatabase(Database):
    """Until it is first asked it may still become a copy of any other."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = sa.make_url(url)
        self.clock = clock
        self.zone = TOKYO
        self.stage = ""  # which one it is a copy of, or about to become one
        self._make: Callable[[], None] = lambda: databases.make(url)
        self._then: Callable[[], object] = lambda: None

    def first(self, prepare: Callable[[], object]) -> None:
        """What is done to it when it was made empty."""
        self._then = prepare

    def becomes(self, stage: str, source: str) -> None:
        self.rests(stage)
        url = self.url.render_as_string(hide_password=False)
        self._make = lambda: databases.become(url, source)

    def rests(self, stage: str) -> None:
        """It is what this stage is, and counts as not asked from here on."""
        self.dispose()
        self.__dict__.pop("engine", None)
        self.stage = stage
        self._make = self._then = lambda: None

    @property
    def untouched(self) -> bool:
        return "engine" not in self.__dict__

    @cached_property
    def engine(self) -> sa.Engine:  # type: ignore[override]
        self._make()
        self.__dict__["engine"] = made = transaction._engine(self.url)  # what follows asks for it
        self._then()
        return made

    @property
    def kind(self) -> str:
        return self.url.get_backend_name()

    def dispose(self) -> None:
        if not self.untouched:
            self.engine.dispose()
