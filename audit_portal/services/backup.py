"""Backup: a consistent snapshot of the database first, then the immutable objects it names; and the way back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit_portal.config import Settings, path_of
from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict, Invalid, Misconfigured, Unavailable
from audit_portal.services import checkpoints
from audit_portal.services.house import House
from audit_portal.storage import assessments, snapshot
from audit_portal.storage.transaction import Database

_SYSTEM = system("backup")
_PIECE = 1024 * 1024
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Made:
    objects: int
    size: int
    checkpoint: str


def backup(house: House, target: Path) -> Made:
    """Writes a whole backup into an empty folder: database, objects (still sealed), keys, trust, manifest.

    The database snapshot comes first: every object it names exists by then and never changes. The folder
    holds the keys as well and must be kept as safe as the installation.
    Raises Conflict('backup_not_empty'), Misconfigured('object_missing'), Unavailable('disk_full').
    """
    if target.exists() and any(target.iterdir()):
        raise Conflict("backup_not_empty", path=str(target))
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        checkpoint = checkpoints.sign_head(house)
        snapshot.take(house.db, target / "database")
        files = {"database": _digest(target / "database")}
        for key in sorted(_named(house)):
            files[f"objects/{key}"] = _copy_object(house, key, target / "objects" / key)
        for name, folder in folders(house.settings).items():
            files.update(_copy_folder(folder, target / name, name))
    except OSError as error:
        raise Unavailable("disk_full", reason=error.strerror) from error
    note = checkpoint.note if checkpoint else ""
    manifest = {
        "format": "audit-portal-backup/1",
        "made_at": house.clock.now().isoformat(),
        "database": house.db.kind,
        "checkpoint": note,
        "files": files,
    }
    _write(target / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    objects = [target / name for name in files if name.startswith("objects/")]
    return Made(len(objects), sum(path.stat().st_size for path in objects), note)


def before_upgrade(db: Database, settings: Settings, target: Path) -> None:
    """Database, keys and trust files as they stand; sealed objects aren't touched by a migration."""
    if target.exists():
        raise Conflict("backup_not_empty", path=str(target))
    target.mkdir(mode=0o700, parents=True)
    snapshot.take(db, target / "database")
    for name, folder in folders(settings).items():
        dict(_copy_folder(folder, target / name, name))


def folders(settings: Settings) -> dict[str, Path]:
    """The folders a backup takes as they are, by their name in it."""
    return {"keys": path_of(settings.keys_url), "trust": settings.trust}


def _named(house: House) -> set[str]:
    """Keys of all objects that rows point to."""
    with house.db.read(_SYSTEM) as tx:
        return {row.store_key for row in assessments.all_versions(tx)} | {
            row.store_key for row in assessments.all_report_files(tx)
        }


def _copy_object(house: House, key: str, path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with house.store.open(key) as source, path.open("xb") as out:
            while piece := source.read(_PIECE):
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    except KeyError as error:
        raise Misconfigured("object_missing", key=key) from error
    return digest.hexdigest()


def _copy_folder(source: Path, target: Path, name: str) -> Iterator[tuple[str, str]]:
    for path in sorted(source.rglob("*")):
        if path.is_file():
            to = target / path.relative_to(source)
            to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(path, to)
            yield f"{name}/{path.relative_to(source).as_posix()}", _digest(to)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def check(source: Path) -> dict[str, Any]:
    """Reads the manifest and compares every file. Raises Invalid('backup_damaged', file=…)."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_bytes())
        files: dict[str, str] = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid("backup_damaged", file=MANIFEST) from error
    for name, digest in files.items():
        path = (source / name).resolve()
        if not path.is_relative_to(source.resolve()) or not path.is_file() or _digest(path) != digest:
            raise Invalid("backup_damaged", file=name)
    return manifest


def restore_files(source: Path, settings: Settings) -> dict[str, Any]:
    """Puts keys and trust files into an empty instance, before a house can be built there."""
    manifest, instance = check(source), settings.instance
    if instance.exists() and any(path.name != "README.md" for path in instance.iterdir()):
        raise Conflict("instance_not_empty", path=str(instance))
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, folder in folders(settings).items():
        if folder.exists() and any(folder.iterdir()):
            raise Conflict("instance_not_empty", path=str(folder))
        shutil.copytree(source / name, folder, dirs_exist_ok=True)
        folder.chmod(0o700)
    return manifest


def restore_objects(house: House, source: Path, manifest: dict[str, Any]) -> int:
    """Puts the sealed objects back into the store; returns how many."""
    count = 0
    for name in manifest["files"]:
        if name.startswith("objects/"):
            sink = house.store.create(name.removeprefix("objects/"))
            with (source / name).open("rb") as file:
                while piece := file.read(_PIECE):
                    sink.write(piece)
            sink.commit()
            count += 1
    return count


def require_empty(db: Database) -> None:
    """Raises Conflict('instance_not_empty') when the database holds anything already."""
    if not snapshot.is_empty(db):
        raise Conflict("instance_not_empty", path=str(db.url.database))


def load_database(db: Database, source: Path, manifest: dict[str, Any]) -> None:
    """Loads the snapshot into an empty database of the same kind, ends every session and link."""
    if manifest["database"] != db.kind:
        raise Misconfigured("backup_other_database", backup=manifest["database"], here=db.kind)
    snapshot.load(db, source / "database")
