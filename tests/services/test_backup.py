"""Backup and restore: whole, consistent while others write, checked before anything is put back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit_portal import wiring
from audit_portal.config import Settings
from audit_portal.domain.errors import Conflict, Invalid, Misconfigured
from audit_portal.services import backup, checkpoints
from audit_portal.services.assessments import assessment_view
from audit_portal.services.evidence import evidence_reading, vault_check
from audit_portal.services.house import House
from tests import databases
from tests.factories.house import context
from tests.factories.world import CONTENT, attach
from tests.services.steps import ON_SQLITE, VENDOR_ITEM, Case, execute, make_case


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    found = make_case(house, tmp_path)
    attach(found.as_("vendor_lead"), found.assessment_id, VENDOR_ITEM)
    return found


@pytest.fixture
def target(case: Case, tmp_path: Path) -> Iterator[Settings]:
    """The settings of an instance that isn't there yet, on the same kind of database."""
    folder = tmp_path / "restored"
    url = (
        f"sqlite:///{folder / 'portal.db'}" if case.house.db.is_sqlite else databases.postgres_url(empty=True)
    )
    yield Settings(
        instance=folder,
        database_url=url,
        evidence_url=f"file:{folder / 'evidence'}",
        jobs_url=f"sqlite:///{folder / 'jobs.db'}",
        base_url="http://127.0.0.1:8000",
        keys_url=f"file:{folder / 'keys'}",
    )
    if not case.house.db.is_sqlite:
        databases.drop(url)


def restored(settings: Settings, folder: Path) -> House:
    found = wiring.restore(settings, folder)
    found.db.dispose()
    return found


def test_a_restored_backup_has_everything_and_lets_no_old_session_in(
    case: Case, target: Settings, tmp_path: Path
) -> None:
    execute(
        case.house,
        "INSERT INTO web_session (token_hash, stamp, data, created_at, seen_at, expires_at) "
        "VALUES ('f', 0, '{}', '2026-11-20 03:00:00', '2026-11-20 03:00:00', '2026-11-21 03:00:00')",
    )
    made = backup.backup(case.house, tmp_path / "backup")
    assert (made.objects, made.size > len(CONTENT)) == (1, True)
    house = restored(target, tmp_path / "backup")
    assert vault_check.verify(house).ok and vault_check.verify(house).objects == 1
    report = checkpoints.verify(house, (made.checkpoint,))
    assert report.check.ok and report.check.covered == report.check.size
    assert execute(house, "SELECT count(*) FROM web_session") == [(0,)]
    assert execute(
        house, "SELECT count(*) FROM access_link WHERE used_at IS NULL AND revoked_at IS NULL"
    ) == [(0,)]
    lead = context(house, case.everyone.vendor_lead)
    [item] = [i for i in assessment_view.get_assessment(lead, case.assessment_id).items if i.evidence]
    download = evidence_reading.open_download(lead, item.evidence[0].version_id)
    assert b"".join(evidence_reading.pieces(house, download)) == CONTENT
    attach(lead, case.assessment_id, VENDOR_ITEM)  # life goes on
    assert checkpoints.verify(house, (made.checkpoint,)).check.ok
    house.db.dispose()


