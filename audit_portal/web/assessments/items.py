"""One item: the question with its basis, the answer form with drafts saved on the way, the evidence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import RUNNING, AssessmentKind, AssessmentState
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.services.assessments import (
    answers,
    assessment_view,
    behalf_views,
    comments,
    transcribing,
)
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.contracts import contract_views
from audit_portal.services.evidence import evidence_reading
from audit_portal.web import contract_labels
from audit_portal.web.assessments import behalf_labels, beside_labels, earlier, labels, preview, rows
from audit_portal.web.assessments.behalf_forms import BehalfAnswerForm, behalf_answer_form
from audit_portal.web.assessments.contract_forms import ContractAnswerForm, TieForm, contract_answer_form
from audit_portal.web.assessments.forms import (
    AnswerForm,
    CommentForm,
    answer_form,
    language,
)
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.review_forms import ReviewForm, review_form
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done, house
from audit_portal.web.evidence.forms import UploadForm
from audit_portal.web.forms import PortalForm
from audit_portal.web.messages import sentence

PATH = "/assessments/<uuid:assessment_id>/items/<code>"


def found_item(assessment_id: UUID, code: str) -> tuple[AssessmentView, ItemView]:
    """The assessment and its item; NotFound when they don't belong together."""
    view = assessment_view.get_assessment(context(), assessment_id)
    return view, view.item(code)


@pages.get(PATH, permission=Permission.ASSESSMENT_VIEW)
def item(assessment_id: UUID, code: str) -> str:
    view, found = found_item(assessment_id, code)
    return item_page(view, found)


def item_page(
    view: AssessmentView,
    found: ItemView,
    answer: AnswerForm | None = None,
    review: ReviewForm | None = None,
    comment: CommentForm | None = None,
    newer: str = "",
    tie: TieForm | None = None,
    trouble: PortalForm | None = None,
    mine: dict[str, Any] | None = None,
) -> str:
    """`newer`: "answer" or "review" when the page shows what somebody else stored meanwhile.

    `mine`: what the person had entered, when the form holds something else by now.
    """
    review_open = found.reviewable and not (
        found.answered_by is AnsweredBy.CLIENT and found.missing is not None
    )
    place = [each.code for each in view.items].index(found.code)
    is_contract = view.head.kind is AssessmentKind.CONTRACT
    documents = _documents(view)
    beside = preview.beside(view, found.code, documents) if is_contract else {}
    filled = contract_answer_form if is_contract else answer_form
    if found.on_behalf:
        sources = behalf_views.standing(context(), view.head).sources
        answering: AnswerForm | None = answer or behalf_answer_form(found, sources)
        if isinstance(answering, BehalfAnswerForm):
            answering.offer(sources)
    else:
        answering = answer or (filled(found) if found.editable else None)
    reviewing = review or (review_form(found) if review_open else None)
    form = next((each for each in (answer, review, comment, tie, trouble) if each is not None), None)
    ctx = context()
    may_comment = ctx.actor.may(Permission.COMMENT_WRITE) and view.head.state is not AssessmentState.DECIDED
    if comment is None and may_comment:
        comment = comment_form(view, found, formdata=None)
    return render_template(
        "assessments/item.html",
        view=view,
        item=found,
        question=rows.text(found.question, language()),
        hint=rows.text(found.hint, language()),
        kinds=[rows.text(kind, language()) for kind in found.evidence_kinds],
        form=form if form is not None else answering or reviewing,
        answer_form=answering,
        review_form=reviewing,
        newer=newer,
        mine=mine or (answer.typed() if answer else None),
        comments=comments.of_item(ctx, view.head.id, found.code),
        comment_form=comment,
        waits=view.can_review and not found.own_answer and not review_open,
        reviews_here=view.can_review,
        before=rows.item_url(view, view.items[place - 1]) if place else None,
        behind=rows.item_url(view, view.items[place + 1]) if place + 1 < len(view.items) else None,
        labels=labels,
        behalf_labels=behalf_labels,
        words=beside_labels,
        may_inspect=_may_inspect(view, found),
        may_find=view.can_review,
        breadcrumbs=crumbs(view),
        assessment_id=view.head.id,
        code=found.code,
        is_contract=is_contract,
        stand_ins=contract_labels.STAND_INS,
        tie_form=_tie_form(documents, beside["preview"], tie) if is_contract and found.editable else None,
        files=evidence_reading.attached(context(), view.head.id, found.code),
        editable=found.editable,
        **beside,
        **earlier.beside(view, found.code),
        **_upload(view, found),
    )


def _may_inspect(view: AssessmentView, found: ItemView) -> bool:
    may = current_user.actor.may(Permission.REVIEW_WRITE) and view.head.state in RUNNING
    return may and not found.own_answer


def _documents(view: AssessmentView) -> preview.Documents:
    """What a clause of this check can stand in, as far as the reader may know of it."""
    if view.head.kind is not AssessmentKind.CONTRACT or not current_user.actor.may(Permission.CONTRACT_VIEW):
        return ()
    return contract_views.documents_of_engagement(context(), view.head.engagement_id)


