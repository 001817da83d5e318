"""What a service function gets: the house (everything wired once) and the context of one request or job."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from audit_portal import ports
from audit_portal.config import Settings
from audit_portal.domain.access import Actor
from audit_portal.storage.transaction import Database, Transaction


@dataclass(frozen=True)
class House:
    """One per process, built by `wiring`; ports only, no adapters."""

    settings: Settings
    db: Database
    clock: ports.Clock
    store: ports.EvidenceStore
    keys: ports.KeyProvider
    class_keys: ports.ClassKeyStore
    checklists: ports.ChecklistSource
    mailer: ports.Mailer | None
    letters: ports.Letters
    timestamps: ports.TimestampAuthority
    authority: ports.CertificateAuthority
    signer: ports.Signer
    renderer: ports.ReportRenderer
    verifier: ports.ReportVerifier
    ledger_signer: ports.LedgerSigner
    sheets: ports.Sheets
    signature_reader: ports.SignatureReader
    pdf_text: ports.PdfText
    wake: Callable[[], None] = field(default=lambda: None)  # tells the worker that the outbox has something

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.zone

    def today(self) -> date:
        """The date in the installation's zone: due dates are dates there."""
        return self.clock.now().astimezone(self.zone).date()


@dataclass(frozen=True)
class Context:
    """One request or job: who acts, and on which form's key."""

    house: House
    actor: Actor
    idempotency_key: str | None = None

    def acting_as(self, actor: Actor) -> Context:
        return replace(self, actor=actor)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    @contextlib.contextmanager
    def begin(self) -> Iterator[Transaction]:
        with self.house.db.begin(self.actor, self.idempotency_key) as tx:
            yield tx
        if tx.sent_jobs:
            self.house.wake()

    @contextlib.contextmanager
    def read(self) -> Iterator[Transaction]:
        with self.house.db.read(self.actor) as tx:
            yield tx
