"""Pages of the vendor register (委託先台帳)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.accounts import accounts
from audit_portal.services.contracts import contract_views
from audit_portal.services.engagements import engagements
from audit_portal.services.parties import parties, party_certifications, party_contacts, party_sites
from audit_portal.services.parties.parties import PartyView
from audit_portal.web import contract_labels, labels
from audit_portal.web.accounts import actions
from audit_portal.web.context import context, done, house, told
from audit_portal.web.engagements.labels import STATES
from audit_portal.web.guard import Guarded
from audit_portal.web.lists import page_key
from audit_portal.web.parties import labels as own_labels
from audit_portal.web.parties.filter import vendors
from audit_portal.web.parties.forms import EditPartyForm, NewPartyForm, PartyForm

pages = Guarded("parties", __name__)


def crumbs(vendor: PartyView | None = None) -> list[tuple[str, str]]:
    found = [(_("委託先"), url_for("parties.listed"))]
    return [*found, (vendor.name, url_for("parties.view", party_id=vendor.id))] if vendor else found


@pages.get("/vendors", permission=Permission.PARTY_VIEW)
def listed() -> str:
    filter, wanted = vendors()
    page = parties.listed(context(), page_key(), wanted=wanted)
    urls = filter.urls(page.next_key)
    return render_template("parties/listed.html", page=page, filter=filter, labels=labels, **urls)


@pages.route("/vendors/new", methods=["GET", "POST"], permission=Permission.PARTY_REGISTER)
def new() -> str | Response | tuple[str, int]:
    form = NewPartyForm()
    if form.validate_on_submit():
        with told(form) as ok:
            party_id = parties.register(context(form), form.facts(), form.contact())
        if ok:
            return done(url_for("parties.view", party_id=party_id), _("委託先を登録しました。"))
    return _form_page(form, _("委託先の登録"), url_for("parties.listed"), crumbs())


@pages.get("/vendors/<uuid:party_id>", permission=Permission.PARTY_VIEW)
def view(party_id: UUID) -> str:
    ctx = context()
    vendor = parties.get_vendor(ctx, party_id)
    certifications = party_certifications.listed(ctx, party_id)
    invites = current_user.actor.may(Permission.VENDOR_INVITE)
    return render_template(
        "parties/view.html",
        vendor=vendor,
        people=accounts.of_party(ctx, party_id) if invites else None,
        sites=party_sites.listed(ctx, party_id),
        certifications=certifications,
        watched=own_labels.watched(certifications),
        contacts=party_contacts.listed(ctx, party_id),
        own_labels=own_labels,
        engagements=engagements.listed(ctx, vendor_id=party_id).items,
        contracts=contract_views.listed(ctx, vendor_id=party_id).items
        if current_user.actor.may(Permission.CONTRACT_VIEW)
        else (),
        contract_labels=contract_labels,
        today=house().today(),
        states=STATES,
        labels=labels,
        new_key=actions.new_key,
        breadcrumbs=crumbs(),
    )


@pages.route("/vendors/<uuid:party_id>/edit", methods=["GET", "POST"], permission=Permission.PARTY_REGISTER)
def edit(party_id: UUID) -> str | Response | tuple[str, int]:
    vendor = parties.get_vendor(context(), party_id)
    form = EditPartyForm(data=asdict(vendor))
    back = url_for("parties.view", party_id=party_id)
    if form.validate_on_submit():
        with told(form) as ok:
            parties.change(context(form), party_id, form.version.data, form.facts())
        if ok:
            return done(back, _("保存しました。"))
    return _form_page(form, _("委託先の変更"), back, crumbs(vendor))


def _form_page(form: PartyForm, title: str, back: str, crumbs: Any) -> tuple[str, int]:
    shown = render_template("parties/form.html", form=form, title=title, back=back, breadcrumbs=crumbs)
    return shown, 422 if form.errors else 200
