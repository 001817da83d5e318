"""Fixtures of a house, for the conftest.py of services and of web."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from audit_portal.services.accounts import passwords
from audit_portal.services.house import House
from tests.clock import SetClock
from tests.factories.house import People, make_house_late, people
from tests.factories.stages import built


def make_passwords_cheap() -> None:
    """Argon2id with the least it allows: tests hash hundreds of passwords."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._nobody.cache_clear()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords._hasher)  # put back after the test
    make_passwords_cheap()


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    """A prepared house without a client; runs on both kinds of database."""
    made = make_house_late(database_url, tmp_path / "instance", clock)
    yield made
    made.db.dispose()


@pytest.fixture
def everyone(house: House) -> People:
    """The client, a vendor and one person in each role."""
    return built("people", house, people)
