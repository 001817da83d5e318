"""Pages of rounds: picking, looking through beforehand, sending, and how far it has come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.domain.checklist import Tier
from audit_portal.domain.rounds import LineState, RoundState
from audit_portal.domain.supervision import State
from audit_portal.services.assessments import sending
from audit_portal.services.assessments.sending import SendableChecklist
from audit_portal.services.monitoring import fiscal
from audit_portal.services.rounds import round_sending, rounds, rounds_view
from audit_portal.services.rounds.rounds import Filter
from audit_portal.web.assessments.forms import VersionForm
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.engagements import labels as engagement_labels
from audit_portal.web.forms import PortalForm
from audit_portal.web.guard import Guarded
from audit_portal.web.lists import page_key, page_urls, search
from audit_portal.web.rounds import labels
from audit_portal.web.rounds.forms import OrderForm, chosen

pages = Guarded("rounds", __name__)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("委託業務"), url_for("engagements.listed")), (_("一斉送付"), url_for("rounds.listed"))]


@pages.get("/rounds", permission=Permission.ROUND_SEND)
def listed() -> str:
    return render_template(
        "rounds/listed.html", rounds=rounds_view.listed(context()), labels=labels, breadcrumbs=_crumbs()[:1]
    )


def _filter() -> Filter:
    """State, tier and words of the address; what isn't one of ours counts as no choice."""
    states, tiers = {each.value: each for each in State}, {each.value: each for each in Tier}
    return Filter(
        states.get(request.args.get("state", "")), tiers.get(request.args.get("tier", "")), search()
    )


@pages.get("/rounds/new", permission=Permission.ROUND_SEND)
def pick() -> str:
    return _pick_page()


def _pick_page(error: str = "") -> str:
    wanted = _filter()
    found = rounds.pickable(context(), wanted)
    ticked = set() if request.args.get("none") == "1" else {each.engagement_id for each in found}
    return render_template(
        "rounds/pick.html",
        form=PortalForm(formdata=None),
        error=error,
        found=found,
        ticked=ticked,
        most=limits.ROUND,
        wanted=wanted,
        labels=engagement_labels,
        states=State,
        tiers=Tier,
        filled={"state": wanted.state or "", "tier": wanted.tier or "", "q": wanted.search},
        breadcrumbs=_crumbs(),
    )


@pages.post("/rounds/new", permission=Permission.ROUND_SEND)
def check() -> str | Response | tuple[str, int]:
    """From the boxes to the preflight, from there (button `send`) on the way."""
    ids = chosen()
    if not ids:
        return _pick_page(_("送る委託業務を1つ以上選んでください")), 422
    if len(ids) > limits.ROUND:
        return _pick_page(_("一度に送れるのは%(most)s件までです", most=limits.ROUND)), 422
    offered = sending.sendable(context())
    if not offered:
        return _pick_page(_("送れるチェックリストがありません。先にチェックリストを公開してください")), 422
    form, status = OrderForm(offered, fiscal.current(context())), 200
    if form.send.data:
        status = 422
        if form.validate():
            with kept(form) as outcome:
                round_id = rounds.start(context(form), ids, form.order())
            if outcome.ok:
                return done(
                    url_for("rounds.view", round_id=round_id),
                    _("送付を始めました。この画面を閉じても、送付は続きます。"),
                )
            status = outcome.status
    elif not form.check.data:  # fresh from the boxes
        _fill(form)
    return _check_page(form, ids, offered), status


def _fill(form: OrderForm) -> None:
    year = fiscal.current(context()).year
    form.title.data = _("%(year)s年度 選定チェック", year=year)
    form.fiscal_year.data = year
    form.checklist.data = form.checklist.choices[0][0]


def _check_page(form: OrderForm, ids: tuple[UUID, ...], offered: tuple[SendableChecklist, ...]) -> str:
    return render_template(
        "rounds/check.html",
        form=form,
        ids=ids,
        partial=[each for each in offered if not each.covers_annex10],
        preflight=rounds.preflight(context(), ids, form.year(), form.version_id()),
        problem=labels.problem,
        breadcrumbs=_crumbs(),
    )


@pages.get("/rounds/<uuid:round_id>", permission=Permission.ROUND_SEND)
def view(round_id: UUID) -> str:
    return _page(round_id)


def _page(round_id: UUID, refusal: str = "") -> str:
    found = rounds_view.get_round(context(), round_id)
    states = {each.value: each for each in LineState}
    fallback = LineState.LEFT_OUT if found.left_out else LineState.SENT
    state = states.get(request.args.get("state", ""), fallback)
    page = rounds_view.lines(context(), round_id, state, page_key())
    urls: dict[str, Any] = page_urls("rounds.view", page.next_key, round_id=round_id, state=state.value)
    return render_template(
        "rounds/view.html",
        round=found,
        running=found.state is RoundState.RUNNING,
        state=state,
        tabs=[(each, labels.LINES[each], getattr(found, each.value), each is state) for each in LineState],
        page=page,
        form=VersionForm(formdata=None),
        refusal=refusal,
        labels=labels,
        problem=labels.problem,
        breadcrumbs=_crumbs(),
        **urls,
    )


@pages.post("/rounds/<uuid:round_id>/resume", permission=Permission.ROUND_SEND)
def resume(round_id: UUID) -> Response | tuple[str, int]:
    form = PortalForm()
    rounds_view.get_round(context(), round_id)
    with kept(form) as outcome:
        count = round_sending.resume(context(form), round_id)
    if outcome.ok:
        told = _("%(count)s件の送付を始めました。", count=count)
        return done(url_for("rounds.view", round_id=round_id), told)
    return _page(round_id, str(next(iter(form.form_errors), ""))), outcome.status
