"""The backup that `upgrade` makes goes back where it was made, and nothing is lost on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from audit_portal import wiring
from audit_portal.cli import main
from audit_portal.config import Settings
from audit_portal.domain.errors import Conflict, Misconfigured, PortalError
from audit_portal.services import backup, checkpoints, history_check
from audit_portal.services.assessments import assessment_view
from audit_portal.services.evidence import evidence_reading, vault_check
from audit_portal.services.house import House
from audit_portal.storage import schema
from tests import databases
from tests.factories.house import context
from tests.factories.world import CONTENT, attach
from tests.services.steps import ON_SQLITE, VENDOR_ITEM, Case, execute, make_case

BEFORE = "0016"  # a landed version
ENDED = {"web_session", "access_link"}  # a restore ends them
GROWS = {"ledger_entry", "row_history", "ledger_head"}  # by what the migration made

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    """With evidence, in a database that is a version behind."""
    found = make_case(house, tmp_path)
    attach(found.as_("vendor_lead"), found.assessment_id, VENDOR_ITEM)
    checkpoints.sign_head(found.house)
    schema.migrate(found.house.db, BEFORE)
    found.house.db.dispose()
    return found


@pytest.fixture
def emptied(case: Case) -> Iterator[Settings]:
    """The same instance over another, empty database, as the refusal asks for."""
    settings = case.house.settings
    if case.house.db.is_sqlite:
        yield replace(settings, database_url=f"sqlite:///{settings.instance / 'anew.db'}")
        return
    url = databases.postgres_url(empty=True)
    yield replace(settings, database_url=url)
    databases.drop(url)


def run(settings: Settings, *arguments: str) -> Result:
    environment = {
        "AUDIT_PORTAL_INSTANCE": str(settings.instance),
        "AUDIT_PORTAL_DATABASE_URL": settings.database_url,
    }
    return CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)


def upgraded(case: Case) -> Path:
    assert run(case.house.settings, "upgrade").exit_code == 0
    (made,) = (case.house.settings.instance / "backups").iterdir()
    return made


def rows(house: House, like: Rows | None = None) -> Rows:
    """Every row of every table; `like`: only the tables and columns of that."""
    tables = sa.MetaData()
    tables.reflect(house.db.engine)
    found = {}
    with house.db.engine.connect() as connection:
        for table in tables.sorted_tables:
            if table.name in ENDED | {"alembic_version"} or (like and table.name not in like):
                continue
            known = like[table.name][0] if like and like[table.name] else table.columns.keys()
            columns = [table.c[name] for name in known]
            found[table.name] = [dict(row._mapping) for row in connection.execute(sa.select(*columns))]
    return {name: sorted(all_of, key=repr) for name, all_of in found.items()}


def refused(settings: Settings, folder: Path) -> PortalError:
    with pytest.raises((Conflict, Misconfigured)) as error:
        wiring.restore(settings, folder)
    return error.value


def test_it_brings_back_the_data_and_the_objects_open(case: Case, emptied: Settings) -> None:
    before = rows(case.house)
    folder = upgraded(case)
    case.write("vendor_lead", VENDOR_ITEM, text="更新の後に書いたこと")
    after = rows(case.house)
    error = refused(case.house.settings, folder)
    assert (error.code, "what came since" in error.facts["mend"]) == ("instance_not_empty", True)
    assert rows(case.house) == after, "refused, and nothing was touched"

    house = wiring.restore(emptied, folder)
    back = rows(house, before)
    for name, those in before.items():
        if name in GROWS:
            assert all(row in back[name] for row in those), name
        else:
            assert back[name] == those, name
    assert schema.current(house.db) == schema.head()
    assert vault_check.verify(house) == vault_check.VaultCheck(1, ())
    assert checkpoints.verify(house).check.ok and history_check.verify(house) == ()
    lead = context(house, case.everyone.vendor_lead)
    [item] = [i for i in assessment_view.get_assessment(lead, case.assessment_id).items if i.evidence]
    download = evidence_reading.open_download(lead, item.evidence[0].version_id)
    assert b"".join(evidence_reading.pieces(house, download)) == CONTENT
    attach(lead, case.assessment_id, VENDOR_ITEM)  # life goes on
    house.db.dispose()


def test_a_whole_backup_of_an_older_version_comes_back_with_its_objects(
    case: Case, emptied: Settings, tmp_path: Path
) -> None:
    backup.backup(case.house, tmp_path / "backup")
    there = tmp_path / "there"
    url = emptied.database_url if not case.house.db.is_sqlite else f"sqlite:///{there / 'portal.db'}"
    settings = replace(
        emptied,
        instance=there,
        database_url=url,
        keys_url=f"file:{there / 'keys'}",
        evidence_url=f"file:{there / 'evidence'}",
    )
    house = wiring.restore(settings, tmp_path / "backup")
    assert schema.current(house.db) == schema.head()
    assert vault_check.verify(house) == vault_check.VaultCheck(1, ())
    house.db.dispose()


@ON_SQLITE
def test_the_command_says_what_is_in_the_way_and_what_came_since(case: Case) -> None:
    settings, folder = case.house.settings, upgraded(case)
    attach(case.as_("vendor_lead"), case.assessment_id, VENDOR_ITEM)
    case.house.db.dispose()
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    first = run(settings, "restore", str(folder))
    assert first.exit_code == 1 and str(database) in first.stderr and "-wal" in first.stderr
    database.rename(database.with_name("aside.db"))
    database.with_name(f"{database.name}-wal").write_bytes(b"left behind")
    assert run(settings, "restore", str(folder)).exit_code == 1, "it would be played into the restored file"
    database.with_name(f"{database.name}-wal").unlink()
    done = run(settings, "restore", str(folder))
    assert done.exit_code == 0 and "1 objects restored" in done.output
    assert done.output.count("  orphan evidence/") == 1, "the object that came since stays, and is named"


@ON_SQLITE
def test_it_goes_only_where_its_objects_and_keys_are(case: Case, emptied: Settings, tmp_path: Path) -> None:
    folder = upgraded(case)
    elsewhere = tmp_path / "elsewhere"
    away = replace(
        emptied,
        instance=elsewhere,
        database_url=f"sqlite:///{elsewhere / 'portal.db'}",
        keys_url=f"file:{elsewhere / 'keys'}",
        evidence_url=f"file:{elsewhere / 'evidence'}",
    )
    [(key,)] = execute(case.house, "SELECT store_key FROM evidence_version")
    error = refused(away, folder)
    assert (error.code, error.facts["key"]) == ("object_missing", key) and error.facts["mend"]
    assert not any(elsewhere.iterdir())

    root = emptied.instance / "keys" / "root.key"
    kept = root.read_bytes()
    root.write_text("ab" * 32 + "\n", encoding="ascii")
    error = refused(emptied, folder)
    assert (error.code, error.facts["path"]) == ("instance_not_empty", str(root))
    root.write_bytes(kept)

    [class_key] = (emptied.instance / "keys" / "classes").iterdir()
    class_key.unlink()  # what is missing is put back
    assert vault_check.verify(wiring.restore(emptied, folder)).ok


@ON_SQLITE
def test_a_backup_of_a_newer_version_is_told_before_anything_is_written(
    case: Case, emptied: Settings
) -> None:
    folder = upgraded(case)
    file = folder / "manifest.json"
    manifest = json.loads(file.read_bytes())
    assert (manifest["revision"], manifest["database"]) == (BEFORE, "sqlite")
    file.write_text(json.dumps({**manifest, "revision": "9999"}), encoding="utf-8")
    assert refused(emptied, folder).code == "database_ahead"
    assert not (emptied.instance / "anew.db").exists()
