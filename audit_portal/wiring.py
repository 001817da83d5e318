"""Builds the house from the settings: the only place that knows the adapters."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from uuid6 import uuid7

from audit_portal import ports
from audit_portal.adapters.certificate_authority import FileCertificateAuthority
from audit_portal.adapters.checklists_yaml import ChecklistFolder
from audit_portal.adapters.clock import SystemClock
from audit_portal.adapters.evidence_files import FileEvidenceStore
from audit_portal.adapters.keys_file import ClassKeys, FileKeyProvider
from audit_portal.adapters.ledger_key import LedgerKey
from audit_portal.adapters.letters import CatalogueLetters
from audit_portal.adapters.mail_smtp import SmtpMailer
from audit_portal.adapters.pdf_text import PdfTextReader
from audit_portal.adapters.pdf_verify import verify_report
from audit_portal.adapters.report_reportlab import ReportlabRenderer
from audit_portal.adapters.sheets import SheetFiles
from audit_portal.adapters.signatures_read import read_signatures
from audit_portal.adapters.signer_pyhanko import PyhankoSigner
from audit_portal.adapters.timestamp_own import OwnTimestampAuthority
from audit_portal.adapters.timestamp_rfc3161 import HttpTimestampAuthority
from audit_portal.config import Settings, path_of
from audit_portal.domain.errors import Misconfigured
from audit_portal.services import backup, upgrading
from audit_portal.services.accounts import setup
from audit_portal.services.house import House
from audit_portal.storage import schema
from audit_portal.storage.transaction import Database

WEB_KEY = "web.key"
LEDGER_KEY = "ledger.key"


def prepare_files(settings: Settings, clock: ports.Clock | None = None) -> None:
    """Makes folders, keys and the CA where they are missing; never overwrites one. Harmless twice."""
    clock = clock or SystemClock()
    for folder in (settings.instance, settings.keys, settings.trust):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = path_of(settings.keys_url)
    if not (root / "root.key").exists():
        if _in_use(settings):
            raise Misconfigured("key_missing", path=str(root / "root.key"), key_id="root.key")
        FileKeyProvider.create(root)
    provider = FileKeyProvider(root)
    if not (root / LEDGER_KEY).exists():
        if _in_use(settings):
            raise Misconfigured("key_missing", path=str(root / LEDGER_KEY), key_id=LEDGER_KEY)
        LedgerKey.create(root / LEDGER_KEY, provider, f"audit-portal/{uuid7()}")
    if not (root / WEB_KEY).exists():
        _write_new(root / WEB_KEY, secrets.token_hex(32))
    with _naming_the_root_key(root):
        _authority(settings, provider).create("Audit Portal", clock.now())
        ledger = LedgerKey(root / LEDGER_KEY, provider)
    (settings.trust / "ledger.vkey").write_text(ledger.verifier_key + "\n", encoding="ascii")


def _in_use(settings: Settings) -> bool:
    """Whether the database was made already: then a key that is missing was lost, and a new one hides that."""
    if settings.database_url.startswith("sqlite") and not path_of(settings.database_url).exists():
        return False  # asking would create it
    db = database(settings)
    try:
        return schema.current(db) is not None
    finally:
        db.dispose()


def _write_new(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def _authority(settings: Settings, provider: ports.KeyProvider) -> FileCertificateAuthority:
    return FileCertificateAuthority(path_of(settings.keys_url), provider, settings.trust / "root.pem")


def database(settings: Settings, clock: ports.Clock | None = None) -> Database:
    return Database(settings.database_url, clock or SystemClock(), settings.zone)


def build(
    settings: Settings,
    clock: ports.Clock | None = None,
    mailer: ports.Mailer | None = None,
    wake: Callable[[], None] = lambda: None,
) -> House:
    """The house of one process. Raises Misconfigured, naming the setting, key or command that helps."""
    clock = clock or SystemClock()
    if not settings.instance.is_dir():
        raise Misconfigured("instance_missing", path=str(settings.instance), mend="audit-portal init")
    db = database(settings, clock)
    schema.check(db)
    keys = path_of(settings.keys_url)
    provider = FileKeyProvider(keys)
    authority = _authority(settings, provider)
    with _naming_the_root_key(keys):
        stamps = _timestamps(settings, authority, clock)
        ledger_key = LedgerKey(keys / LEDGER_KEY, provider)
    clocks = stamp_roots(settings)
    if mailer is None and settings.smtp_url:
        mailer = SmtpMailer(settings.smtp_url, settings.mail_from)
    return House(
        settings=settings,
        db=db,
        clock=clock,
        store=FileEvidenceStore(path_of(settings.evidence_url)),
        keys=provider,
        class_keys=ClassKeys(keys, provider),
        checklists=ChecklistFolder(settings.checklists),
        mailer=mailer,
        letters=CatalogueLetters(),
        timestamps=stamps,
        authority=authority,
        signer=PyhankoSigner(authority, stamps, clocks, settings.zone.key),
        renderer=ReportlabRenderer(),
        verifier=partial(verify_report, stamp_roots=clocks),
        signature_reader=read_signatures,
        pdf_text=PdfTextReader(),
        ledger_signer=ledger_key,
        sheets=SheetFiles(),
        wake=wake,
    )


@contextlib.contextmanager
def _naming_the_root_key(keys: Path) -> Iterator[None]:
    """What another key doesn't open was wrapped by another root key: that file is named."""
    try:
        yield
    except Misconfigured as error:
        if error.code != "key_wrong":
            raise
        mend = "put back the root.key that this installation was made with"
        raise Misconfigured("key_wrong", path=str(keys / "root.key"), mend=mend) from error


