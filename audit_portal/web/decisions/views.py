"""Pages of decisions: asked for on an engagement, and made on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.decision import DecisionState, Snapshot
from audit_portal.domain.supervision import Gate
from audit_portal.services import checklists
from audit_portal.services.decisions import (
    conditions,
    decision_views,
    decisions,
    gates,
    outside,
    reseating,
    seats,
)
from audit_portal.services.decisions.decision_views import DecisionView
from audit_portal.services.engagements import engagements
from audit_portal.services.engagements.engagements import EngagementView
from audit_portal.web import contract_labels, fact_labels
from audit_portal.web import labels as people_labels
from audit_portal.web.assessments import behalf_labels, beside_labels, rows
from audit_portal.web.assessments import labels as assessment_labels
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done, house
from audit_portal.web.decisions import blockers, labels
from audit_portal.web.decisions.blockers import Shown
from audit_portal.web.decisions.forms import AskForm, DecideForm
from audit_portal.web.guard import Guarded

pages = Guarded("decisions", __name__)


def crumbs(work: EngagementView) -> list[tuple[str, str]]:
    return [
        (_("委託業務"), url_for("engagements.listed")),
        (work.title, url_for("engagements.view", engagement_id=work.id)),
    ]


@pages.route(
    "/engagements/<uuid:engagement_id>/decisions/new",
    methods=["GET", "POST"],
    permission=Permission.DECISION_REQUEST,
)
def ask(engagement_id: UUID) -> str | Response | tuple[str, int]:
    work = engagements.get_engagement(context(), engagement_id)
    form, status = AskForm(), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            seen = Gate(form.gate.data) if form.gate.data else None
            decision_id = decisions.request(context(form), engagement_id, form.reason.data, seen)
        if outcome.ok:
            return done(
                url_for("decisions.view", decision_id=decision_id),
                _("決裁を申請しました。承認する人にメールで知らせます。"),
            )
        status = outcome.status
    gate = gates.gate(context(), engagement_id)
    form.gate.data, form.gate.raw_data = gate.gate.value, None
    shown = render_template(
        "decisions/ask.html",
        form=form,
        work=work,
        gate=gate,
        at_gate=gate.ahead,
        labels=labels,
        blockers=blockers.shown(context(), gate, engagement_id, language()),
        open=next((each for each in _of(engagement_id) if each.state is DecisionState.REQUESTED), None),
        breadcrumbs=crumbs(work),
    )
    return shown, status if form.errors else 200


def _of(engagement_id: UUID) -> tuple[DecisionView, ...]:
    return decision_views.of_engagement(context(), engagement_id)


@pages.get("/decisions/<uuid:decision_id>", permission=Permission.ENGAGEMENT_TIMELINE)
def view(decision_id: UUID) -> str:
    found = decision_views.get_decision(context(), decision_id)
    return _page(found, None)


@pages.post("/decisions/<uuid:decision_id>", permission=Permission.DECISION_MAKE)
def decide(decision_id: UUID) -> Response | tuple[str, int]:
    found = decision_views.get_decision(context(), decision_id)
    form, status = DecideForm(), 422
    if form.validate():
        with kept(form) as outcome:
            _decide(form, decision_id)
        if outcome.ok:
            here = url_for("decisions.view", decision_id=decision_id)
            return done(here, _SAID[form.outcome.data])
        status = outcome.status
        found = decision_views.get_decision(context(), decision_id)
        form.version.data, form.version.raw_data = found.version, None
    return _page(found, form), status


_SAID = {
    "approve": _l("承認しました。"),
    "return": _l("申請した人に差し戻しました。"),
    "refuse": _l("不承認にしました。"),
}


def _decide(form: DecideForm, decision_id: UUID) -> None:
    ctx, version, comment = context(form), form.version.data, form.comment.data or ""
    if form.outcome.data == "return":
        decisions.give_back(ctx, decision_id, version, comment)
        return
    approve = form.outcome.data == "approve"
    decisions.decide(ctx, decision_id, version, approve, comment, form.terms())


def _page(found: DecisionView, form: DecideForm | None) -> str:
    """Everything it rests on comes from the snapshot; only what has changed since is looked up."""
    ctx = context()
    work = engagements.get_engagement(ctx, found.engagement_id)
    snapshot = decision_views.frozen(ctx, found.id)
    waits = found.state is DecisionState.REQUESTED
    approver = current_user.actor.may(Permission.DECISION_MAKE)
    turn, why_not = seats.mine(ctx, found.id) if waits and approver else (None, "")
    makes, last = turn is not None, turn is not None and turn.last
    if form is None:
        form = DecideForm(formdata=None, data={"version": found.version})
    live = _live(found, snapshot) if waits else None
    form.offer([each.key for each in live.blockers if each.acceptable] if live and last else [])
    return render_template(
        "decisions/view.html",
        decision=found,
        known=snapshot,
        condition_names=_conditions(snapshot),
        work=work,
        form=form,
        makes=makes,
        last=last,
        outside=outside.of_decision(ctx, found.id),
        words_of=blockers.words_of,
        deputy_of=turn.instead_of.name if turn and turn.instead_of else "",
        why_not=labels.NOT_NOW.get(why_not, "") if waits else "",
        waits=waits,
        conditions=conditions.of_decision(ctx, found.engagement_id, found.id),
        seat_vacant=_vacant(found) if waits else False,
        blockers=blockers.frozen(snapshot, snapshot.blockers, language()),
        live=live,
        acceptable={each.key: each for each in live.blockers if each.acceptable} if live else {},
        labels=labels,
        item_labels=assessment_labels,
        behalf_labels=behalf_labels,
        beside_labels=beside_labels,
        fact_labels=fact_labels,
        people_labels=people_labels,
        contract_labels=contract_labels,
        text=rows.text,
        today=house().today(),
        breadcrumbs=crumbs(work),
    )


def _conditions(snapshot: Snapshot) -> list[str]:
    """Names of the conditions that held."""
    known = checklists.references(house()).conditions
    names = [
        known[code].name for code in (snapshot.facts.conditions if snapshot.facts else ()) if code in known
    ]
    return [rows.text({"ja": each.ja, "en": each.en}, language()) for each in names]


def _vacant(found: DecisionView) -> bool:
    """Whether the person may mend it, too, that nobody can fill a seat of this request."""
    if not current_user.actor.may(Permission.ROUTE_MANAGE):
        return False
    return any(each.decision_id == found.id for each in reseating.vacancies(context()))


@dataclass(frozen=True)
class _Live:
    """The gate as it stands while the decision waits: what an approval is held to, and what moved."""

    blockers: tuple[Shown, ...]
    appeared: tuple[Shown, ...]
    gone: tuple[Shown, ...]
    other_check: bool

    @property
    def shut(self) -> bool:
        return self.other_check or any(not each.acceptable for each in self.blockers)

    @property
    def moved(self) -> bool:
        return bool(self.appeared or self.gone or self.other_check)


def _live(found: DecisionView, snapshot: Snapshot) -> _Live:
    ctx = context()
    gate = gates.gate(ctx, found.engagement_id, found.gate)
    drift = gates.drift(gate, snapshot, found.assessment_id)
    listed = blockers.shown(ctx, gate, found.engagement_id, language())
    new = {each.key for each in drift.appeared}
    return _Live(
        listed,
        tuple(each for each in listed if each.key in new),
        blockers.frozen(snapshot, drift.gone, language()),
        drift.other_check,
    )
