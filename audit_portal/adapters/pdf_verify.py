"""Is this file a report of ours, exactly as it was signed and sealed?

Stricter than plain PAdES validation: nothing may follow the seal, containers must be in the one form the
portal writes (`cms_strict`), and both people must have signed in order. What validators accept as harmless
(padding, hex case, unused certificates, a later revision) is a change here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import rfc8785
from asn1crypto import x509
from jsonschema import Draft202012Validator
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import read_certification_data
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from audit_portal.adapters import pyhanko_parts as parts
from audit_portal.adapters.cms_strict import Altered, require_own_form, require_tidy_token
from audit_portal.adapters.pdf_signatures import Signature, SignedPdf, token_content
from audit_portal.adapters.timestamp_own import POLICY as OWN_POLICY
from audit_portal.domain.errors import NotFound
from audit_portal.domain.report import (
    FIELD_AUDITOR,
    FIELD_OFFICER,
    MANIFEST_NAME,
    ReportCheck,
    SignatureCheck,
    Verdict,
)

# The verdict each problem leads to; of several, the first in this order counts.
_VERDICTS: dict[str, Verdict] = {
    "not_a_pdf": Verdict.NOT_OURS,
    "no_signature_fields": Verdict.NOT_OURS,
    "unreadable": Verdict.CHANGED,
    "container_altered": Verdict.CHANGED,
    "extra_signature": Verdict.CHANGED,
    "changed_after_signing": Verdict.CHANGED,
    "changed_after_sealing": Verdict.CHANGED,
    "not_certified": Verdict.CHANGED,
    "wrong_order": Verdict.CHANGED,
    "manifest_missing": Verdict.CHANGED,
    "manifest_bad": Verdict.CHANGED,
    "number_missing": Verdict.CHANGED,
    "signer_revoked": Verdict.UNTRUSTED,
    "signer_untrusted": Verdict.UNTRUSTED,
    "stamp_untrusted": Verdict.UNTRUSTED,
    "same_signer": Verdict.UNTRUSTED,
    "auditor_missing": Verdict.INCOMPLETE,
    "officer_missing": Verdict.INCOMPLETE,
    "not_sealed": Verdict.INCOMPLETE,
}
PROBLEMS = tuple(_VERDICTS)


@dataclass(frozen=True)
class _Trust:
    """Roots for people and the portal's own clock; further roots for outside clocks only."""

    people: list[x509.Certificate]
    clocks: list[x509.Certificate]
    certificates: list[x509.Certificate]
    lists: list[bytes]

    def of_people(self, moment: datetime) -> ValidationContext:
        return self._context(self.people, moment, "require")

    def of_clocks(self, moment: datetime) -> ValidationContext:
        # An outside authority's revocation data isn't in the file; what is known of it still counts.
        return self._context(self.people + self.clocks, moment, "soft-fail")

    def _context(self, roots: list[x509.Certificate], moment: datetime, mode: str) -> ValidationContext:
        return ValidationContext(
            trust_roots=roots,
            other_certs=self.certificates,
            crls=self.lists,
            moment=moment,
            allow_fetching=False,
            revocation_mode=mode,
            retroactive_revinfo=True,
        )


def verify_report(
    pdf: bytes, trust_roots: Sequence[bytes], now: datetime, stamp_roots: Sequence[bytes] = ()
) -> ReportCheck:
    """Checks a file of any origin; never raises for its content and never fetches anything.

    `trust_roots` are PEM (or DER) roots that vouch for people and the portal's own clock, `stamp_roots` those
    of outside time-stamp authorities. The caller bounds the size (`limits.REPORT_CHECK_BYTES`).
    Raises ValueError for a root that is no certificate.
    """
    roots = [parts.certificate(each) for each in trust_roots]
    clocks = [parts.certificate(each) for each in stamp_roots]
    if b"%PDF-" not in pdf[:1024]:
        return ReportCheck(Verdict.NOT_OURS, ("not_a_pdf",))
    try:
        return _check(SignedPdf.parse(pdf), roots, clocks, now)
    except NotFound:
        return ReportCheck(Verdict.NOT_OURS, ("no_signature_fields",))
    except Altered:
        return ReportCheck(Verdict.CHANGED, ("container_altered",))
    except Exception:
        # Hostile files make the parsers raise anything at all: none of them is a report as written.
        return ReportCheck(Verdict.CHANGED, ("unreadable",))


def _check(
    document: SignedPdf, roots: list[x509.Certificate], clocks: list[x509.Certificate], now: datetime
) -> ReportCheck:
    certificates, lists = document.store()
    trust = _Trust(roots, clocks, [x509.Certificate.load(each) for each in certificates], lists)
    problems = [*_forms(document), *_order(document)]
    signatures = []
    for name in (FIELD_AUDITOR, FIELD_OFFICER):
        if (signature := document.people.get(name)) is not None:
            found, described = _person(signature, trust)
            problems += found
            signatures.append(described)
    problems += _stamps(document, trust, now)
    manifest, about = _manifest(document)
    problems += about
    unique = tuple(dict.fromkeys(problems))
    stamps = document.document_stamps
    return ReportCheck(
        verdict=min((_VERDICTS[each] for each in unique), key=_RANK.index, default=Verdict.VALID),
        problems=unique,
        signatures=tuple(signatures),
        sealed_at=stamps[-1].stamped_at if stamps else None,
        number=str(manifest["number"]) if manifest else "",
        manifest=manifest,
        checkpoint=str((manifest.get("ledger") or {}).get("checkpoint", "")) if manifest else "",
    )