def _tie_form(
    documents: preview.Documents, opened: preview.Preview | None, tie: TieForm | None
) -> TieForm | None:
    """Where a clause can be tied to a place: as the preview stands open, unless something else was typed."""
    if tie is not None:
        return tie
    if not current_user.actor.may(Permission.CLAUSE_TIE):
        return None
    form = TieForm(formdata=None, data=preview.spot(opened))
    form.offer(documents)
    return form


def _form_of(view: AssessmentView) -> AnswerForm:
    """The answer form that a page of this assessment has."""
    return ContractAnswerForm() if view.head.kind is AssessmentKind.CONTRACT else AnswerForm()


def comment_form(view: AssessmentView, found: ItemView, **data: Any) -> CommentForm:
    """Says by name who will read it."""
    sides = (view.head.vendor_name, str(view.contact.get("party", "")))
    own, other = sides if view.side is AnsweredBy.VENDOR else sides[::-1]
    return CommentForm(found, own, other, **data)


def _upload(view: AssessmentView, found: ItemView) -> dict[str, Any]:
    """What evidence/_upload.html needs, where uploading is possible."""
    if not found.editable:
        return {"upload_form": None}
    return {
        "upload_form": UploadForm(formdata=None),
        "upload_url": url_for("evidence.upload", assessment_id=view.head.id, code=found.code),
        "evidence_max": house().settings.evidence_max,
    }


@pages.post(PATH, permission=Permission.ANSWER_WRITE)
def answer(assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    form = _draft_form()
    try:
        return _answer(form, assessment_id, code)
    except NotFound:  # taken back while they were writing, or never theirs: the two look alike
        if not any(form.typed().values()):
            raise
        return render_template("assessments/gone.html", typed=form.typed(), code=code), 404


def _answer(form: AnswerForm, assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    view, found = found_item(assessment_id, code)
    if found.answered_by is not view.side and not isinstance(form, BehalfAnswerForm):
        raise NotFound()
    if form.leave.data:
        return done(rows.item_url(view, found), _("保存済みの内容のままにしました。"))
    if form.join.data:
        mine = form.typed()
        form.join_texts(found)
        form.at(found.version)
        return item_page(view, found, answer=form, newer="answer", mine=mine), 409
    if not form.validate():
        return item_page(view, found, answer=form), 422
    with kept(form) as outcome:
        _store(form, assessment_id, code)
    if outcome.ok:
        return _saved(assessment_id, code)
    view, found = found_item(assessment_id, code)
    form.at(found.version)  # saving once more replaces what is now shown beside it
    return item_page(view, found, answer=form, newer="answer" if outcome.stale else ""), outcome.status


def _store(form: AnswerForm, assessment_id: UUID, code: str, once: bool = True) -> int:
    """As one's own answer, or with its source on behalf of the vendor; returns the new version."""
    ctx, version = context(form if once else None), form.version.data
    if isinstance(form, BehalfAnswerForm):
        return transcribing.transcribe(ctx, assessment_id, code, form.written(), form.source_id(), version)
    return answers.save(ctx, assessment_id, code, form.written(), version)


def _saved(assessment_id: UUID, code: str) -> Response:
    """On to the next item; but a clause that is said to be there needs its place first."""
    found = found_item(assessment_id, code)[1]
    if found.missing == "clause_required":
        here = url_for("assessments.item", assessment_id=assessment_id, code=code, _anchor="clauses")
        return done(here, _("保存しました。次に、契約のどこに書かれているかを記録してください。"))
    return done(_next_url(assessment_id, code), _("%(code)s を保存しました。", code=code))


def _next_url(assessment_id: UUID, code: str) -> str:
    """The next item that still needs an answer, else the page of the assessment."""
    view = assessment_view.get_assessment(context(), assessment_id)
    if view.item(code).on_behalf:
        left = tuple(item for item in view.behalf if item.behalf_left)
        if not left:
            return url_for("assessments.on_behalf", assessment_id=assessment_id)
        return rows.item_url(view, rows.after(left, code, view.items) or left[0])
    following = rows.after(rows.open_items(view), code, view.items)
    if following is None:
        return url_for("assessments.view", assessment_id=assessment_id)
    return rows.item_url(view, following)


@pages.post(f"{PATH}/draft", permission=Permission.ANSWER_WRITE)
def draft(assessment_id: UUID, code: str) -> tuple[Response, int]:
    """Saves while the person types. JSON: {"version": n}, or {"error": …} with 409 or 422."""
    form = _draft_form()
    if not form.validate():
        found_item(assessment_id, code)  # somebody else's is not found, whatever was sent
        return jsonify(error=str(_first_error(form))), 422
    try:
        version = _store(form, assessment_id, code, once=False)
    except Conflict as refusal:
        return jsonify(error=sentence(refusal)), 409
    return jsonify(version=version), 200


def _draft_form() -> AnswerForm:
    """By what was sent: looking the assessment up costs more than saving a draft."""
    if "source" in request.form:
        return BehalfAnswerForm()
    return ContractAnswerForm() if "stand_in_words" in request.form else AnswerForm()


def _first_error(form: AnswerForm) -> Any:
    return next(error for errors in form.errors.values() for error in errors)
