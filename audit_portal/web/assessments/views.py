"""Pages of assessments: the list, the send form, the page of one, submitting, giving back, finishing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import CLIENT_ONLY, AssessmentState, ReviewResult
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.memorandum import LACKING
from audit_portal.services.assessments import (
    around,
    assessment_list,
    assessment_view,
    behalf_views,
    former,
    reviews,
    sending,
    submission,
)
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.engagements import engagements
from audit_portal.web.assessments import behalf_labels, beside_labels, labels, rows
from audit_portal.web.assessments.filter import checks
from audit_portal.web.assessments.forms import ReturnForm, SendForm, VersionForm, language
from audit_portal.web.assessments.outcome import Outcome, kept
from audit_portal.web.context import context, done, house, told
from audit_portal.web.guard import Guarded
from audit_portal.web.lists import page_key
from audit_portal.web.reports.forms import CreateForm

pages = Guarded("assessments", __name__)


def crumbs(view: AssessmentView | None = None) -> list[tuple[str, str]]:
    """The way to an assessment: through its engagement, or through the vendor's own list."""
    if current_user.actor.is_vendor or view is None:
        found = [(_("評価"), url_for("assessments.listed"))]
    else:
        head = view.head
        found = [
            (_("委託業務"), url_for("engagements.listed")),
            (head.engagement_title, url_for("engagements.view", engagement_id=head.engagement_id)),
        ]
    if view is not None:
        label = rows.text(view.head.title, language())
        found.append((label, url_for("assessments.view", assessment_id=view.head.id)))
    return found


@pages.get("/assessments", permission=Permission.ASSESSMENT_VIEW)
def listed() -> str:
    filter, wanted = checks()
    page = assessment_list.listed(context(), page_key(), wanted)
    return render_template(
        "assessments/listed.html",
        page=page,
        filter=filter,
        everything=not wanted.running,
        labels=labels,
        today=house().today(),
        **filter.urls(page.next_key),
    )


@pages.route(
    "/engagements/<uuid:engagement_id>/assessments/new",
    methods=["GET", "POST"],
    permission=Permission.ASSESSMENT_SEND,
)
def send(engagement_id: UUID) -> str | Response | tuple[str, int]:
    work = engagements.get_engagement(context(), engagement_id)
    more = sending.more(context(), engagement_id)
    offered = sending.offered(sending.sendable(context()), more)
    form, reachable = SendForm(offered), behalf_views.reachable(context(), work.vendor_id)
    if not reachable:
        form.submit.label.text = _("代行入力で始める")
        form.due_on.description = _("この日までに、原本からの転記と照合を終えます。")
    if request.method == "GET" and offered:
        form.checklist.data = str(offered[0].id)
    if form.validate_on_submit():
        with told(form) as ok:
            assessment_id = sending.send(context(form), engagement_id, form.order())
        if ok and not reachable:
            here = url_for("assessments.on_behalf", assessment_id=assessment_id)
            return done(here, _("選定チェックを始めました。原本を登録して、回答を転記してください。"))
        if ok:
            sent = _("%(vendor)s に選定チェックを送りました。", vendor=work.vendor_name)
            return done(url_for("assessments.view", assessment_id=assessment_id), sent)
    shown = render_template(
        "assessments/send.html",
        form=form,
        work=work,
        reachable=reachable,
        partial=[each for each in offered if not each.covers_annex10],
        more=more,
        breadcrumbs=[
            (_("委託業務"), url_for("engagements.listed")),
            (work.title, url_for("engagements.view", engagement_id=work.id)),
        ],
    )
    return shown, 422 if form.errors else 200


@pages.get("/assessments/<uuid:assessment_id>", permission=Permission.ASSESSMENT_VIEW)
def view(assessment_id: UUID) -> str:
    return _page(assessment_view.get_assessment(context(), assessment_id))


def _page(found: AssessmentView, trouble: dict[str, Any] | None = None) -> str:
    """The page of an assessment; `trouble` is what a refused submission or finish says."""
    form = VersionForm(formdata=None)
    form.at(found.head.version)
    line = rows.answering if current_user.actor.is_vendor else rows.reviewing
    beside = around.around(context(), found.head.id)
    mine = [item for item in found.mine if item.missing != "unanswered" and not rows.is_open(found, item)]
    return render_template(
        "assessments/task.html" if current_user.actor.is_vendor else "assessments/overview.html",
        view=found,
        head=found.head,
        form=form,
        trouble=trouble,
        sections=[
            (
                rows.text(section.title, language()),
                [rows.counted(line(found, item, language()), beside) for item in section.items],
            )
            for section in found.sections
        ],
        left=[rows.answering(found, item, language()) for item in rows.open_items(found)],
        finished=len(mine),
        minutes=rows.MINUTES,
        own=found.head.kind in CLIENT_ONLY,
        lacking=any(item.value in LACKING or _short(item) for item in found.items),
        beside=beside,
        behalf=behalf_views.standing(context(), found.head),
        behalf_labels=behalf_labels,
        offered=former.offered_count(context(), found),
        labels=labels,
        today=house().today(),
        report_form=_report_form(found),
        words=beside_labels,
        finding_urls=_finding_urls(found),
        section_names=[(each.code, rows.text(each.title, language())) for each in found.sections],
        assessment_id=found.head.id,
        breadcrumbs=crumbs() if current_user.actor.is_vendor else crumbs(found)[:-1],
    )


