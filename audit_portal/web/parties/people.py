"""The people of a vendor: invited by officers, from the vendor's page."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import NotFound
from audit_portal.services.accounts import accounts, invitations
from audit_portal.services.accounts.accounts import AccountView
from audit_portal.services.parties import parties
from audit_portal.web import labels
from audit_portal.web.accounts import actions
from audit_portal.web.accounts.forms import InviteVendorForm
from audit_portal.web.context import context, done, told
from audit_portal.web.parties.views import crumbs, pages


def _back(party_id: UUID) -> str:
    return url_for("parties.view", party_id=party_id)


def _person(party_id: UUID, account_id: UUID) -> AccountView:
    """An account of this very vendor: ids that don't belong together are not found."""
    account = accounts.get_account(context(), account_id)
    if account.party_id != party_id:
        raise NotFound()
    return account


def _trail(party_id: UUID) -> list[tuple[str, str]]:
    return crumbs(parties.get_vendor(context(), party_id))


@pages.route(
    "/vendors/<uuid:party_id>/people/new", methods=["GET", "POST"], permission=Permission.VENDOR_INVITE
)
def invite(party_id: UUID) -> str | Response | tuple[str, int]:
    vendor = parties.get_vendor(context(), party_id)
    form = InviteVendorForm()
    if form.validate_on_submit():
        with told(form) as ok:
            invitations.invite(context(form), party_id, form.person({form.role.data}))
        if ok:
            return done(_back(party_id), _("%(name)s さんを招待しました。", name=form.name.data))
    shown = render_template(
        "parties/invite.html",
        form=form,
        vendor=vendor,
        hints=labels.role_hints(vendor=True),
        breadcrumbs=crumbs(vendor),
    )
    return shown, 422 if form.errors else 200


@pages.post("/vendors/<uuid:party_id>/people/<uuid:account_id>/resend", permission=Permission.VENDOR_INVITE)
def resend(party_id: UUID, account_id: UUID) -> Response:
    return actions.resend(_person(party_id, account_id).id, _back(party_id))


@pages.post("/vendors/<uuid:party_id>/people/<uuid:account_id>/link", permission=Permission.VENDOR_INVITE)
def copy(party_id: UUID, account_id: UUID) -> str:
    return actions.copied(_person(party_id, account_id), _back(party_id), _trail(party_id))


@pages.route(
    "/vendors/<uuid:party_id>/people/<uuid:account_id>/revoke",
    methods=["GET", "POST"],
    permission=Permission.VENDOR_INVITE,
)
def revoke(party_id: UUID, account_id: UUID) -> str | Response:
    return actions.revoke(_person(party_id, account_id), _back(party_id), _trail(party_id))
