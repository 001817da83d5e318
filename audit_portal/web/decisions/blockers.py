"""Blockers as sentences: what is short, what to do, who can, on what basis, and where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import lazy_gettext as _l

from audit_portal.domain.decision import FrozenBlocker, Snapshot
from audit_portal.domain.supervision import NEVER_ACCEPTED, Blocker, Who
from audit_portal.services import checklists
from audit_portal.services.gates import GateView
from audit_portal.services.house import Context
from audit_portal.web.assessments.labels import DUTIES

# Code → what is short, what to do.
SENTENCES: Mapping[str, tuple[Any, Any]] = {
    "not_classified": (
        _l("この取引が個人データの取扱いの委託に当たるかの判定と理由が、記録されていません。"),
        _l("委託業務の分類と理由を記録してください。"),
    ),
    "selection_not_reviewed": (
        _l("選定チェックの審査が終わっていません。"),
        _l("選定チェックを送り、回答がそろったら審査を終えてください。"),
    ),
    "annex10_not_covered": (
        _l("審査した選定チェックは、安全管理措置（ガイドライン別添10）の全項目を尋ねていません。"),
        _l("全項目を尋ねる選定チェックを送り、審査してください。"),
    ),
    "item_unanswered": (
        _l("答えが必要な項目に、回答がありません。"),
        _l("委託先に差し戻すか、もう一度チェックを送り、回答をそろえてください。"),
    ),
    "item_unknown": (
        _l("必要な項目が「分からない」または「確認不能」のままです。"),
        _l("事実を確かめ、差し戻した項目に回答し直してもらってください。"),
    ),
    "item_blocking_no": (
        _l("満たさなければ委託できない項目が、満たされていません。"),
        _l("是正を終えてから回答し直してもらい、もう一度審査してください。"),
    ),
    "item_no_action": (
        _l("満たしていない項目に、今後の対応と期日がありません。"),
        _l("差し戻して、何をいつまでに行うかを書いてもらってください。"),
    ),
}
WHO: Mapping[Who, Any] = {
    Who.CLIENT: _l("個人情報保護担当、所管部門の担当"),
    Who.VENDOR: _l("委託先"),
    Who.REVIEWER: _l("個人情報保護担当、監査人"),
}


@dataclass(frozen=True)
class Shown:
    """A blocker for components/blockers.html."""

    key: str
    what: str
    basis: str
    duty: str
    todo: str
    who: str
    href: str | None
    acceptable: bool


def frozen(snapshot: Snapshot, blockers: Iterable[FrozenBlocker], language: str) -> tuple[Shown, ...]:
    """Blockers as they were frozen with a decision: nothing about them is looked up again."""
    return tuple(
        _shown(each, snapshot.question(each.item), [basis.title for basis in each.basis], None, language)
        for each in blockers
    )


def shown(ctx: Context, gate: GateView, engagement_id: UUID, language: str) -> tuple[Shown, ...]:
    """The blockers of a gate, in its order."""
    legal = checklists.references(ctx.house).legal

    return tuple(
        _shown(
            each,
            gate.questions.get(each.item or ""),
            [legal[code].title if code in legal else code for code in each.basis],
            _place(gate, each, engagement_id),
            language,
        )
        for each in gate.blockers
    )


def _shown(
    blocker: Blocker | FrozenBlocker,
    question: Mapping[str, str] | None,
    basis: list[str],
    href: str | None,
    language: str,
) -> Shown:
    what, todo = SENTENCES[blocker.code]
    name = f"{blocker.item} {question.get(language) or question['ja']}" if question else blocker.item
    return Shown(
        key=blocker.key,
        what=f"{what} {name}" if name else str(what),
        basis=" / ".join(basis) or "–",
        duty=DUTIES[blocker.duty],
        todo=str(todo),
        who=str(WHO[blocker.who]),
        href=href,
        acceptable=blocker.duty not in NEVER_ACCEPTED,
    )


def _place(gate: GateView, blocker: Blocker, engagement_id: UUID) -> str | None:
    if blocker.item and gate.assessment_id and blocker.item in gate.questions:
        return url_for("assessments.item", assessment_id=gate.assessment_id, code=blocker.item)
    if blocker.code in ("selection_not_reviewed", "annex10_not_covered"):
        return url_for("engagements.view", engagement_id=engagement_id, _anchor="assessments")
    return None
