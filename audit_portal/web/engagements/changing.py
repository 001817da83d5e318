"""The page on which the facts of an engagement change."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission, Role
from audit_portal.services.engagements import engagement_changes, engagement_profile, engagements
from audit_portal.services.engagements.engagement_changes import Changed
from audit_portal.services.engagements.engagements import EngagementView
from audit_portal.web.assessments.forms import language
from audit_portal.web.context import context, done, told
from audit_portal.web.engagements import labels
from audit_portal.web.engagements.fact_form import ChangeForm, form_data
from audit_portal.web.engagements.views import pages

Answer = str | Response | tuple[str, int]


def crumbs(work: EngagementView) -> list[tuple[str, str]]:
    return [
        (_("委託業務"), url_for("engagements.listed")),
        (work.title, url_for("engagements.view", engagement_id=work.id)),
    ]


@pages.route(
    "/engagements/<uuid:engagement_id>/edit", methods=["GET", "POST"], permission=Permission.ENGAGEMENT_CHANGE
)
def edit(engagement_id: UUID) -> Answer:
    ctx = context()
    work = engagements.get_engagement(ctx, engagement_id)
    profile = engagement_profile.get_profile(ctx, engagement_id)
    choices = engagement_profile.choices(ctx, work.vendor_id, profile.facts)
    form = ChangeForm(choices, language(), data={**form_data(profile.facts), "version": profile.version})
    if Role.OFFICER not in current_user.actor.roles:
        form.for_owner()
    here = url_for("engagements.view", engagement_id=engagement_id)
    if form.validate_on_submit():
        with told(form) as ok:
            came_of = engagement_changes.change(
                context(form), engagement_id, form.version.data, form.facts(profile.facts)
            )
        if ok:
            return done(here, _told(came_of), "success")
    shown = render_template(
        "engagements/form.html",
        form=form,
        title=_("委託業務の変更"),
        small=f"{work.number} {work.title}",
        lead=_(
            "変わったところだけ直してください。保存すると、リスク区分と確かめる項目を決め直し、まだ確かめていない項目が出たときは委託業務の画面に表示します。"
        ),
        back=here,
        sites_url=url_for("parties.view", party_id=work.vendor_id, _anchor="sites"),
        breadcrumbs=crumbs(work),
    )
    return shown, 422 if form.errors else 200


def _told(came_of: Changed) -> str:
    """What came of the change, in a sentence or three."""
    if not came_of.what:
        return _("変わったところはありませんでした。")
    said = [_("委託業務の内容を変更しました。")]
    if came_of.before is not came_of.after:
        before, after = (str(labels.RISKS[each][0]) for each in (came_of.before, came_of.after))
        said.append(
            _("リスク区分が「%(before)s」から「%(after)s」に変わりました。", before=before, after=after)
        )
    if count := len(came_of.asked_anew):
        said.append(
            ngettext(
                "まだ確かめていない項目が%(num)d件あります。",
                "まだ確かめていない項目が%(num)d件あります。",
                count,
            )
        )
    return "".join(said)
