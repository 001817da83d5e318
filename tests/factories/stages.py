"""Houses brought to a point once for each kind of database, then copied: making them takes longer than most tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from audit_portal.adapters.checklists_yaml import ChecklistFolder
from audit_portal.services.house import House
from tests import databases
from tests.clock import SetClock
from tests.factories.late import LateDatabase

T = TypeVar("T")


@dataclass(frozen=True)
class _Stage:
    files: Path  # the instance's folder, and the checklists beside it
    database: str
    at: datetime
    found: Any


_made: dict[tuple[str, str], _Stage] = {}


def at_stage(
    name: str,
    house: House,
    folder: Path,
    prepare: Callable[[House, Path], House],
    build: Callable[[House], T],
) -> tuple[House, T]:
    """The fresh house, prepared and built up; from the second time on by copying what was built first.

    `prepare` gives the house its checklists, in `folder`/checklists; `build` returns ids only, never the house.
    """
    key, checklists = (name, house.db.kind), folder / "checklists"
    if key in _made:
        shutil.copytree(_made[key].files / "checklists", checklists)
        return replace(house, checklists=ChecklistFolder(checklists)), _restored(house, key)
    ready = prepare(house, folder)
    found = build(ready)
    shutil.copytree(checklists, _kept(ready, key, found).files / "checklists")
    return ready, found


def built(name: str, house: House, build: Callable[[House], T]) -> T:
    """The fresh house built up, with the checklists it has; `build` returns ids only."""
    key = (name, house.db.kind)
    if key not in _made:
        _kept(house, key, build(house))
    return _restored(house, key)


def further(house: House, name: str, walk: Callable[[], T]) -> T:
    """What `walk` makes of a house that was left alone since its stage; walked once, then copied.

    Of a house that was used since, and of one with a clock that was moved, it is walked each time.
    """
    db = house.db
    here = (db.stage, db.kind) if isinstance(db, LateDatabase) and db.untouched else None
    if here not in _made or house.clock.now() != _made[here].at:
        return walk()
    key = (f"{here[0]}, {name}", here[1])
    if key not in _made:
        _kept(house, key, walk())
    return _restored(house, key)


def _kept(house: House, key: tuple[str, str], found: Any) -> _Stage:
    files = Path(tempfile.mkdtemp(prefix="portal-stage-"))
    house.db.dispose()
    database = databases.copied(house.settings.database_url, files / "portal.db")
    shutil.copytree(house.settings.instance, files / "instance", ignore=shutil.ignore_patterns("portal.db*"))
    _made[key] = _Stage(files, database, house.clock.now(), found)
    if isinstance(house.db, LateDatabase):
        house.db.rests(key[0])
    return _made[key]


def _restored(house: House, key: tuple[str, str]) -> Any:
    stage, db = _made[key], house.db
    if isinstance(db, LateDatabase):
        db.becomes(key[0], stage.database)
    else:
        db.dispose()
        databases.become(house.settings.database_url, stage.database)
    shutil.copytree(stage.files / "instance", house.settings.instance, dirs_exist_ok=True)
    if isinstance(house.clock, SetClock):
        house.clock.at = stage.at
    return stage.found
