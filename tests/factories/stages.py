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
    key = (name, house.db.kind)
    if key in _made:
        return _restored(house, folder, _made[key])
    ready = prepare(house, folder)
    found = build(ready)
    _made[key] = _kept(ready, found)
    return ready, found


def _kept(house: House, found: Any) -> _Stage:
    files = Path(tempfile.mkdtemp(prefix="portal-stage-"))
    house.db.dispose()
    database = databases.copied(house.settings.database_url, files / "portal.db")
    shutil.copytree(house.settings.instance, files / "instance", ignore=shutil.ignore_patterns("portal.db*"))
    shutil.copytree(_checklists(house).root, files / "checklists")
    return _Stage(files, database, house.clock.now(), found)


def _restored(house: House, folder: Path, stage: _Stage) -> tuple[House, Any]:
    house.db.dispose()
    databases.become(house.settings.database_url, stage.database)
    shutil.copytree(stage.files / "instance", house.settings.instance, dirs_exist_ok=True)
    checklists = folder / "checklists"
    shutil.copytree(stage.files / "checklists", checklists)
    if isinstance(house.clock, SetClock):
        house.clock.at = stage.at
    return replace(house, checklists=ChecklistFolder(checklists)), stage.found


def _checklists(house: House) -> ChecklistFolder:
    if not isinstance(house.checklists, ChecklistFolder):
        raise TypeError("a stage needs a house with its checklists in a folder")
    return house.checklists
