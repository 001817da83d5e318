"""Pages on which sites, certifications and contacts of a vendor are added, changed and ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.house import Context
from audit_portal.services.parties import parties, party_certifications, party_contacts, party_sites
from audit_portal.web.context import context, done, told
from audit_portal.web.forms import PortalForm
from audit_portal.web.parties import labels
from audit_portal.web.parties.part_forms import (
    CertificationForm,
    ContactForm,
    EndContactForm,
    EndSiteForm,
    SiteForm,
    WithdrawForm,
)
from audit_portal.web.parties.views import crumbs, pages

Answer = str | Response | tuple[str, int]
BOTH = ["GET", "POST"]
REGISTER = Permission.PARTY_REGISTER


def _form(
    party_id: UUID,
    anchor: str,
    form: PortalForm,
    title: str,
    save: Callable[[Context], Any],
    message: str,
    lead: str = "",
) -> Answer:
    """One form of one thing of a vendor: shown, saved, and back to its place on the vendor's page."""
    vendor = parties.get_vendor(context(), party_id)
    back = url_for("parties.view", party_id=party_id, _anchor=anchor)
    if form.validate_on_submit():
        with told(form) as ok:
            save(context(form))
        if ok:
            return done(back, message)
    shown = render_template(
        "parties/part.html",
        form=form,
        vendor=vendor,
        title=title,
        lead=lead,
        back=back,
        breadcrumbs=crumbs(vendor),
    )
    return shown, 422 if form.errors else 200


@pages.route("/vendors/<uuid:party_id>/sites/new", methods=BOTH, permission=REGISTER)
def new_site(party_id: UUID) -> Answer:
    form = SiteForm().for_new()

    def save(ctx: Context) -> None:
        party_sites.add(ctx, party_id, form.facts())

    return _form(party_id, "sites", form, _("拠点の登録"), save, _("拠点を登録しました。"))


@pages.route("/vendors/<uuid:party_id>/sites/<uuid:site_id>/edit", methods=BOTH, permission=REGISTER)
def edit_site(party_id: UUID, site_id: UUID) -> Answer:
    form = SiteForm(data=asdict(party_sites.get_site(context(), party_id, site_id)))

    def save(ctx: Context) -> None:
        party_sites.change(ctx, party_id, site_id, form.version.data, form.facts())

    return _form(party_id, "sites", form, _("拠点の変更"), save, _("保存しました。"))


@pages.route("/vendors/<uuid:party_id>/sites/<uuid:site_id>/end", methods=BOTH, permission=REGISTER)
def end_site(party_id: UUID, site_id: UUID) -> Answer:
    site = party_sites.get_site(context(), party_id, site_id)
    form = EndSiteForm(data={"version": site.version, "last_day": context().house.today()})

    def save(ctx: Context) -> None:
        party_sites.end(ctx, party_id, site_id, form.version.data, form.last_day.data)

    lead = _("%(site)s の利用を終えます。記録は消えず、いつまで使ったかが残ります。", site=site.name)
    title = _("拠点の利用を終える")
    return _form(party_id, "sites", form, title, save, _("拠点の利用を終えました。"), lead)


@pages.route("/vendors/<uuid:party_id>/certifications/new", methods=BOTH, permission=REGISTER)
def new_certification(party_id: UUID) -> Answer:
    form = CertificationForm().for_new()

    def save(ctx: Context) -> None:
        party_certifications.add(ctx, party_id, form.facts())

    return _form(party_id, "certifications", form, _("認証の登録"), save, _("認証を登録しました。"))


@pages.route(
    "/vendors/<uuid:party_id>/certifications/<uuid:certification_id>/edit", methods=BOTH, permission=REGISTER
)
def edit_certification(party_id: UUID, certification_id: UUID) -> Answer:
    found = party_certifications.get_certification(context(), party_id, certification_id)
    form = CertificationForm(data=asdict(found))

    def save(ctx: Context) -> None:
        party_certifications.change(ctx, party_id, certification_id, form.version.data, form.facts())

    lead = _("更新されたときは、古いものを残して新しく登録すると、経過が分かります。")
    return _form(party_id, "certifications", form, _("認証の変更"), save, _("保存しました。"), lead)


@pages.route(
    "/vendors/<uuid:party_id>/certifications/<uuid:certification_id>/withdraw",
    methods=BOTH,
    permission=REGISTER,
)
def withdraw_certification(party_id: UUID, certification_id: UUID) -> Answer:
    found = party_certifications.get_certification(context(), party_id, certification_id)
    form = WithdrawForm(data={"version": found.version, "day": context().house.today()})

    def save(ctx: Context) -> None:
        party_certifications.withdraw(
            ctx, party_id, certification_id, form.version.data, form.day.data, form.reason.data
        )

    lead = _(
        "%(name)s が取り消された、または返上されたことを記録します。期限が過ぎただけなら、記録は要りません。",
        name=labels.certification(found),
    )
    title = _("認証の失効を記録する")
    return _form(party_id, "certifications", form, title, save, _("失効を記録しました。"), lead)


@pages.route("/vendors/<uuid:party_id>/contacts/new", methods=BOTH, permission=REGISTER)
def new_contact(party_id: UUID) -> Answer:
    form = ContactForm().for_new()

    def save(ctx: Context) -> None:
        party_contacts.add(ctx, party_id, form.facts())

    return _form(party_id, "contacts", form, _("窓口の登録"), save, _("窓口を登録しました。"))


@pages.route("/vendors/<uuid:party_id>/contacts/<uuid:contact_id>/edit", methods=BOTH, permission=REGISTER)
def edit_contact(party_id: UUID, contact_id: UUID) -> Answer:
    found = party_contacts.get_contact(context(), party_id, contact_id)
    form = ContactForm(data={**asdict(found), "purposes": [each.value for each in found.purposes]})

    def save(ctx: Context) -> None:
        party_contacts.change(ctx, party_id, contact_id, form.version.data, form.facts())

    return _form(party_id, "contacts", form, _("窓口の変更"), save, _("保存しました。"))


@pages.route("/vendors/<uuid:party_id>/contacts/<uuid:contact_id>/end", methods=BOTH, permission=REGISTER)
def end_contact(party_id: UUID, contact_id: UUID) -> Answer:
    found = party_contacts.get_contact(context(), party_id, contact_id)
    form = EndContactForm(data={"version": found.version})

    def save(ctx: Context) -> None:
        party_contacts.end(ctx, party_id, contact_id, form.version.data)

    lead = _("%(name)s さんを、きょうから窓口として表示しません。記録は残ります。", name=found.name)
    return _form(party_id, "contacts", form, _("窓口から外す"), save, _("窓口から外しました。"), lead)
