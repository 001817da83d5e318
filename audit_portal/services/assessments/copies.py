"""The dated copy of what was handed in: frozen at that moment, with what its digest was made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.checklist import AnswerValue, Checklist
from audit_portal.domain.errors import NotFound
from audit_portal.domain.ledger import canonical
from audit_portal.services import checklists
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import get, process
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.process import SubmissionCopy
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party
from audit_portal.storage.transaction import Transaction


def keep(
    tx: Transaction,
    row: Assessment,
    answers: Sequence[Answer],
    digests: Sequence[bytes],
    uses: Mapping[UUID, Sequence[Any]],
    asked: Set[str],
    refused: Mapping[UUID, str],
) -> None:
    """Puts the copy beside the submission, in its transaction. `answers` and `digests` in the root's order."""
    content = canonical(
        {
            "v": 1,
            "assessment": row.number,
            "submitted_at": tx.now.isoformat(timespec="seconds"),
            "answers_root": row.answers_root,
            "answers": [
                _answer(answer, digest, uses.get(answer.id, ()), answer.item in asked)
                | ({"refused": refused[answer.id]} if answer.id in refused else {})
                for answer, digest in zip(answers, digests, strict=True)
            ],
        }
    )
    earlier = process.copy_facts(tx, row.id)
    tx.add(
        SubmissionCopy(
            assessment_id=row.id,
            engagement_id=row.engagement_id,
            audience_id=row.vendor_id,
            number=earlier[0][0] + 1 if earlier else 1,
            submitted_by=tx.actor.person,
            submitted_at=tx.now,
            answers_root=row.answers_root,
            content=content,
            content_sha256=hashlib.sha256(content).hexdigest(),
        )
    )


def _answer(answer: Answer, digest: bytes, uses: Sequence[Any], asked: bool) -> dict[str, Any]:
    return {
        "item": answer.item,
        "asked": asked,  # False: a question that never came up; it counts in the digest all the same
        "value": answer.value.value if answer.value else None,
        "comment": answer.comment,
        "action": answer.action,
        "action_due": answer.action_due.isoformat() if answer.action_due else None,
        "evidence": [
            {"name": version.file_name, "size": version.size, "sha256": version.sha256}
            for _, version, _ in uses
        ],
        "salt": answer.salt.hex(),
        "digest": digest.hex(),
    }


@dataclass(frozen=True)
class CopyFile:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class CopyItem:
    code: str
    question: dict[str, str]
    value: AnswerValue | None
    comment: str
    action: str
    action_due: date | None
    files: tuple[CopyFile, ...]
    refused: str = ""  # why a document isn't disclosed, and what is offered instead


@dataclass(frozen=True)
class CopySection:
    title: dict[str, str]
    items: tuple[CopyItem, ...]


@dataclass(frozen=True)
class CopyView:
    number: int
    assessment_number: str
    title: dict[str, str]
    engagement_number: str
    engagement_title: str
    vendor_name: str
    principal_name: str
    submitted_at: datetime
    submitted_by: str
    checklist_version: str
    checklist_sha256: str
    answers_root: str
    sections: tuple[CopySection, ...]
    content: dict[str, Any]  # what the digest was made of, as it was kept


def get_copy(ctx: Context, assessment_id: UUID, number: int | None = None) -> CopyView:
    """One's own copy, the newest unless a number is given. NotFound when nothing was handed in."""
    require(ctx.actor, Permission.COPY_READ)
    with ctx.read() as tx:
        row = get.one(tx, Assessment, assessment_id)
        found = process.copies(tx, assessment_id)
        copy = next((each for each in found if number in (None, each.number)), None)
        if copy is None:
            raise NotFound()
        work = get.one(tx, Engagement, row.engagement_id)
        link = get.one(tx, EngagementLink, row.engagement_id)
        vendor, principal = get.one(tx, Party, row.vendor_id), get.one(tx, Party, row.principal_id)
        version = checklists.version(tx, row.checklist_version_id)
    person = then(ctx, {copy.submitted_by}).at(copy.submitted_by, copy.submitted_at)
    checklist = checklists.parsed(ctx.house, version)
    content = json.loads(copy.content)
    return CopyView(
        copy.number,
        row.number,
        {"ja": checklist.title.ja, "en": checklist.title.en},
        link.number,
        work.title,
        vendor.name,
        principal.name,
        copy.submitted_at,
        person.name,
        checklist.version,
        checklist.sha256,
        copy.answers_root,
        _sections(ctx, checklist, content),
        content,
    )


def _sections(ctx: Context, checklist: Checklist, content: dict[str, Any]) -> tuple[CopySection, ...]:
    titles = checklists.references(ctx.house).sections
    answers = {each["item"]: each for each in content["answers"] if each["asked"]}
    found = []
    for code in checklist.sections:
        items = [each for each in checklist.items if each.section == code and each.id in answers]
        if items:
            title = {"ja": titles[code].ja, "en": titles[code].en}
            shown = tuple(
                _item(each.id, {"ja": each.question.ja, "en": each.question.en}, answers[each.id])
                for each in items
            )
            found.append(CopySection(title, shown))
    return tuple(found)


def _item(code: str, question: dict[str, str], said: dict[str, Any]) -> CopyItem:
    return CopyItem(
        code,
        question,
        AnswerValue(said["value"]) if said["value"] else None,
        said["comment"],
        said["action"],
        date.fromisoformat(said["action_due"]) if said["action_due"] else None,
        tuple(CopyFile(each["name"], each["size"], each["sha256"]) for each in said["evidence"]),
        "\n".join(filter(None, str(said.get("refused", "")).split("|", 1)[-1].split("|"))),
    )
