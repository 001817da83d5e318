"""How far an engagement has come, and the one thing to do next, worked out from what is known."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _

from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.supervision import Classification, Gate, State
from audit_portal.services.assessments.assessment_list import AssessmentHead
from audit_portal.services.decisions.decision_views import DecisionView
from audit_portal.services.decisions.gates import GateView
from audit_portal.services.decisions.standing import Standing
from audit_portal.services.engagements.engagements import EngagementView
from audit_portal.web import fact_labels
from audit_portal.web.engagements import contract_steps, labels
from audit_portal.web.engagements.next_step import Next, may

_OVER = (AssessmentState.REVIEWED, AssessmentState.DECIDED)
_REACHED = {
    State.DRAFT: 0,
    State.REFUSED: 0,
    State.SELECTED: 1,
    State.CONTRACTED: 2,
    State.LIVE: 2,
    State.SUSPENDED: 2,
    State.CLOSING: 2,
    State.CLOSED: 3,
}
_GATES = (Gate.SELECTION, Gate.CONTRACT)  # of the first two steps


class CloudStep(StrEnum):
    """What is open about work that is classed as not handled by its cloud provider."""

    RECORD = "record"  # no finding, or one that has to be made anew
    PROVE = "prove"  # its document is missing
    RECLASS = "reclass"  # the newest finding says the provider handles the data
    SETTLED = "settled"


def steps(state: State, standing: Standing | None = None) -> list[tuple[str, str, str]]:
    """The three steps of supervision for the `steps` macro; what was brought in running was never shown here."""
    unshown = {each.gate for each in standing.open} if standing else set()
    titles = (_("選定"), _("契約"), _("取扱状況の把握"))
    found = []
    for place, title in enumerate(titles):
        reached = _REACHED[state]
        if place < len(_GATES) and _GATES[place] in unshown:
            found.append((title, _("未確認（進行中のまま取り込み）"), "todo"))
        elif place < reached:
            found.append((title, _("済み"), "done"))
        elif place == reached:
            found.append((title, _("いま：%(state)s", state=labels.STATES[state][0]), "now"))
        else:
            found.append((title, _("これから"), "todo"))
    return found


def running_selection(checks: tuple[AssessmentHead, ...]) -> AssessmentHead | None:
    """The selection check that isn't over yet; there is one at a time."""
    found = (each for each in checks if each.kind is AssessmentKind.SELECTION and each.state not in _OVER)
    return next(found, None)


def next_thing(
    work: EngagementView,
    gate: GateView,
    checks: tuple[AssessmentHead, ...],
    decided: tuple[DecisionView, ...],
    standing: Standing | None = None,
    recheck: bool = False,
    cloud: CloudStep | None = None,
) -> Next:
    """What has to happen now, by whom, by when.

    `recheck`: a change made items new that nobody has asked; `cloud`: what is open about work that is classed as
    not handled by its cloud provider.
    """
    officer = _("個人情報保護担当")
    if recheck and work.classification is Classification.ENTRUSTMENT and gate.ahead:
        found = _on_the_way(work, gate, checks, decided)
        what = _("変更で新しく加わった項目があります。%(what)s", what=found.what)
        return replace(found, what=what)
    if work.classification is not Classification.ENTRUSTMENT:
        return _outside(work, cloud or CloudStep.SETTLED)
    if standing and standing.open and gate.ahead:
        found = _on_the_way(work, gate, checks, decided)
        what = _("進行中のまま取り込んだ業務です。%(what)s", what=found.what)
        return replace(found, what=what, due=found.due or min(each.catch_up_on for each in standing.open))
    if work.state is State.REFUSED:
        return Next(
            _("選定は承認されませんでした。この委託先には、この業務を任せられません"),
            officer,
            action=may(
                Permission.ENGAGEMENT_REOPEN,
                _("もう一度取り上げる"),
                url_for("decisions.reopen", engagement_id=work.id),
            ),
        )
    return _on_the_way(work, gate, checks, decided)


