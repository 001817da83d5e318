"""Fixtures everything shares: a clock, and a fresh database of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit_portal.storage.transaction import Database
from tests import databases, statements
from tests.clock import SetClock

statements.share()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own, not made yet; every test that uses it runs on both kinds."""
    url = databases.planned(request.param, tmp_path)
    yield url
    if request.param == "postgres":
        databases.drop(url)


@pytest.fixture
def db(database_url: str, clock: SetClock) -> Iterator[Database]:
    """A fresh, migrated, empty database."""
    databases.make(database_url)
    database = Database(database_url, clock)
    yield database
    database.dispose()
