"""A whole signing house in a folder: keys, CA, own clock, two people; and the steps to a sealed report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit_portal.adapters.certificate_authority import FileCertificateAuthority
from audit_portal.adapters.report_reportlab import ReportlabRenderer
from audit_portal.adapters.signer_pyhanko import PyhankoSigner
from audit_portal.adapters.timestamp_own import OwnTimestampAuthority
from audit_portal.domain.errors import Misconfigured
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.ports import SignatureRequest, SigningIdentity, TimestampAuthority
from tests.adapters.report_sample import NOW, sample

AUDITOR_ID = "01930000-0000-7000-8000-00000000000a"
OFFICER_ID = "01930000-0000-7000-8000-00000000000b"
PASSPHRASES = {FIELD_AUDITOR: "監査の鍵 correct horse", FIELD_OFFICER: "担当の鍵 battery staple"}
NAMES = {FIELD_AUDITOR: ("髙橋 美咲", "監査人"), FIELD_OFFICER: ("山﨑 健", "個人情報保護担当")}


class PlainKeys:
    """A key provider for tests: AES-GCM under a key in memory."""

    def __init__(self) -> None:
        self._box = AESGCM(b"k" * 32)

    def key_id(self) -> str:
        return "0" * 16

    def wrap(self, secret: bytes, context: bytes) -> bytes:
        return b"n" * 12 + self._box.encrypt(b"n" * 12, secret, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        try:
            return self._box.decrypt(wrapped[:12], wrapped[12:], context)
        except InvalidTag:
            raise Misconfigured("key_wrong", key_id=self.key_id()) from None


@dataclass
class Hands:
    """A clock that moves only when told to."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def move(self, seconds: int) -> datetime:
        self.at += timedelta(seconds=seconds)
        return self.at


@dataclass
class House:
    folder: Path
    clock: Hands = field(default_factory=Hands)
    stamps: TimestampAuthority | None = None
    stamp_roots: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        self.ca = FileCertificateAuthority(
            self.folder / "keys", PlainKeys(), self.folder / "trust" / "root.pem"
        )
        self.ca.create("青葉食品株式会社", NOW - timedelta(days=30))
        own = OwnTimestampAuthority(*self.ca.stamp_credentials(), self.clock)
        self.signer = PyhankoSigner(self.ca, self.stamps or own, self.stamp_roots)
        self.people = {
            FIELD_AUDITOR: self.issue(FIELD_AUDITOR, AUDITOR_ID),
            FIELD_OFFICER: self.issue(FIELD_OFFICER, OFFICER_ID),
        }

    def issue(self, who: str, account: str, now: datetime = NOW - timedelta(days=1)) -> SigningIdentity:
        name = NAMES[who][0]
        return self.ca.issue(name, f"{who.lower()}@example.jp", account, PASSPHRASES[who], now)

    @property
    def roots(self) -> list[bytes]:
        return [self.ca.root_pem()]

    def crl(self, *revoked: SigningIdentity) -> bytes:
        entries = tuple((each.serial, self.clock.now() - timedelta(hours=1)) for each in revoked)
        return self.ca.crl(entries, self.clock.now())

    def request(self, who: str) -> SignatureRequest:
        name, role = NAMES[who]
        return SignatureRequest(who, name, role, f"{role}として署名", self.clock.now())

    def sign(
        self, pdf: bytes, who: str, identity: SigningIdentity | None = None, crl: bytes | None = None
    ) -> bytes:
        identity, crl = identity or self.people[who], crl or self.crl()
        return self.signer.sign(pdf, self.request(who), identity, PASSPHRASES[who], crl)

    def seal(self, pdf: bytes, who: str, crl: bytes | None = None) -> bytes:
        self.clock.move(5)
        return self.signer.seal(pdf, who, crl or self.crl(), self.clock.now())


@dataclass(frozen=True)
class Stages:
    """The same report at every step of its life."""

    bare: bytes
    signed: bytes
    certified: bytes
    countersigned: bytes
    final: bytes


def stages(house: House, language: str = "ja") -> Stages:
    bare = ReportlabRenderer().render(sample(), language)
    signed = house.sign(bare, FIELD_AUDITOR)
    certified = house.seal(signed, FIELD_AUDITOR)
    house.clock.move(3600)
    countersigned = house.sign(certified, FIELD_OFFICER)
    return Stages(bare, signed, certified, countersigned, house.seal(countersigned, FIELD_OFFICER))
