"""Backup: a consistent snapshot of the database first, then the immutable objects it names; and the way back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit_portal.config import Settings, path_of
from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict, Invalid, Misconfigured, Unavailable
from audit_portal.ports import EvidenceStore
from audit_portal.services import checkpoints
from audit_portal.services.house import House
from audit_portal.storage import assessments, schema, snapshot
from audit_portal.storage.transaction import Database

_SYSTEM = system("backup")
_PIECE = 1024 * 1024
MANIFEST = "manifest.json"
Manifest = Mapping[str, Any]
_IN_PLACE = "objects_in_place"  # in the manifest of a backup that `upgrade` made: their keys
_ASIDE = "stop the portal and move this file elsewhere, with those ending in -wal and -shm; it holds what came since"
_OTHER_DATABASE = (
    "stop the portal and name an empty database in AUDIT_PORTAL_DATABASE_URL; this one holds what came since"
)
_OTHER_FILE = "move it elsewhere, and the backup's own is put in its place"
_NEW_INSTANCE = "name a new folder in AUDIT_PORTAL_INSTANCE, and an empty database"
_WHERE_THE_OBJECTS_ARE = "restore in the instance that was upgraded: this backup left the evidence there"


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
    _write_manifest(target, house.db, files, checkpoint=note)
    objects = [target / name for name in files if name.startswith("objects/")]
    return Made(len(objects), sum(path.stat().st_size for path in objects), note)


def before_upgrade(db: Database, settings: Settings, target: Path) -> None:
    """Database, keys and trust files as they stand; the objects stay in place: a migration doesn't touch them.

    The manifest names those objects: such a backup goes back only where they are.
    Raises Conflict('backup_not_empty'), Unavailable('disk_full').
    """
    if target.exists():
        raise Conflict("backup_not_empty", path=str(target))
    try:
        target.mkdir(mode=0o700, parents=True)
        snapshot.take(db, target / "database")
        files = {"database": _digest(target / "database")}
        for name, folder in folders(settings).items():
            files.update(_copy_folder(folder, target / name, name))
        _write_manifest(target, db, files, **{_IN_PLACE: sorted(snapshot.store_keys(db))})
    except OSError as error:
        raise Unavailable("disk_full", reason=error.strerror) from error


def _write_manifest(target: Path, db: Database, files: dict[str, str], **more: Any) -> None:
    manifest = {
        "format": "audit-portal-backup/1",
        "made_at": db.clock.now().isoformat(),
        "database": db.kind,
        "revision": schema.current(db),
        "files": files,
        **more,
    }
    _write(target / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())


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
        path = source / name
        if ".." in path.parts[len(source.parts) :] or not path.resolve().is_relative_to(source.resolve()):
            raise Invalid("backup_damaged", file=name)
        if not path.is_file() or _digest(path) != digest:
            raise Invalid("backup_damaged", file=name)
    return manifest


def require_room(db: Database, settings: Settings, manifest: Manifest, store: EvidenceStore | None) -> None:
    """Refuses, before anything is written, whatever this backup would overwrite or couldn't open.

    A whole backup goes into an empty instance. One that `upgrade` made goes back to its objects (`store`,
    None: there is no such folder), beside the same keys, into a database that is empty again.
    Raises Misconfigured('backup_other_database' | 'database_ahead' | 'object_missing'),
    Conflict('instance_not_empty', path=…, mend=…).
    """
    if manifest["database"] != db.kind:
        raise Misconfigured("backup_other_database", backup=manifest["database"], here=db.kind)
    if not schema.knows(revision := _revision(manifest)):
        raise Misconfigured(
            "database_ahead", revision=revision, mend="install the version that made the backup"
        )
    in_place = _IN_PLACE in manifest
    if not snapshot.is_empty(db):
        mend = (_ASIDE if db.is_sqlite else _OTHER_DATABASE) if in_place else _NEW_INSTANCE
        raise Conflict("instance_not_empty", path=str(db.url.database), mend=mend)
    if in_place:
        _require_objects(store, manifest[_IN_PLACE])
        _require_same_files(settings, manifest)
    else:
        _require_empty_folders(settings)


def _require_objects(store: EvidenceStore | None, keys: Iterable[str]) -> None:
    for key in keys:
        try:
            if store is None:
                raise KeyError(key)
            store.size(key)
        except KeyError as error:
            raise Misconfigured("object_missing", key=key, mend=_WHERE_THE_OBJECTS_ARE) from error


def _require_same_files(settings: Settings, manifest: Manifest) -> None:
    for _, path, digest in _kept_files(settings, manifest):
        if path.exists() and _digest(path) != digest:
            raise Conflict("instance_not_empty", path=str(path), mend=_OTHER_FILE)


def _require_empty_folders(settings: Settings) -> None:
    instance = settings.instance
    if instance.exists() and any(path.name != "README.md" for path in instance.iterdir()):
        raise Conflict("instance_not_empty", path=str(instance), mend=_NEW_INSTANCE)
    for folder in folders(settings).values():
        if folder.exists() and any(folder.iterdir()):
            raise Conflict("instance_not_empty", path=str(folder), mend=_NEW_INSTANCE)


def _kept_files(settings: Settings, manifest: Manifest) -> Iterator[tuple[str, Path, str]]:
    """Name in the backup, place in the instance and digest of each key and trust file."""
    for name, folder in folders(settings).items():
        for file, digest in manifest["files"].items():
            if file.startswith(f"{name}/"):
                yield file, folder / file.removeprefix(f"{name}/"), digest


def restore_files(source: Path, settings: Settings, manifest: Manifest) -> None:
    """Puts keys and trust files where they are missing, before a house can be built there."""
    for folder in (settings.instance, *folders(settings).values()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file, path, _ in _kept_files(settings, manifest):
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(source / file, path)


def load_database(db: Database, source: Path, manifest: Manifest) -> None:
    """Loads the snapshot into the empty database, at the version it was taken at; ends every session and link."""
    if not db.is_sqlite:
        schema.migrate(db, _revision(manifest))  # PostgreSQL's snapshot holds rows, not tables
    snapshot.load(db, source / "database")


def restore_objects(store: EvidenceStore, source: Path, manifest: Manifest) -> int:
    """Puts the sealed objects back into the store; returns how many."""
    count = 0
    for name in manifest["files"]:
        if name.startswith("objects/"):
            sink = store.create(name.removeprefix("objects/"))
            with (source / name).open("rb") as file:
                while piece := file.read(_PIECE):
                    sink.write(piece)
            sink.commit()
            count += 1
    return count


def _revision(manifest: Manifest) -> str:
    """Of the database; a manifest of before it stood there was of the version that reads it."""
    return str(manifest.get("revision") or schema.head())
