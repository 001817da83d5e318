"""Entries of the ledger as sentences: one for every event the ledger knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import Tier
from audit_portal.domain.cloud import Determination
from audit_portal.domain.condition import ConditionState
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.handover import Task
from audit_portal.domain.route import SeatState
from audit_portal.domain.supervision import Gate, State
from audit_portal.services.engagements.engagements import TimelineEntry
from audit_portal.web import fact_labels, formats, handover_labels
from audit_portal.web import labels as people_labels
from audit_portal.web.assessments import labels as assessment_labels
from audit_portal.web.decisions import labels as decision_labels
from audit_portal.web.engagements import labels

SENTENCES: Mapping[str, Any] = {
    "installation.prepared": _l("ポータルを準備しました"),
    "sample.loaded": _l("見本データを読み込みました"),
    "account.invited": _l("利用者を招待しました"),
    "account.joined": _l("利用者が使い始めました"),
    "account.invitation_renewed": _l("招待を送り直しました"),
    "account.invitation_revoked": _l("招待を取り消しました"),
    "account.changed": _l("利用者の登録を変更しました"),
    "account.ended": _l("利用者の利用を終了しました"),
    "account.password_changed": _l("パスワードを変更しました"),
    "account.second_factor_changed": _l("2段階認証を変更しました"),
    "session.started": _l("サインインしました"),
    "session.locked_out": _l("サインインの失敗が続いたため、受付を止めました"),
    "session.ended_everywhere": _l("すべての端末からサインアウトしました"),
    "job.retried": _l("処理をやり直しました"),
    "party.registered": _l("会社を登録しました"),
    "party.changed": _l("会社の登録を変更しました"),
    "party.site_written": _l("会社の拠点を記録しました"),
    "party.certification_written": _l("会社の認証を記録しました"),
    "party.contact_written": _l("会社の窓口を記録しました"),
    "engagement.registered": _l("委託業務を登録しました"),
    "engagement.changed": _l("委託業務の内容を変更しました"),
    "engagement.recheck_settled": _l("変更のあとの確認が済みました"),
    "engagement.cloud_determined": _l("クラウドの判定を記録しました"),
    "engagement.moved": _l("委託業務の状態が変わりました"),
    "engagement.reopened": _l("承認されなかった委託業務を、もう一度取り上げました"),
    "engagement.person_assigned": _l("担当する人を割り当てました"),
    "checklist.published": _l("チェックリストを公開しました"),
    "assessment.sent": _l("チェックを送りました"),
    "assessment.begun": _l("回答が始まりました"),
    "assessment.submitted": _l("回答が提出されました"),
    "assessment.returned": _l("回答を差し戻しました"),
    "assessment.item_reviewed": _l("項目を審査しました"),
    "assessment.reviewed": _l("審査を終えました"),
    "inspection.recorded": _l("資料を受け取らずに確認した記録を残しました"),
    "inspection.withdrawn": _l("資料を受け取らずに確認した記録を取り消しました"),
    "finding.raised": _l("指摘事項を記録しました"),
    "finding.changed": _l("指摘事項を変更しました"),
    "finding.withdrawn": _l("指摘事項を取り消しました"),
    "assessment.items_delegated": _l("項目を割り振りました"),
    "assessment.items_taken_back": _l("割り振った項目を戻しました"),
    "assessment.answers_confirmed": _l("前回の回答がいまも同じであると確認されました"),
    "assessment.answers_outdated": _l("拠り所にしている回答が、ほかの業務で違う内容になりました"),
    "assessment.answer_settled": _l("古くなった回答を見直しました"),
    "assessment.item_commented": _l("項目にコメントしました"),
    "assessment.time_asked": _l("回答期限の延長を申請しました"),
    "assessment.time_decided": _l("回答期限の延長に回答しました"),
    "assessment.entry_opened": _l("代行入力を始めました"),
    "assessment.source_written": _l("転記の原本を記録しました"),
    "assessment.confirmation_asked": _l("転記の照合を依頼しました"),
    "assessment.transcription_confirmed": _l("転記が原本と一致することを確認しました"),
    "assessment.transcription_returned": _l("転記を差し戻しました"),
    "assessment.control_answered": _l("利用者側の統制への対応を記録しました"),
    "round.started": _l("一斉送付を始めました"),
    "round.resumed": _l("一斉送付の残りを送り始めました"),
    "round.finished": _l("一斉送付が終わりました"),
    "evidence.added": _l("確認資料が追加されました"),
    "evidence.read": _l("確認資料を読みました"),
    "evidence.attached": _l("提出済みの資料を、ほかの項目にも使いました"),
    "evidence.detached": _l("確認資料を回答から外しました"),
    "evidence.replaced": _l("確認資料を新しい版に差し替えました"),
    "decision.requested": _l("決裁を申請しました"),
    "decision.made": _l("決裁しました"),
    "decision.seat_filled": _l("決裁経路の席が決まりました"),
    "decision.seat_given": _l("決裁経路の席を、ほかの人に任せました"),
    "decision.outside_entered": _l("社内の稟議による決裁を入力しました"),
    "decision.overtaken": _l("内容が変わったため、決裁の申請が終わりました"),
    "decision.acceptance_settled": _l("受け入れていた不足事項の扱いが終わりました"),
    "decision.condition_moved": _l("承認の条件の状態が変わりました"),
    "route.written": _l("決裁経路を登録しました"),
    "route.ended": _l("決裁経路をやめました"),
    "route.deputy_named": _l("代理を登録しました"),
    "route.deputy_ended": _l("代理をやめました"),
    "installation.client_facts_changed": _l("会社の設定を変更しました"),
    "plan.added": _l("年間計画に入れました"),
    "plan.moved": _l("年間計画の月を移しました"),
    "plan.cancelled": _l("年間計画から外しました"),
    "plan.started": _l("計画した評価を始めました"),
    "installation.fiscal_year_changed": _l("会計年度が始まる月を変更しました"),
    "handover.planned": _l("引き継ぎを登録しました"),
    "handover.held": _l("引き継ぎの日になりましたが、内容が変わったため止めました"),
    "handover.withdrawn": _l("引き継ぎを取り消しました"),
    "handover.done": _l("引き継ぎが済みました"),
    "handover.task_moved": _l("担当を後任の人に引き継ぎました"),
    "lead_change.asked": _l("委託先の責任者の交代について、窓口の確認を記録しました"),
    "lead_change.settled": _l("委託先の責任者の交代の扱いが決まりました"),
    "contract.registered": _l("契約を登録しました"),
    "contract.changed": _l("契約の内容を変更しました"),
    "contract.ended": _l("契約の終了を登録しました"),
    "contract.tied": _l("契約をこの委託業務に使い始めました"),
    "contract.untied": _l("契約をこの委託業務に使わなくなりました"),
    "contract.document_added": _l("契約の文書を追加しました"),
    "contract.document_shared": _l("契約の文書を委託先に見せるかを変えました"),
    "contract.document_withdrawn": _l("契約の文書を取り下げました"),
    "contract.signatures_checked": _l("契約の電子署名を調べました"),
    "assessment.clause_tied": _l("条項の場所を記録しました"),
    "assessment.clause_untied": _l("条項の場所を外しました"),
    "certificate.issued": _l("署名の証明書を発行しました"),
    "certificate.revoked": _l("署名の証明書を失効させました"),
    "report.created": _l("報告書の作成を始めました"),
    "report.rendered": _l("報告書ができました"),
    "report.signed": _l("報告書に署名しました"),
    "report.sealed": _l("報告書に時刻の証明を付けました"),
    "report.ended": _l("報告書を完成させずに終えました"),
    "report.read": _l("報告書を読みました"),
    "row.adopted": _l("更新で移した記録に、履歴を付けました"),
    "assessment.sheet_applied": _l("表計算のファイルから回答を取り込みました"),
    "register.imported": _l("台帳のファイルを取り込みました"),
    "engagement.brought_in": _l("進行中の委託業務として取り込みました"),
    "engagement.gate_shown": _l("取り込んだときに未確認だった承認条件を、決裁で確認しました"),
    "evaluation.brought_in": _l("過去の評価を取り込みました（ポータルの記録では確かめられていません）"),
}


_NAMES_ITEMS = frozenset(
    {
        "assessment.returned",
        "assessment.items_delegated",
        "assessment.items_taken_back",
        "assessment.answers_confirmed",
        "assessment.answers_outdated",
    }
)
_OF_ITEMS = frozenset(
    {
        "assessment.answer_settled",
        "assessment.item_reviewed",
        "assessment.item_commented",
        "evidence.replaced",
        "assessment.clause_tied",
        "assessment.clause_untied",
    }
)


@dataclass(frozen=True)
class Happened:
    """One line of components/timeline.html."""

    at: datetime
    text: str
    who: str
    note: str
    href: str | None = None


def told(entries: tuple[TimelineEntry, ...]) -> tuple[Happened, ...]:
    return tuple(
        Happened(
            entry.at,
            str(SENTENCES.get(entry.event, entry.event)),
            _who(entry),
            _moved(entry) if entry.event == "handover.task_moved" else _note(entry.event, entry.facts),
        )
        for entry in entries
    )


def _who(entry: TimelineEntry) -> str:
    """The person with department and title of the time."""
    if entry.actor.startswith("system:"):
        return _("ポータル")
    return f"{entry.actor} ({entry.post})" if entry.post else entry.actor


def _moved(entry: TimelineEntry) -> str:
    task = str(handover_labels.TASKS[Task(entry.facts["task"])])
    return f"{task} {' → '.join(entry.names[entry.facts[key]] for key in ('before', 'after'))}"


def _note(event: str, facts: Mapping[str, Any]) -> str:
    """What a sentence alone leaves open: which item, which state."""
    if event == "engagement.moved":
        states = (str(labels.STATES[State(facts[key])][0]) for key in ("before", "after"))
        return " → ".join(states)
    if event == "engagement.changed":
        return _changes(facts)
    if event == "engagement.recheck_settled":
        return _("、").join(facts["items"])
    if event == "engagement.cloud_determined":
        return str(fact_labels.DETERMINATIONS[Determination(facts["outcome"])])
    if event == "engagement.person_assigned":
        return str(people_labels.ROLES[Role(facts["role"])])
    if event == "decision.made":
        return str(decision_labels.STATES[DecisionState(facts["outcome"])][0])
    if event == "decision.seat_filled":
        deputy = _("（代理）") if facts["deputy_of"] else ""
        state = decision_labels.SEATS[SeatState(facts["outcome"])][0]
        return _(
            "%(place)s番目の席%(deputy)s：%(state)s", place=facts["position"], deputy=deputy, state=state
        )
    if event == "decision.condition_moved":
        return f"{facts['number']} {decision_labels.CONDITION_STATES[ConditionState(facts['state'])][0]}"
    if event == "engagement.gate_shown":
        gate = decision_labels.GATES[Gate(facts["gate"])]
        return f"{gate} · {formats.day(date.fromisoformat(facts['decided_on']))}"
    if event == "evaluation.brought_in":
        kind = assessment_labels.KINDS[AssessmentKind(facts["kind"])]
        return f"{kind} · {formats.day(date.fromisoformat(facts['evaluated_on']))}"
    if event in ("plan.added", "plan.cancelled"):
        return f"{_kind(facts)} · {_month(facts['month'])}"
    if event == "plan.moved":
        return f"{_kind(facts)} · {_month(facts['before'])} → {_month(facts['after'])}"
    if event == "plan.started":
        return _kind(facts)
    if event in _NAMES_ITEMS:
        return _("、").join(facts["items"])
    if event == "assessment.time_asked":
        return _("希望：%(day)s", day=formats.day(date.fromisoformat(facts["wanted_on"])))
    if event == "assessment.time_decided":
        return _("回答期限：%(day)s", day=formats.day(date.fromisoformat(facts["due_on"])))
    if event in _OF_ITEMS:
        return str(facts["item"])
    return str(facts.get("number", ""))


def _kind(facts: Mapping[str, Any]) -> str:
    return str(assessment_labels.KINDS[AssessmentKind(facts["kind"])])


def _month(first: str) -> str:
    return formats.month(date.fromisoformat(first))


def _changes(facts: Mapping[str, Any]) -> str:
    """Which facts changed, and whether the tier moved."""
    names = _("、").join(str(fact_labels.FACTS.get(name, name)) for name in facts.get("what", ()))
    if facts.get("before") == facts.get("after"):
        return names
    moved = " → ".join(str(labels.RISKS[Tier(facts[key])][0]) for key in ("before", "after"))
    return _("%(names)s（リスク区分 %(moved)s）", names=names, moved=moved)