_RANK = [Verdict.NOT_OURS, Verdict.CHANGED, Verdict.UNTRUSTED, Verdict.INCOMPLETE]


def _forms(document: SignedPdf) -> list[str]:
    try:
        for each in document.signatures:
            if each.document_stamp:
                _require_token_form(each.der)
            else:
                require_own_form(each.der)
                if each.token is not None:
                    _require_token_form(each.token.dump())
    except Altered:
        return ["container_altered"]
    return []


def _require_token_form(der: bytes) -> None:
    content = token_content(der)
    if content["content"].parsed["policy"].native == OWN_POLICY:
        require_own_form(der)
    else:
        require_tidy_token(der)


def _order(document: SignedPdf) -> list[str]:
    """Who signed what, in which order, and whether the newest seal closes the file."""
    problems = []
    people, stamps = document.people, document.document_stamps
    if document.strangers:
        problems.append("extra_signature")
    problems += [f"{name.lower()}_missing" for name in (FIELD_AUDITOR, FIELD_OFFICER) if name not in people]
    if any(each.token is None for each in people.values()) or not stamps:
        problems.append("not_sealed")
    elif document.signatures[-1].end != len(document.data):
        problems.append("changed_after_sealing")
    wanted = [name for name in (FIELD_AUDITOR, FIELD_OFFICER) if name in people]
    if [each.field for each in document.signatures] != [*wanted, *(each.field for each in stamps)]:
        problems.append("wrong_order")
    if FIELD_AUDITOR in people:
        certified = read_certification_data(document.reader)
        ours = people[FIELD_AUDITOR].embedded.sig_object
        if certified is None or certified.permission != MDPPerm.FILL_FORMS or certified.author_sig != ours:
            problems.append("not_certified")
    if len(people) == 2:
        auditor, officer = people[FIELD_AUDITOR], people[FIELD_OFFICER]
        if auditor.account == officer.account or auditor.certificate.sha256 == officer.certificate.sha256:
            problems.append("same_signer")
    return problems


def _person(signature: Signature, trust: _Trust) -> tuple[list[str], SignatureCheck]:
    claimed, stamped = signature.embedded.self_reported_timestamp, signature.stamped_at
    moment = stamped or claimed
    if moment is None:
        raise Altered("time")
    status: PdfSignatureStatus = parts.run(
        async_validate_pdf_signature(
            signature.embedded, trust.of_people(moment), trust.of_clocks(stamped or moment)
        )
    )
    problems = []
    covered = status.coverage in {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}
    intact = bool(status.intact and status.valid and status.docmdp_ok and covered)
    stamp = status.timestamp_validity
    if not intact or (stamp is not None and not (stamp.intact and stamp.valid)):
        problems.append("changed_after_signing")
    # Without a stamp in the file yet there may be no revocation list either: B-B is trusted for its chain.
    unsealed = stamped is None and not trust.lists and parts.issued_by(signature.certificate, trust.people)
    if status.revoked:
        problems.append("signer_revoked")
    elif not status.trusted and not unsealed:
        problems.append("signer_untrusted")
    elif stamp is not None and not stamp.trusted:
        problems.append("stamp_untrusted")
    elif not problems and not unsealed and not status.bottom_line:
        problems.append("changed_after_signing")
    return problems, _described(signature, trust, intact, not problems)


def _described(signature: Signature, trust: _Trust, intact: bool, trusted: bool) -> SignatureCheck:
    clock = signature.clock
    return SignatureCheck(
        field=signature.field,
        name=str(signature.certificate.subject.native.get("common_name", "")),
        email=signature.email,
        account_id=signature.account.removeprefix("urn:uuid:"),
        serial=f"{signature.certificate.serial_number:x}",
        reason=str(signature.embedded.sig_object.get("/Reason", "")),
        signed_at=signature.embedded.self_reported_timestamp,
        stamped_at=signature.stamped_at,
        stamp_by=str(clock.subject.native.get("common_name", "")) if clock else "",
        stamp_own=parts.issued_by(clock, trust.people) if clock else None,
        intact=intact,
        trusted=trusted,
    )


def _stamps(document: SignedPdf, trust: _Trust, now: datetime) -> list[str]:
    """Each document time stamp is judged at the time of the next one, the newest at present."""
    problems = []
    stamps = document.document_stamps
    for place, each in enumerate(stamps):
        after = stamps[place + 1].stamped_at if place + 1 < len(stamps) else now
        at = each.stamped_at
        if at is None or after is None:
            raise Altered("stamp")
        status = parts.run(async_validate_pdf_timestamp(each.embedded, trust.of_clocks(max(at, after))))
        if not (status.intact and status.valid):
            problems.append("changed_after_sealing")
        elif not status.trusted:
            problems.append("stamp_untrusted")
    return problems


def _manifest(document: SignedPdf) -> tuple[Mapping[str, Any] | None, list[str]]:
    raw = document.attachment(MANIFEST_NAME)
    if raw is None:
        return None, ["manifest_missing"]
    try:
        body = json.loads(raw)
        genuine = rfc8785.dumps(body) == raw and _schema().is_valid(body)
    except (ValueError, RecursionError):
        genuine = False
    if not genuine:
        return None, ["manifest_bad"]
    return body, [] if body["number"] in document.title else ["number_missing"]


@cache
def _schema() -> Draft202012Validator:
    text = files("audit_portal.domain.report").joinpath("manifest.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))
