"""The reviewer's part of an item: what is concluded of the answer, and how it was confirmed."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.assessments import assessment_view, reviews
from audit_portal.web.assessments import rows
from audit_portal.web.assessments.items import PATH, found_item, item_page
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.review_forms import ReviewForm
from audit_portal.web.assessments.views import pages
from audit_portal.web.context import context, done


@pages.post(f"{PATH}/review", permission=Permission.REVIEW_WRITE)
def review(assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    view, found = found_item(assessment_id, code)
    form = ReviewForm()
    if not form.validate():
        return item_page(view, found, review=form), 422
    with kept(form) as outcome:
        reviews.review_item(
            context(form),
            assessment_id,
            code,
            form.judgement(),
            form.version.data,
            form.answer_version.data,
        )
    if outcome.ok:
        return done(_next_url(assessment_id, code), _("%(code)s の審査を保存しました。", code=code))
    view, found = found_item(assessment_id, code)
    form.at(found)
    return item_page(view, found, review=form, newer="review" if outcome.stale else ""), outcome.status


def _next_url(assessment_id: UUID, code: str) -> str:
    """The next item this person can review, else the page of the assessment."""
    view = assessment_view.get_assessment(context(), assessment_id)
    left = tuple(item for item in view.unreviewed if item.reviewable)
    following = rows.after(left, code, view.items)
    if following is None:
        return url_for("assessments.view", assessment_id=assessment_id)
    return rows.item_url(view, following)
