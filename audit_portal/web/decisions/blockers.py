"""Blockers as sentences: what is short, what to do, who can, on what basis, and where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.acceptance import OVER
from audit_portal.domain.decision import FrozenBlocker, Snapshot
from audit_portal.domain.supervision import NEVER_ACCEPTED, Blocker, Who
from audit_portal.services import checklists
from audit_portal.services.decisions.gates import GateView
from audit_portal.services.house import Context
from audit_portal.web.assessments.labels import DUTIES

# Code → what is short, what to do.
SENTENCES: Mapping[str, tuple[Any, Any]] = {
    "not_classified": (
        _l("この取引が個人データの取扱いの委託に当たるかの判定と理由が、記録されていません。"),
        _l("委託業務の分類と理由を記録してください。"),
    ),
    "cloud_undetermined": (
        _l(
            "クラウド事業者が個人データを取り扱わないという分類ですが、いま有効な判定と、その資料がありません。判定ができるまでは、委託として扱います。"
        ),
        _l(
            "「クラウドの判定」に、取り扱わないことを示す資料を添えて記録してください。取り扱うときは、分類を「委託」に直してください。"
        ),
    ),
    "selection_not_reviewed": (
        _l("選定チェックの審査が終わっていません。"),
        _l("選定チェックを送り、回答がそろったら審査を終えてください。"),
    ),
    "annex10_not_covered": (
        _l("審査した選定チェックは、安全管理措置（ガイドライン別添10）の全項目を尋ねていません。"),
        _l("全項目を尋ねる選定チェックを送り、審査してください。"),
    ),
    "never_asked": (
        _l("委託の内容が変わり、まだ確かめていない項目があります。"),
        _l("チェックを送り、この項目にも回答してもらってください。"),
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
    "item_disclosure_refused": (
        _l("必要な資料の開示が拒まれ、ほかの方法でも確かめていません。「分からない」として扱います。"),
        _l("現地や画面で確かめて記録するか、代わりの資料を提出してもらってください。"),
    ),
    "not_applicable_alone": (
        _l("安全管理措置（ガイドライン別添10）の項目が、委託先の回答だけで「対象外」になっています。"),
        _l(
            "聞取りや資料などで確かめ、「対象外」と判断した理由を審査に書いてください。当てはまるなら、差し戻して回答してもらってください。"
        ),
    ),
    "evidence_expired": (
        _l("回答の裏付けになる確認資料の期限が切れたか、認証が失効しています。"),
        _l(
            "項目を差し戻し、いま有効な確認資料を提出してもらってください。認証は、更新されたものを委託先台帳に登録してください。"
        ),
    ),
    "user_control_open": (
        _l("事業者が利用者に任せている統制を、当社が実施していません（期日を過ぎた予定を含みます）。"),
        _l("統制を実施するか、実施する日を決めて、評価の画面で答え直してください。"),
    ),
    "source_stale": (
        _l("第三者の報告書の対象期間が終わってから、長い時間がたっています。"),
        _l("新しい報告書で確かめ直すか、つなぎの証明（ブリッジレター）を入手してください。"),
    ),
    "contract_missing": (
        _l("この委託業務に使う契約が登録されていません。"),
        _l("契約を登録し、契約書の文書を追加してください。"),
    ),
    "contract_not_concluded": (
        _l("契約がまだ締結されていません。"),
        _l("契約を締結し、締結日を入力してください。"),
    ),
    "contract_not_begun": (
        _l("契約期間がまだ始まっていません。"),
        _l("契約期間の初日を待つか、期間を確かめてください。"),
    ),
    "contract_over": (
        _l("契約が終わっています。"),
        _l("新しい契約を登録するか、更新の内容を入力してください。"),
    ),
    "contract_not_reviewed": (
        _l("契約チェックの審査が終わっていません。"),
        _l("契約チェックを始め、回答がそろったら、別の人が審査を終えてください。"),
    ),
    "reentrustment_unsaid": (
        _l("有効な契約に、再委託の定めが登録されていません。"),
        _l("契約書の再委託の条項を確かめ、契約に登録してください。"),
    ),
    "reentrustment_below_guideline": (
        _l("再委託の定めが、ガイドラインが望ましいとする事前の報告か承認の水準を下回っています。"),
        _l("覚書などで、再委託を事前の報告か承認の対象にしてください。"),
    ),
    "clause_untied": (
        _l("条項があるとされた項目に、有効な契約の文書と場所（ページ・条）が記録されていません。"),
        _l("差し戻すか、契約チェックをもう一度行い、条項の場所か、代わりになる定めを記録してください。"),
    ),
    "clause_unanswered": (
        _l("答えが必要な条項の項目に、回答がありません。"),
        _l("差し戻して、回答をそろえてください。"),
    ),
    "clause_unknown": (
        _l("必要な条項の項目が「分からない」または「確認不能」のままです。"),
        _l("契約書を確かめ、差し戻した項目に回答し直してください。"),
    ),
    "clause_blocking_no": (
        _l("契約に必要な条項がありません。"),
        _l("覚書案などで条項を加えてから回答し直し、もう一度審査してください。"),
    ),
    "clause_no_action": (
        _l("足りない条項に、今後の対応と期日がありません。"),
        _l("差し戻して、何をいつまでに行うかを書いてください。"),
    ),
    "selection_not_approved": (
        _l("選定が承認されていません。"),
        _l("選定の決裁を済ませてください。"),
    ),
    "contract_not_approved": (
        _l("契約が承認されていません。"),
        _l("契約の決裁を済ませてください。"),
    ),
    "subcontractor_not_through": (
        _l("登録された再委託先の選定と契約の承認が済んでいません。"),
        _l("再委託先についても、選定と契約の承認を済ませてください。"),
    ),
    "abroad_without_route": (
        _l("外国で取り扱うのに、法28条のどの根拠で渡すのかが記録されていません。"),
        _l("本人の同意か、基準適合体制かなど、法28条の根拠を委託業務に記録してください。"),
    ),
    "condition_open": (
        _l("データ提供の前に済ませる承認の条件が、まだ確かめられていません。"),
        _l("条件を済ませて報告し、承認する人に確かめてもらってください。"),
    ),
    "recheck_pending": (
        _l("委託の内容が変わり、まだ確かめていない項目があります。"),
        _l("新しく加わった項目を確かめ、審査を終えてください。"),
    ),
}
WHO: Mapping[Who, Any] = {
    Who.CLIENT: _l("個人情報保護担当、所管部門の担当"),
    Who.VENDOR: _l("委託先"),
    Who.REVIEWER: _l("個人情報保護担当、監査人"),
}
# Where on the engagement's page it is mended.
_ANCHORS: Mapping[str, str] = {
    **dict.fromkeys(
        ("selection_not_reviewed", "annex10_not_covered", "contract_not_reviewed", "clause_untied"),
        "assessments",
    ),
    **dict.fromkeys(
        (
            "contract_missing",
            "contract_not_concluded",
            "contract_not_begun",
            "contract_over",
            "reentrustment_unsaid",
            "reentrustment_below_guideline",
        ),
        "contracts",
    ),
    "cloud_undetermined": "cloud",
    "condition_open": "conditions",
    OVER: "accepted",
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


def words_of(key: str) -> str:
    """What a blocker is about, by the key that names it; with its item."""
    code, _colon, item = key.partition(":")
    what = str(SENTENCES[code][0]) if code in SENTENCES else code
    return f"{what} {item}".strip()


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
    code, item = blocker.code, blocker.item
    if code == OVER:  # what was accepted, by its own sentence
        code, _colon, item = (item or "").partition(":")
    what, todo = SENTENCES[code]
    if blocker.code == OVER:
        what = _("受け入れの期限が過ぎました：%(what)s", what=what)
        todo = _("解消するか、承認する人がもう一度期限を付けて受け入れてください。")
    name = f"{item} {question.get(language) or question['ja']}" if question else item
    return Shown(
        key=blocker.key,
        what=f"{what} {name}" if name else str(what),
        basis=" / ".join(basis) or "–",
        duty=DUTIES[blocker.duty],
        todo=str(todo),
        who=str(WHO[blocker.who]),
        href=href,
        acceptable=blocker.acceptable if isinstance(blocker, Blocker) else blocker.duty not in NEVER_ACCEPTED,
    )


def _place(gate: GateView, blocker: Blocker, engagement_id: UUID) -> str | None:
    if blocker.code == "never_asked":  # it stands in no check yet
        return url_for("engagements.view", engagement_id=engagement_id, _anchor="assessments")
    if blocker.item and gate.assessment_id and blocker.item in gate.questions:
        check = gate.places.get(blocker.item, gate.assessment_id)
        return url_for("assessments.item", assessment_id=check, code=blocker.item)
    if blocker.code in ("user_control_open", "source_stale") and gate.assessment_id:
        return url_for("assessments.view", assessment_id=gate.assessment_id, _anchor="user-controls")
    anchor = _ANCHORS.get(blocker.code)
    return url_for("engagements.view", engagement_id=engagement_id, _anchor=anchor) if anchor else None
