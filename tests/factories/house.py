"""A whole house for tests: the real adapters in a folder of its own, a clock that stands still, kept mail."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import UUID

from audit_portal.adapters.certificate_authority import FileCertificateAuthority
from audit_portal.adapters.checklists_yaml import ChecklistFolder
from audit_portal.adapters.evidence_files import FileEvidenceStore
from audit_portal.adapters.keys_file import ClassKeys, FileKeyProvider
from audit_portal.adapters.ledger_key import LedgerKey
from audit_portal.adapters.letters import CatalogueLetters
from audit_portal.adapters.pdf_text import PdfTextReader
from audit_portal.adapters.pdf_verify import verify_report
from audit_portal.adapters.report_reportlab import ReportlabRenderer
from audit_portal.adapters.sheets import SheetFiles
from audit_portal.adapters.signatures_read import read_signatures
from audit_portal.adapters.signer_pyhanko import PyhankoSigner
from audit_portal.adapters.timestamp_own import OwnTimestampAuthority
from audit_portal.config import ROOT, Settings
from audit_portal.domain.access import Role
from audit_portal.domain.errors import Unavailable
from audit_portal.ports import Clock, Mail
from audit_portal.services.accounts import accounts, setup
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.accounts.sessions import person_in
from audit_portal.services.house import Context, House
from audit_portal.services.parties import parties
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.storage.transaction import Database
from tests.clock import SetClock
from tests.factories.late import LateDatabase

BASE_URL = "http://127.0.0.1:8000"
PASSWORD = "長い合い言葉 for tests"
_count = itertools.count(1)


@dataclass
class RecordingMailer:
    """Keeps what was sent; `broken` makes it refuse like a server that is down."""

    sent: list[Mail] = field(default_factory=list)
    broken: bool = False

    def send(self, mail: Mail) -> None:
        if self.broken:
            raise Unavailable("mail_not_taken", reason="down")
        self.sent.append(mail)

    def last_link(self) -> str:
        """The address in the newest mail."""
        return next(line for line in self.sent[-1].body.splitlines() if line.startswith("http"))


@cache
def _files() -> Path:
    """Keys and CA made once for all tests; each house gets a copy."""
    folder = Path(tempfile.mkdtemp(prefix="portal-house-"))
    keys = folder / "keys"
    provider = FileKeyProvider.create(keys)
    LedgerKey.create(keys / "ledger.key", provider, "audit-portal/tests")
    FileCertificateAuthority(keys, provider, folder / "trust" / "root.pem").create("Tests", SetClock().now())
    return folder


def make_house(database_url: str, folder: Path, clock: Clock) -> House:
    """A prepared house (no client yet) over a migrated, empty database; `folder` must not exist."""
    made = _house(Database(database_url, clock), database_url, folder)
    setup.prepare(made)
    return made


def make_house_late(database_url: str, folder: Path, clock: Clock) -> House:
    """The same over a planned database, which is made and prepared when it is first asked."""
    db = LateDatabase(database_url, clock)
    made = _house(db, database_url, folder)
    db.first(lambda: setup.prepare(made))
    return made


def _house(db: Database, database_url: str, folder: Path) -> House:
    clock = db.clock
    shutil.copytree(_files(), folder)
    settings = Settings(
        instance=folder,
        database_url=database_url,
        evidence_url=f"file:{folder / 'evidence'}",
        jobs_url=f"sqlite:///{folder / 'jobs.db'}",
        keys_url=f"file:{folder / 'keys'}",
        base_url=BASE_URL,
    )
    keys = folder / "keys"
    provider = FileKeyProvider(keys)
    authority = FileCertificateAuthority(keys, provider, folder / "trust" / "root.pem")
    stamps = OwnTimestampAuthority(*authority.stamp_credentials(), clock)
    return House(
        settings=settings,
        db=db,
        clock=clock,
        store=FileEvidenceStore(folder / "evidence"),
        keys=provider,
        class_keys=ClassKeys(keys, provider),
        checklists=ChecklistFolder(ROOT / "checklists"),
        mailer=RecordingMailer(),
        letters=CatalogueLetters(),
        timestamps=stamps,
        authority=authority,
        signer=PyhankoSigner(authority, stamps),
        renderer=ReportlabRenderer(),
        verifier=verify_report,
        signature_reader=read_signatures,
        pdf_text=PdfTextReader(),
        ledger_signer=LedgerKey(keys / "ledger.key", provider),
        sheets=SheetFiles(),
    )


def mailer(house: House) -> RecordingMailer:
    if not isinstance(house.mailer, RecordingMailer):
        raise TypeError("this house sends real mail")
    return house.mailer


@dataclass(frozen=True)
class People:
    """A client with one person in each role, and one vendor with two people; all can sign in with PASSWORD."""

    client_id: UUID
    vendor_id: UUID
    admin: UUID
    officer: UUID
    approver: UUID
    owner: UUID
    auditor: UUID
    vendor_lead: UUID
    vendor_contributor: UUID


def account(house: House, party_id: UUID, *roles: Role, name: str = "", email: str = "") -> UUID:
    """One more person of a party, active at once."""
    number = next(_count)
    person = NewPerson(
        name=name or f"試験 {roles[0].value}",
        email=email or f"{roles[0].value}-{number}@example.jp",
        roles=frozenset(roles),
    )
    return accounts.joined_now(house, party_id, person, PASSWORD)


def context(house: House, account_id: UUID, key: str | None = None) -> Context:
    """What a request of this person would bring to a service."""
    return Context(house, person_in(house, account_id).actor, key)


def vendor(
    house: House, officer: UUID, name: str = "北海印刷株式会社", kana: str = "ホッカイインサツ"
) -> UUID:
    return parties.register(context(house, officer), PartyFacts(name=name, kana=kana))


def people(house: House) -> People:
    """Registers the client and everybody in it."""
    client_id = setup.register_client(house, "株式会社サンプル商事", "サンプルショウジ", "")
    staff = {
        role.value: account(house, client_id, role)
        for role in (Role.ADMIN, Role.OFFICER, Role.APPROVER, Role.OWNER, Role.AUDITOR)
    }
    vendor_id = vendor(house, staff["officer"])
    return People(
        client_id,
        vendor_id,
        **staff,
        vendor_lead=account(house, vendor_id, Role.VENDOR_LEAD),
        vendor_contributor=account(house, vendor_id, Role.VENDOR_CONTRIBUTOR),
    )
