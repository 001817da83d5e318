"""`evidence verify`: every object opened, its digest compared, and objects that no row names pointed out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.domain.errors import PortalError
from audit_portal.services.evidence import vault
from audit_portal.services.evidence.vault import Locator
from audit_portal.services.house import House
from audit_portal.storage import assessments, get
from audit_portal.storage.tables.assessments import Assessment, Evidence, SignedReport

_SYSTEM = system("vault_check")


@dataclass(frozen=True)
class VaultProblem:
    code: str  # evidence_damaged, object_missing, key_missing, digest_differs, orphan, …
    key: str


@dataclass(frozen=True)
class VaultCheck:
    objects: int
    problems: tuple[VaultProblem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class _Stored:
    at: Locator
    size: int
    sha256: str


def verify(house: House) -> VaultCheck:
    """Reads everything once; memory stays flat. Orphans are what a crash left: harmless, but named."""
    there = tuple(house.store.keys())  # before the rows: what is uploaded meanwhile is no orphan
    known = list(_stored(house))
    problems = [problem for each in known if (problem := _check(house, each))]
    named = {each.at.store_key for each in known}
    problems += [VaultProblem("orphan", key) for key in there if key not in named]
    return VaultCheck(len(known), tuple(problems))


def _stored(house: House) -> Iterator[_Stored]:
    with house.db.read(_SYSTEM) as tx:
        owners: dict[UUID, UUID] = {}
        for version in assessments.all_versions(tx):
            evidence = get.one(tx, Evidence, version.evidence_id)
            yield _Stored(vault.locator(version, evidence.party_id), version.size, version.sha256)
        for file in assessments.all_report_files(tx):
            if file.report_id not in owners:
                report = get.one(tx, SignedReport, file.report_id)
                owners[file.report_id] = get.one(tx, Assessment, report.assessment_id).vendor_id
            yield _Stored(vault.locator(file, owners[file.report_id]), file.size, file.sha256)


def _check(house: House, stored: _Stored) -> VaultProblem | None:
    digest = hashlib.sha256()
    try:
        with vault.reading(house, stored.at, stored.size) as pieces:
            for piece in pieces:
                digest.update(piece)
    except PortalError as error:
        return VaultProblem(error.code, stored.at.store_key)
    except ValueError:  # too short for what the row says
        return VaultProblem("evidence_damaged", stored.at.store_key)
    if digest.hexdigest() != stored.sha256:
        return VaultProblem("digest_differs", stored.at.store_key)
    return None
