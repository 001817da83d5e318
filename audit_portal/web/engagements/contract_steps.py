"""What comes next between selection and the release of data, worked out from what is known."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.supervision import Gate, State
from audit_portal.services.assessments.assessment_list import AssessmentHead
from audit_portal.services.decisions.gates import GateView
from audit_portal.services.engagements.engagements import EngagementView
from audit_portal.web.engagements.next_step import Next, may

_OVER = (AssessmentState.REVIEWED, AssessmentState.DECIDED)


def running_check(checks: tuple[AssessmentHead, ...]) -> AssessmentHead | None:
    """The contract check that isn't over yet; there is one at a time."""
    found = (each for each in checks if each.kind is AssessmentKind.CONTRACT and each.state not in _OVER)
    return next(found, None)


def next_thing(work: EngagementView, gate: GateView, checks: tuple[AssessmentHead, ...]) -> Next:
    """For an engagement whose contract, or whose release, is to be decided on."""
    officer, here = _("個人情報保護担当"), url_for("engagements.view", engagement_id=work.id)
    if gate.gate is Gate.CONTRACT:
        codes = {each.code for each in gate.blockers}
        if "contract_missing" in codes:
            action = may(
                Permission.CONTRACT_REGISTER,
                _("契約を登録する"),
                url_for("contracts.new", engagement_id=work.id),
            )
            return Next(
                _("選定は承認されています。契約を登録し、契約書の文書を追加してください"),
                officer,
                action=action,
            )
        if running := running_check(checks):
            return _of_running(running)
        if codes & {"contract_not_reviewed", "never_asked"}:
            action = may(
                Permission.ASSESSMENT_SEND,
                _("契約チェックを始める"),
                url_for("assessments.begin_contract", engagement_id=work.id),
            )
            what = (
                _("契約チェックで、加わった項目だけを確かめてください")
                if "never_asked" in codes
                else _("契約チェックで、契約書に必要な条項があることを確かめてください")
            )
            return Next(what, officer, action=action)
    if not gate.can_be_asked:
        return Next(
            _("義務に当たる不足事項が残っています。下の条件を確かめ、解消してください"),
            officer,
            action=(_("承認条件を見る"), f"{here}#gate"),
        )
    if gate.gate is Gate.CONTRACT:
        what = _("契約チェックの審査が済みました。契約の決裁を申請してください")
    elif work.state is State.CONTRACTED:
        what = _("契約は承認されています。個人データを渡す前に、データ提供の開始の決裁を申請してください")
    else:
        what = _("契約は承認されています。データ提供の開始の決裁を申請してください")
    ask = url_for("decisions.ask", engagement_id=work.id)
    return Next(what, officer, action=may(Permission.DECISION_REQUEST, _("決裁を申請する"), ask))


def _of_running(check: AssessmentHead) -> Next:
    here = url_for("assessments.view", assessment_id=check.id)
    if check.state is AssessmentState.SUBMITTED:
        what = _("契約チェックの回答を審査してください。回答した人とは別の人が行います")
        return Next(what, _("個人情報保護担当、監査人"), action=(_("審査の画面へ"), here))
    what = _("契約書を見ながら、契約チェックに回答してください")
    who = _("個人情報保護担当、所管部門の担当")
    return Next(what, who, check.due_on, (_("契約チェックの画面へ"), here))