def _timestamps(
    settings: Settings, authority: FileCertificateAuthority, clock: ports.Clock
) -> ports.TimestampAuthority:
    if settings.tsa_url:
        return HttpTimestampAuthority(settings.tsa_url)
    return OwnTimestampAuthority(*authority.stamp_credentials(), clock)


def stamp_roots(settings: Settings) -> tuple[bytes, ...]:
    """Root of an outside time-stamp authority, put by the administrator into trust/tsa-root.pem."""
    path = settings.trust / "tsa-root.pem"
    return (path.read_bytes(),) if path.is_file() else ()


def web_secret(settings: Settings) -> str:
    """What signs the cookies of visitors who haven't signed in."""
    path = path_of(settings.keys_url) / WEB_KEY
    try:
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise Misconfigured("key_missing", path=str(path), key_id=WEB_KEY) from error


def checklist_folder(folder: Path) -> ports.ChecklistSource:
    return ChecklistFolder(folder)


def verify_file(pdf: bytes, root: bytes, stamp_roots: Sequence[bytes] = ()) -> dict[str, Any]:
    """Checks a report against one root certificate, without an installation; as JSON values.

    `stamp_roots`: of outside time-stamp authorities. Raises ValueError for a root that is no certificate.
    """
    found = verify_report(pdf, (root,), SystemClock().now(), stamp_roots)
    return {
        "ok": found.ok,
        "verdict": found.verdict.value,
        "problems": list(found.problems),
        "number": found.number,
        "sealed_at": found.sealed_at.isoformat() if found.sealed_at else None,
        "signatures": [
            {
                "field": each.field,
                "name": each.name,
                "serial": each.serial,
                "signed_at": each.signed_at.isoformat() if each.signed_at else None,
                "stamped_at": each.stamped_at.isoformat() if each.stamped_at else None,
                "stamp_own": each.stamp_own,
                "intact": each.intact,
                "trusted": each.trusted,
            }
            for each in found.signatures
        ],
    }


def restore(settings: Settings, folder: Path) -> House:
    """Puts a backup back and moves its database on to this version, if it is older; returns its house.

    A whole one goes into an empty instance, one that `upgrade` made beside the objects it left in place.
    """
    manifest, db = backup.check(folder), database(settings)
    evidence = path_of(settings.evidence_url)
    backup.require_room(db, settings, manifest, FileEvidenceStore(evidence) if evidence.is_dir() else None)
    backup.restore_files(folder, settings, manifest)
    backup.load_database(db, folder, manifest)
    backup.restore_objects(FileEvidenceStore(evidence), folder, manifest)
    if schema.behind(db):
        upgrading.move_on(db)
    db.dispose()
    house = build(settings)
    setup.check_keys(house)
    return house
