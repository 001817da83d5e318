"""What the portal needs from outside, as protocols. Only `wiring` knows who fulfils them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from audit_portal.domain.checklist import Checklist, Problem, References
from audit_portal.domain.ledger import Checkpoint
from audit_portal.domain.preview import PageText, Unshown
from audit_portal.domain.report import Report, ReportCheck
from audit_portal.domain.sheets import Book, NewBook


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class ObjectSink(Protocol):
    """Takes the bytes of one new object. Leaving it without `commit()` leaves nothing behind."""

    def write(self, data: bytes | memoryview) -> None: ...

    def commit(self) -> None:
        """Makes the object durable under its key: fsynced, never over an existing one."""
        ...

    def abort(self) -> None: ...


class EvidenceStore(Protocol):
    """Opaque objects (ciphertext) under keys such as `evidence/0192…/1`. Objects never change."""

    def create(self, key: str) -> ObjectSink: ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """A seekable reader. Raises KeyError when there is no such object."""
        ...

    def size(self, key: str) -> int: ...

    def delete(self, key: str) -> None: ...

    def keys(self) -> Iterator[str]: ...

    def sweep(self, before: datetime) -> int:
        """Removes what a crash left of objects that were never committed; returns how many."""
        ...


class KeyProvider(Protocol):
    """Holds the root key; wraps and unwraps other keys under it."""

    def key_id(self) -> str:
        """Name of the current root key: first 16 hex digits of SHA-256 of a label derived from it."""
        ...

    def wrap(self, secret: bytes, context: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Raises Misconfigured('key_missing' | 'key_wrong', key_id=…)."""
        ...

    def mac(self, message: bytes, purpose: bytes) -> bytes:
        """HMAC-SHA256 (RFC 2104) under a key that the root key gives for this purpose alone."""
        ...


class ClassKeyStore(Protocol):
    """Class keys (per vendor, retention class and expiry month), wrapped by the root key, beside the database."""

    def get_or_create(self, class_id: str) -> bytes: ...

    def get(self, class_id: str) -> bytes:
        """Raises Misconfigured('key_missing', key_id=…)."""
        ...

    def destroy(self, class_id: str) -> None: ...

    def ids(self) -> Iterator[str]: ...


class LedgerSigner(Protocol):
    """Signs the ledger's head with a key outside the database (C2SP signed-note, Ed25519)."""

    origin: str
    verifier_key: str

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note."""
        ...


class ChecklistSource(Protocol):
    """The checklists/ folder, and the one parser of checklist files."""

    def versions(self) -> tuple[tuple[str, str], ...]:
        """(id, version) of every file."""
        ...

    def read(self, checklist_id: str, version: str) -> bytes: ...

    def parse(self, body: bytes) -> Checklist:
        """A checklist from the bytes of its file, as they were published."""
        ...

    def lint(self) -> tuple[Problem, ...]: ...

    def references(self) -> References: ...


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    body: str
    attachments: tuple[tuple[str, str, bytes], ...] = ()  # name, media type, content


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Raises Unavailable when the server does not take it now."""
        ...


class Letters(Protocol):
    def write(self, kind: str, to: str, language: str, facts: Mapping[str, str]) -> Mail:
        """The letter of this kind (invitation, reset, …) in the reader's language."""
        ...


