"""Pages on which a finding on a cloud service is recorded, and the document it rests on is sent in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.cloud import Determination
from audit_portal.domain.errors import NotFound
from audit_portal.services.engagements import cloud, engagements
from audit_portal.services.engagements.cloud import CloudView
from audit_portal.services.evidence.cloud_upload import CloudUpload
from audit_portal.services.house import Context
from audit_portal.web import fact_labels
from audit_portal.web.context import context, done, house, told
from audit_portal.web.engagements.changing import crumbs
from audit_portal.web.engagements.forms import CloudDocumentForm, CloudForm
from audit_portal.web.engagements.views import pages
from audit_portal.web.evidence.uploading import abandon, taken

Answer = str | Response | tuple[str, int]
_PATH = "/engagements/<uuid:engagement_id>/cloud"
pages.teardown_request(abandon)


@pages.route(_PATH, methods=["GET", "POST"], permission=Permission.ENGAGEMENT_CHANGE)
def determine_cloud(engagement_id: UUID) -> Answer:
    ctx = context()
    work = engagements.get_engagement(ctx, engagement_id)
    form = CloudForm(data={"determined_on": ctx.house.today()})
    if form.validate_on_submit():
        facts = form.facts()
        with told(form) as ok:
            found = cloud.determine(context(form), engagement_id, facts)
        if ok and facts.outcome is Determination.NOT_HANDLED:
            here = CloudTarget(engagement_id, found).page
            return done(here, _("クラウドの判定を記録しました。続けて、確かめた資料を送ってください。"))
        if ok:
            here = url_for("engagements.view", engagement_id=engagement_id, _anchor="cloud")
            return done(here, _("クラウドの判定を記録しました。"))
    shown = render_template("engagements/cloud.html", form=form, work=work, breadcrumbs=crumbs(work))
    return shown, 422 if form.errors else 200


@dataclass(frozen=True)
class CloudTarget:
    """A document on its way to a finding; see web/evidence/uploading.py."""

    engagement_id: UUID
    determination_id: UUID
    form_class = CloudDocumentForm
    template = "engagements/_cloud_upload.html"
    once = False

    @property
    def page(self) -> str:
        return url_for(
            "engagements.cloud_document",
            engagement_id=self.engagement_id,
            determination_id=self.determination_id,
        )

    @property
    def back(self) -> str:
        return url_for("engagements.view", engagement_id=self.engagement_id, _anchor="cloud")

    @property
    def back_label(self) -> str:
        return _("送らずに委託業務の画面へ戻る")

    @property
    def url(self) -> str:
        return url_for(
            "engagements.cloud_upload",
            engagement_id=self.engagement_id,
            determination_id=self.determination_id,
        )

    def known(self, ctx: Context) -> None:
        _found(ctx, self.engagement_id, self.determination_id)

    def open(self, ctx: Context, form: Any, name: str, expected: int | None) -> CloudUpload:
        return CloudUpload(ctx, self.engagement_id, self.determination_id, name, expected)

    def message(self, name: str) -> str:
        return _("「%(name)s」を、クラウドの判定の資料として保管しました。", name=name)


@pages.get(f"{_PATH}/<uuid:determination_id>", permission=Permission.ENGAGEMENT_CHANGE)
def cloud_document(engagement_id: UUID, determination_id: UUID) -> Answer:
    ctx = context()
    work = engagements.get_engagement(ctx, engagement_id)
    found = _found(ctx, work.id, determination_id)
    return render_template(
        "engagements/cloud_document.html",
        work=work,
        found=found,
        fact_labels=fact_labels,
        upload_form=CloudDocumentForm(formdata=None),
        upload_url=CloudTarget(engagement_id, determination_id).url,
        evidence_max=house().settings.evidence_max,
        breadcrumbs=crumbs(work),
    )


def _found(ctx: Context, engagement_id: UUID, determination_id: UUID) -> CloudView:
    found = (each for each in cloud.listed(ctx, engagement_id) if each.id == determination_id)
    if (one := next(found, None)) is None:
        raise NotFound()
    return one


def cloud_upload(engagement_id: UUID, determination_id: UUID) -> Response | tuple[Any, int]:
    """A view: the permission was checked, the form's token was not yet."""
    return taken(CloudTarget(engagement_id, determination_id))


pages.add_url_rule(
    f"{_PATH}/<uuid:determination_id>/document",
    "cloud_upload",
    cloud_upload,
    methods=["PUT", "POST"],
    permission=Permission.ENGAGEMENT_CHANGE,
)
