"""Pages of a vendor's next lead: what the contact confirmed, and the second person's word on it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.handovers import lead_change_views, lead_changes
from audit_portal.services.handovers.lead_change_views import LeadChangeView
from audit_portal.services.parties import parties
from audit_portal.web import handover_labels as labels
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.handovers.lead_forms import LeadForm, SettleLeadForm
from audit_portal.web.handovers.views import pages


def _crumbs(party_id: UUID, name: str) -> list[tuple[str, str]]:
    """Administrators look at the change alone, not at the vendor."""
    if not context().actor.may(Permission.PARTY_VIEW):
        return []
    return [(_("委託先"), url_for("parties.listed")), (name, url_for("parties.view", party_id=party_id))]


@pages.route(
    "/vendors/<uuid:party_id>/lead/new", methods=["GET", "POST"], permission=Permission.VENDOR_INVITE
)
def new_lead(party_id: UUID) -> str | Response | tuple[str, int]:
    ctx = context()
    vendor = parties.get_vendor(ctx, party_id)
    found = lead_changes.choices(ctx, party_id)
    form, status = LeadForm(found), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            change_id = lead_changes.ask(
                context(form), party_id, form.leaving_id(), form.person(), form.confirmation()
            )
        if outcome.ok:
            return done(url_for("handovers.lead", change_id=change_id), _noted(form, change_id))
        status = outcome.status
    shown = render_template(
        "handovers/new_lead.html",
        form=form,
        found=found,
        vendor=vendor,
        breadcrumbs=_crumbs(party_id, vendor.name),
    )
    return shown, status if form.errors else 200


@pages.route("/lead-changes/<uuid:change_id>", methods=["GET", "POST"], permission=Permission.LEAD_CHANGE)
def lead(change_id: UUID) -> str | Response | tuple[str, int]:
    row = lead_change_views.get_change(context(), change_id)
    form, status = SettleLeadForm().about(row), 422
    if form.validate_on_submit():
        agree = form.outcome.data == "agree"
        with kept(form) as outcome:
            lead_changes.settle(
                context(form), change_id, form.version.data or 0, agree, form.answer.data or ""
            )
        if outcome.ok:
            said = _settled(form, change_id) if agree else _("交代を認めないと記録しました。")
            return done(url_for("handovers.lead", change_id=change_id), said)
        status = outcome.status
        row = lead_change_views.get_change(context(), change_id)
    return _shown(row, form), status if form.errors else 200


def _noted(form: LeadForm, change_id: UUID) -> str:
    row = lead_change_views.get_change(context(form), change_id)  # `done` notes the form's key
    if row.joined:
        return _(
            "確認を記録しました。ほかの人が確かめると、%(name)s さんが責任者になります。", name=row.colleague
        )
    return _("確認を記録しました。ほかの人が確かめると、新しい責任者を招待します。")


def _settled(form: SettleLeadForm, change_id: UUID) -> str:
    row = lead_change_views.get_change(context(form), change_id)
    if row.joined:
        return _(
            "%(name)s さんが責任者になりました。すでに利用中の人なので招待はせず、責任者になったことを本人にメールで知らせます。",
            name=row.colleague,
        )
    return _("新しい責任者を招待しました。")


def _shown(row: LeadChangeView, form: SettleLeadForm) -> str:
    form.about(row)
    form.version.data, form.version.raw_data = row.version, None
    crumbs = _crumbs(row.party_id, row.party)
    return render_template("handovers/lead.html", form=form, row=row, labels=labels, breadcrumbs=crumbs)


@pages.post("/lead-changes/<uuid:change_id>/withdraw", permission=Permission.VENDOR_INVITE)
def withdraw_lead(change_id: UUID) -> Response | tuple[str, int]:
    form = SettleLeadForm()
    lead_change_views.get_change(context(), change_id)
    with kept(form) as outcome:
        lead_changes.withdraw(context(form), change_id, form.version.data or 0)
    if outcome.ok:
        return done(url_for("handovers.lead", change_id=change_id), _("交代の記録を取り消しました。"))
    return _shown(lead_change_views.get_change(context(), change_id), form), outcome.status