class Sheets(Protocol):
    """Spreadsheets, in memory only: what they hold is never in the clear on disk."""

    def read(self, content: bytes) -> Book:
        """xlsx or CSV, told by its content. Raises Invalid('sheet_…') and nothing else, whatever the bytes."""
        ...

    def write(self, book: NewBook) -> Iterator[bytes]:
        """xlsx, in pieces while the rows are being read."""
        ...

    def write_csv(self, rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
        """UTF-8 with BOM, formula-safe."""
        ...


class TimestampAuthority(Protocol):
    """RFC 3161."""

    own: bool  # the portal's own authority: the report must say so

    def stamp(self, digest: bytes) -> bytes:
        """DER of a TimeStampToken over a SHA-256 digest. Raises Unavailable."""
        ...


@dataclass(frozen=True)
class SigningIdentity:
    """A person's certificate and the private key that only the signing passphrase opens."""

    certificate_pem: bytes
    sealed_key: bytes  # encrypted PKCS#8, opened by the passphrase
    serial: int
    fingerprint: str  # SHA-256 of the DER certificate, hex
    not_before: datetime
    not_after: datetime


class CertificateAuthority(Protocol):
    """The installation's own CA."""

    def issue(
        self, name: str, email: str, account_id: str, passphrase: str, now: datetime
    ) -> SigningIdentity: ...

    def root_pem(self) -> bytes: ...

    def crl(self, revoked: tuple[tuple[int, datetime], ...], now: datetime) -> bytes:
        """DER of the revocation list: (serial, revoked at)."""
        ...


@dataclass(frozen=True)
class SignatureRequest:
    """One signature in one request: who, on which field, as what."""

    field: str  # FIELD_AUDITOR or FIELD_OFFICER of domain.report
    name: str
    role: str
    reason: str
    at: datetime


class Signer(Protocol):
    """Puts the person's signature on the PDF, and later what makes it last."""

    def sign(
        self, pdf: bytes, request: SignatureRequest, identity: SigningIdentity, passphrase: str, crl: bytes
    ) -> bytes:
        """PAdES B-B by the person. The first certifies (DocMDP P=2), the second approves.

        Raises Invalid('passphrase_wrong') and, before the key is opened, Refused('certificate_revoked' |
        'certificate_expired' | 'certificate_not_yet_valid' | 'certificate_foreign' | 'revocation_list_bad' |
        'revocation_list_stale' | 'field_missing' | 'already_signed' | 'auditor_signs_first' |
        'auditor_not_sealed' | 'same_signer' | 'report_changed').
        """
        ...

    def seal(self, pdf: bytes, field: str, crl: bytes, now: datetime) -> bytes:
        """Adds time stamp and validation data to the newest signature, after the officer's also a document
        time stamp. Raises Unavailable, and Refused('not_signed_yet' | 'already_sealed' | 'report_changed' or
        one of the certificate's codes above).
        """
        ...


class ReportRenderer(Protocol):
    def render(self, report: Report, language: str, draft: bool = False) -> bytes:
        """PDF/A-3b with the manifest embedded and both signature fields empty. Same input, same bytes.

        A draft is marked on every page and has no signature fields.
        """
        ...


class ReportVerifier(Protocol):
    def __call__(
        self, pdf: bytes, trust_roots: Sequence[bytes], now: datetime, stamp_roots: Sequence[bytes] = ()
    ) -> ReportCheck:
        """Never raises for the file's content. Roots are PEM; `stamp_roots` vouch for outside clocks only."""
        ...


@dataclass(frozen=True)
class FoundSignature:
    """A signature, or a document time stamp (`stamp`), in a PDF of somebody else. Its chain isn't judged."""

    signer: str  # common name and organisation of the certificate, as it says itself
    issuer: str
    intact: bool  # what it covers was not changed
    whole: bool  # nothing was written behind it but further signatures and stamps
    signed_at: datetime | None
    stamped: bool  # the time comes from a time stamp, not from the signer's own word
    stamp: bool


class SignatureReader(Protocol):
    def __call__(self, pdf: bytes) -> tuple[FoundSignature, ...]:
        """Oldest first. Raises Invalid('pdf_unreadable')."""
        ...


class PdfText(Protocol):
    """Reads a file of somebody else, hostile ones too: bounded in time and memory, nothing on disk."""

    def __call__(self, pdf: bytes, page: int) -> PageText | Unshown:
        """The text layer of one page, from 1; the last page when there are fewer."""
        ...
