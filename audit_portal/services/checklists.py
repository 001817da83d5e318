"""Publishing checklists: a version's bytes are kept for good, and pinned by assessments."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.domain.checklist import Checklist, References
from audit_portal.domain.errors import Conflict, Refused
from audit_portal.domain.events.assessments import ChecklistPublished
from audit_portal.ports import ChecklistSource
from audit_portal.services.house import House
from audit_portal.storage import assessments, get
from audit_portal.storage.tables.assessments import ChecklistVersion
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("checklists")


@dataclass(frozen=True)
class Published:
    id: UUID
    checklist: str
    version: str
    sha256: str


_versions: dict[UUID, ChecklistVersion] = {}  # by id: a published version never changes


def version(tx: Transaction, version_id: UUID) -> ChecklistVersion:
    """A published version; asked for once per process. Raises NotFound."""
    if version_id not in _versions:
        _versions[version_id] = get.one(tx, ChecklistVersion, version_id)
    return _versions[version_id]


_parsed: dict[str, Checklist] = {}  # by digest: the same bytes are the same checklist for ever


def parsed(house: House, row: ChecklistVersion) -> Checklist:
    """The checklist a row holds; parsed once per process. Raises Conflict('checklist_changed')."""
    if row.sha256 not in _parsed:
        found = house.checklists.parse(row.body)
        if found.sha256 != row.sha256:
            raise Conflict("checklist_changed", checklist=row.checklist, version=row.version_name)
        _parsed[row.sha256] = found
    return _parsed[row.sha256]


_references: dict[int, tuple[ChecklistSource, References]] = {}  # the source too, or its id is used again


def references(house: House) -> References:
    """The reference lists; read once per process."""
    key = id(house.checklists)
    if key not in _references:
        _references[key] = house.checklists, house.checklists.references()
    return _references[key][1]


def publish_all(house: House) -> tuple[str, ...]:
    """Publishes what is new in the folder; returns the names. Raises Conflict('checklist_changed') when a
    version that was published has other content now, and before anything is published
    Refused('checklists_faulty', each fault with file and line)."""
    if faults := house.checklists.lint():
        lines = tuple(f"{each.file}:{each.line}: {each.message} {each.what_to_do}" for each in faults)
        raise Refused("checklists_faulty", lines, count=len(lines), first=lines[0])
    new = []
    for checklist_id, version in house.checklists.versions():
        body = house.checklists.read(checklist_id, version)
        checklist = house.checklists.parse(body)
        with house.db.begin(_SYSTEM) as tx:
            known = assessments.published(tx, checklist_id, version)
            if known:
                if known.sha256 != checklist.sha256:
                    raise Conflict("checklist_changed", checklist=checklist_id, version=version)
                continue
            tx.add(
                ChecklistVersion(
                    checklist=checklist_id,
                    version_name=version,
                    sha256=checklist.sha256,
                    body=body,
                    published_at=tx.now,
                    published_by=tx.actor.label,
                )
            )
            tx.record(ChecklistPublished(checklist=checklist_id, version=version, sha256=checklist.sha256))
        new.append(f"{checklist_id} {version}")
    return tuple(new)


def published(house: House) -> tuple[Published, ...]:
    with house.db.read(_SYSTEM) as tx:
        rows = assessments.all_published(tx)
    return tuple(Published(row.id, row.checklist, row.version_name, row.sha256) for row in rows)