def _on_the_way(
    work: EngagementView,
    gate: GateView,
    checks: tuple[AssessmentHead, ...],
    decided: tuple[DecisionView, ...],
) -> Next:
    """To the decision at the gate ahead."""
    officer = _("個人情報保護担当")
    if not gate.ahead:
        return Next(_("いまはありません"), officer)
    waiting = next((each for each in decided if each.state is DecisionState.REQUESTED), None)
    if waiting:
        return Next(
            _("承認する人の決裁を待っています"),
            _("個人情報保護管理者"),
            action=(_("決裁の画面へ"), url_for("decisions.view", decision_id=waiting.id)),
        )
    if gate.gate is not Gate.SELECTION:
        return contract_steps.next_thing(work, gate, checks)
    selection = [each for each in checks if each.kind is AssessmentKind.SELECTION]
    running = running_selection(checks)
    if running:
        return _of_running(running)
    codes = {each.code for each in gate.blockers}
    if "never_asked" in codes:
        return _send_more(work)
    if not selection or "annex10_not_covered" in codes:
        return _send(work, again=bool(selection))
    if not gate.can_be_asked:
        held = {gate.places.get(each.item or "") for each in gate.blockers if not each.acceptable}
        if any(each.id in held and each.state is AssessmentState.DECIDED for each in selection):
            what = _(
                "決裁の済んだ評価に、義務に当たる不足事項があります。選定チェックで、もう一度確かめてください"
            )
            return replace(_send(work, again=True), what=what)
        return _mend(selection[0])
    return Next(
        _("審査が済みました。選定の決裁を申請してください"),
        officer,
        action=may(
            Permission.DECISION_REQUEST,
            _("決裁を申請する"),
            url_for("decisions.ask", engagement_id=work.id),
        ),
    )


def _outside(work: EngagementView, cloud: CloudStep) -> Next:
    """Of a relation that is no entrustment: the three steps don't apply, its finding has to hold."""
    officer = _("個人情報保護担当")
    if work.classification is Classification.CLOUD_NOT_HANDLING and cloud is not CloudStep.SETTLED:
        return _cloud(work, cloud, officer)
    if work.recheck_on is None:
        return Next(
            _("委託に当たらないという判定を、いつ見直すかを決めてください"),
            officer,
            action=may(
                Permission.ENGAGEMENT_REGISTER,
                _("見直す日を入力する"),
                url_for("engagements.edit", engagement_id=work.id),
            ),
        )
    return Next(_("見直す日に、判定がいまも当てはまるかを確かめてください"), officer, work.recheck_on)


def _cloud(work: EngagementView, cloud: CloudStep, officer: str) -> Next:
    """What carries the class has to be there; until then the work is supervised like any entrustment."""
    if cloud is CloudStep.RECLASS:
        edit = url_for("engagements.edit", engagement_id=work.id)
        return Next(
            _("事業者が個人データを取り扱うと判定されています。分類を「委託」に直してください"),
            officer,
            action=may(Permission.ENGAGEMENT_REGISTER, _("分類を直す"), edit),
        )
    if cloud is CloudStep.PROVE:
        here = url_for("engagements.view", engagement_id=work.id, _anchor="cloud")
        return Next(
            _("クラウドの判定の資料を送ってください。資料がないあいだ、判定は有効になりません"),
            officer,
            action=may(Permission.ENGAGEMENT_CHANGE, _("クラウドの判定へ"), here),
        )
    return Next(
        str(fact_labels.MEANS[work.classification][1]),
        officer,
        action=may(
            Permission.ENGAGEMENT_CHANGE,
            _("クラウドの判定を記録する"),
            url_for("engagements.determine_cloud", engagement_id=work.id),
        ),
    )


def _of_running(check: AssessmentHead) -> Next:
    here = url_for("assessments.view", assessment_id=check.id)
    if check.state is AssessmentState.SUBMITTED:
        what = _("%(vendor)s の回答を審査してください", vendor=check.vendor_name)
        return Next(what, _("個人情報保護担当、監査人"), action=(_("審査の画面へ"), here))
    what = _("%(vendor)s の回答を待っています。委託元の項目にも回答してください", vendor=check.vendor_name)
    return Next(what, check.vendor_name, check.due_on, (_("評価の画面へ"), here))


def _send(work: EngagementView, again: bool) -> Next:
    what = (
        _("全項目を尋ねる選定チェックを送ってください")
        if again
        else _("選定チェックを送り、委託先に回答してもらってください")
    )
    action = may(
        Permission.ASSESSMENT_SEND,
        _("選定チェックを送る"),
        url_for("assessments.send", engagement_id=work.id),
    )
    return Next(what, _("個人情報保護担当"), action=action)


def _send_more(work: EngagementView) -> Next:
    return Next(
        _("選定チェックを送り、加わった項目だけを確かめてください"),
        _("個人情報保護担当"),
        action=may(
            Permission.ASSESSMENT_SEND,
            _("加わった項目を確かめる"),
            url_for("assessments.send", engagement_id=work.id),
        ),
    )


def _mend(check: AssessmentHead) -> Next:
    return Next(
        _("義務に当たる不足事項が残っています。該当する項目を委託先に差し戻してください"),
        _("個人情報保護担当、監査人"),
        action=(_("評価の画面へ"), url_for("assessments.view", assessment_id=check.id)),
    )
