"""What checking a signed report found out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    VALID = "valid"  # both signatures, their time stamps and every byte hold
    CHANGED = "changed"  # something differs from what was signed
    UNTRUSTED = "untrusted"  # intact, but not by people or clocks the given roots vouch for
    NOT_OURS = "not_ours"  # no report of this portal's kind
    INCOMPLETE = "incomplete"  # intact, but a signature or a seal is still missing


@dataclass(frozen=True)
class SignatureCheck:
    """One signature. `stamped_at` is proven by a time stamp, `signed_at` only claimed by the signer."""

    field: str
    name: str
    email: str
    account_id: str
    serial: str  # of the certificate, hex
    reason: str
    signed_at: datetime | None
    stamped_at: datetime | None
    stamp_by: str
    stamp_own: bool | None  # the portal's own time-stamp authority; None without a stamp
    intact: bool
    trusted: bool


@dataclass(frozen=True)
class ReportCheck:
    """`problems` are codes, in the order found; empty exactly when the verdict is `valid`."""

    verdict: Verdict
    problems: tuple[str, ...]
    signatures: tuple[SignatureCheck, ...] = ()
    sealed_at: datetime | None = None  # time of the newest document time stamp
    number: str = ""
    manifest: Mapping[str, Any] | None = None
    checkpoint: str = ""  # text of the ledger checkpoint in the manifest

    @property
    def ok(self) -> bool:
        return self.verdict is Verdict.VALID
