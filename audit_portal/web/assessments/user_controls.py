"""A control that a provider leaves to its user: what the client's own people do about it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import NotFound
from audit_portal.services.assessments import assessment_view, behalf_views, user_controls
from audit_portal.services.assessments.behalf_views import ControlView
from audit_portal.web.assessments import behalf_labels
from audit_portal.web.assessments.behalf_forms import ControlForm, control_data
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done


@pages.route(
    "/assessments/<uuid:assessment_id>/user-controls/<uuid:control_id>",
    methods=["GET", "POST"],
    permission=Permission.USER_CONTROL,
)
def user_control(assessment_id: UUID, control_id: UUID) -> Response | str | tuple[str, int]:
    found = _found(assessment_id, control_id)
    form, status = (ControlForm() if request.method == "POST" else ControlForm(data=control_data(found))), 422
    newer = None
    if form.validate_on_submit():
        with kept(form) as outcome:
            user_controls.answer(
                context(form),
                assessment_id,
                control_id,
                form.chosen(),
                form.note.data or "",
                form.due_on.data,
                form.version.data,
            )
        if outcome.ok:
            here = url_for("assessments.view", assessment_id=assessment_id, _anchor="user-controls")
            return done(here, _("利用者側の統制への対応を保存しました。"))
        status = outcome.status
        if outcome.stale:
            newer = _found(assessment_id, control_id)
            form.at(newer.version)
    view = assessment_view.get_assessment(context(), assessment_id)
    shown = render_template(
        "assessments/user_control.html",
        form=form,
        control=found,
        newer=newer,
        head=view.head,
        behalf_labels=behalf_labels,
        breadcrumbs=crumbs(view),
    )
    return shown, status if form.errors else 200


def _found(assessment_id: UUID, control_id: UUID) -> ControlView:
    head = assessment_view.get_assessment(context(), assessment_id).head
    controls = behalf_views.standing(context(), head).controls
    found = next((each for each in controls if each.id == control_id), None)
    if found is None:
        raise NotFound()
    return found