def test_a_backup_is_never_put_over_something(case: Case, target: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    backup.backup(case.house, folder)
    with pytest.raises(Conflict) as refused:
        backup.backup(case.house, folder)
    assert refused.value.code == "backup_not_empty"
    restored(target, folder)
    with pytest.raises(Conflict) as refused:
        wiring.restore(target, folder)
    assert refused.value.code == "instance_not_empty"
    other = Settings(**{**vars(target), "instance": tmp_path / "third", "keys_url": f"file:{tmp_path / 'k'}"})
    with pytest.raises(Conflict) as refused:  # an empty instance, but a database that isn't
        wiring.restore(other, folder)
    assert refused.value.code == "instance_not_empty"
    assert not (tmp_path / "third" / "keys").exists()


@ON_SQLITE
def test_a_damaged_or_missing_file_of_a_backup_is_named(case: Case, target: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    backup.backup(case.house, folder)
    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    assert {name.split("/")[0] for name in files} == {"database", "objects", "keys", "trust"}
    for name in files:
        path = folder / name
        content = path.read_bytes()
        for damaged in (content[:-1], bytes([content[0] ^ 1]) + content[1:], None):
            if damaged is None:
                path.unlink()
            else:
                path.write_bytes(damaged)
            with pytest.raises(Invalid) as refused:
                wiring.restore(target, folder)
            assert (refused.value.code, refused.value.facts["file"]) == ("backup_damaged", name)
        path.write_bytes(content)
        path.chmod(0o600)
    assert not (target.instance / "keys").exists()
    restored(target, folder)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"files": 3}', b'{"files": {"../../etc/hostname": "0"}}', b"\xff"]
)
def test_a_manifest_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(Invalid) as refused:
        backup.check(tmp_path)
    assert refused.value.code == "backup_damaged"


def test_a_backup_while_others_write_names_only_what_is_there(
    case: Case, target: Settings, tmp_path: Path
) -> None:
    stop, errors = threading.Event(), []

    def write() -> None:
        lead, codes = case.as_("vendor_lead"), ("QSL-003", "QSL-004", VENDOR_ITEM)
        for turn in range(45):
            if stop.is_set():
                return
            try:
                attach(lead, case.assessment_id, codes[turn % 3])
            except Conflict:
                return
            except Exception as error:
                errors.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = backup.backup(case.house, tmp_path / "backup")
    finally:
        stop.set()
        writer.join(60)
    assert not errors
    house = restored(target, tmp_path / "backup")
    checked = vault_check.verify(house)
    assert {problem.code for problem in checked.problems} <= {"orphan"}, (
        "an object more is harmless, one less is not"
    )
    assert checkpoints.verify(house, (made.checkpoint,)).check.ok
    house.db.dispose()


@ON_SQLITE
def test_a_backup_of_a_store_that_lost_an_object_says_so(case: Case, tmp_path: Path) -> None:
    [(key,)] = execute(case.house, "SELECT store_key FROM evidence_version")
    case.house.store.delete(key)
    with pytest.raises(Misconfigured) as refused:
        backup.backup(case.house, tmp_path / "backup")
    assert (refused.value.code, refused.value.facts["key"]) == ("object_missing", key)


@ON_SQLITE
def test_a_backup_takes_the_keys_from_where_they_are(case: Case, target: Settings, tmp_path: Path) -> None:
    from dataclasses import replace

    keys = tmp_path / "elsewhere" / "keys"
    keys.parent.mkdir()
    (case.house.settings.instance / "keys").rename(keys)
    house = replace(case.house, settings=replace(case.house.settings, keys_url=f"file:{keys}"))
    backup.backup(house, tmp_path / "backup")
    assert (tmp_path / "backup" / "keys" / "root.key").read_bytes() == (keys / "root.key").read_bytes()
    there = replace(target, keys_url=f"file:{tmp_path / 'new-keys'}")
    assert vault_check.verify(restored(there, tmp_path / "backup")).ok
    assert (tmp_path / "new-keys" / "root.key").stat().st_mode & 0o077 == 0


@ON_SQLITE
def test_a_backup_of_the_other_kind_of_database_is_refused(
    case: Case, target: Settings, tmp_path: Path
) -> None:
    backup.backup(case.house, tmp_path / "backup")
    file = tmp_path / "backup" / "manifest.json"
    manifest: dict[str, Any] = json.loads(file.read_bytes())
    file.write_text(json.dumps({**manifest, "database": "postgresql"}), encoding="utf-8")
    with pytest.raises(Misconfigured) as refused:
        wiring.restore(target, tmp_path / "backup")
    assert refused.value.code == "backup_other_database"