def _finding_urls(found: AssessmentView) -> dict[UUID, str]:
    return {
        each.id: rows.item_url(found, item) + "#findings"
        for item in found.items
        for each in item.beside.findings
    }


def _short(item: ItemView) -> bool:
    short = (ReviewResult.PARTLY, ReviewResult.NOT, ReviewResult.UNCONFIRMED)
    return item.review is not None and item.review.result in short


def _report_form(found: AssessmentView) -> CreateForm | None:
    """Where a report can be ordered: after the review, by those who may."""
    over = found.head.state in (AssessmentState.REVIEWED, AssessmentState.DECIDED)
    if not over or not current_user.actor.may(Permission.REPORT_CREATE):
        return None
    return CreateForm(formdata=None, data={"language": language()})


def refused(assessment_id: UUID, form: VersionForm, outcome: Outcome, why: dict[str, str]) -> tuple[str, int]:
    """The page again, with the items that stand in the way, each linked to where it is mended."""
    found = assessment_view.get_assessment(context(), assessment_id)
    items = {item.code: item for item in found.items}
    lines = [
        (f"{code} {rows.text(items[code].question, language())}", rows.item_url(found, items[code]), reason)
        for code, reason in why.items()
        if code in items
    ]
    what = next(iter(form.form_errors), _("この画面を開き直してから、もう一度お試しください。"))
    return _page(found, {"what": what, "lines": lines}), outcome.status if outcome.refusal else 422


@pages.post("/assessments/<uuid:assessment_id>/submit", permission=Permission.ASSESSMENT_SUBMIT)
def submit(assessment_id: UUID) -> Response | tuple[str, int]:
    form, outcome = VersionForm(), Outcome()
    if form.validate():
        with kept(form) as outcome:
            submission.submit(context(form), assessment_id, form.version.data)
        if outcome.ok:
            here = url_for("assessments.view", assessment_id=assessment_id)
            return done(
                here,
                _(
                    "回答を提出しました。依頼元の確認をお待ちください。提出した回答の控えを、この画面からダウンロードできます。"
                ),
            )
    why = {each.item_id: str(labels.MISSING[each.reason]) for each in outcome.blockers}
    return refused(assessment_id, form, outcome, why)


@pages.post("/assessments/<uuid:assessment_id>/finish", permission=Permission.REVIEW_WRITE)
def finish(assessment_id: UUID) -> Response | tuple[str, int]:
    form, outcome = VersionForm(), Outcome()
    if form.validate():
        with kept(form) as outcome:
            reviews.finish(context(form), assessment_id, form.version.data)
        if outcome.ok:
            here = url_for("assessments.view", assessment_id=assessment_id)
            return done(here, _("審査を終えました。委託業務の画面から、決裁を申請できます。"))
    why = dict.fromkeys(outcome.blockers, _("まだ審査していません。"))
    return refused(assessment_id, form, outcome, why)


@pages.route(
    "/assessments/<uuid:assessment_id>/return", methods=["GET", "POST"], permission=Permission.REVIEW_WRITE
)
def give_back(assessment_id: UUID) -> str | Response | tuple[str, int]:
    found = assessment_view.get_assessment(context(), assessment_id)
    form, status = ReturnForm(), 422
    own = found.head.kind in CLIENT_ONLY
    side = AnsweredBy.CLIENT if own else AnsweredBy.VENDOR
    vendors = [item for item in found.items if item.answered_by is side]
    form.items.choices = [
        (item.code, f"{item.code} {rows.text(item.question, language())}") for item in vendors
    ]
    if own:
        form.submit.label.text = _("回答した人に差し戻す")
        form.note.description = _("選んだ項目に、この文が示されます。その項目だけを直せるようになります。")
    if request.method == "GET":
        form.at(found.head.version)
        form.items.data = [
            item.code for item in vendors if item.review and item.review.result is not ReviewResult.CONFORMS
        ]
    if form.validate_on_submit():
        with kept(form) as outcome:
            submission.give_back(
                context(form), assessment_id, form.items.data or [], form.note.data, form.version.data
            )
        if outcome.ok:
            here = url_for("assessments.view", assessment_id=assessment_id)
            return done(here, _("差し戻しました。") if own else _("委託先に差し戻しました。"))
        status = outcome.status
        form.at(found.head.version)
    shown = render_template(
        "assessments/return.html", form=form, head=found.head, own=own, breadcrumbs=crumbs(found)
    )
    return shown, status if form.errors else 200
