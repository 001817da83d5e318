"""Pages of one's own signing key: its state, a new one, its end."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.services.accounts import signing_keys
from audit_portal.services.accounts.signing_keys import CertificateView
from audit_portal.web.context import context, done, told
from audit_portal.web.guard import Guarded
from audit_portal.web.signing_keys.forms import IssueForm, RevokeForm

pages = Guarded("signing_keys", __name__)


def state_of(key: CertificateView) -> str:
    """In one word: usable, revoked, or past (or before) its time."""
    if key.revoked_at:
        return "revoked"
    return "usable" if key.usable else "expired"


@pages.route("/account/signing-key", methods=["GET", "POST"], permission=Permission.SIGNING_KEY)
def show() -> str | Response | tuple[str, int]:
    form = IssueForm()
    if form.validate_on_submit():
        with told(form) as ok:
            if form.passphrase.data != form.again.data:
                raise Invalid("passphrases_differ", field="again")
            signing_keys.issue(context(form), form.passphrase.data)
        if ok:
            return done(url_for("signing_keys.show"), _("署名鍵を作りました。報告書に署名できます。"))
    keys = signing_keys.mine(context())
    shown = render_template(
        "signing_keys/show.html",
        form=form,
        current=next((each for each in keys if each.usable), None),
        earlier=[(each, state_of(each)) for each in keys if not each.usable],
        breadcrumbs=_way_back(),
    )
    return shown, 422 if form.errors else 200


@pages.route(
    "/account/signing-key/<uuid:certificate_id>/revoke",
    methods=["GET", "POST"],
    permission=Permission.SIGNING_KEY,
)
def revoke(certificate_id: UUID) -> str | Response | tuple[str, int]:
    key = next((each for each in signing_keys.mine(context()) if each.id == certificate_id), None)
    if key is None:
        raise NotFound()
    if key.revoked_at:
        raise Conflict("certificate_revoked_before")
    form = RevokeForm()
    if form.validate_on_submit():
        with told(form) as ok:
            signing_keys.revoke(context(form), certificate_id, form.reason.data)
        if ok:
            return done(
                url_for("signing_keys.show"),
                _("署名鍵を失効させました。完成した報告書の署名は有効なままです。"),
            )
    trail = [*_way_back(), (_("署名鍵"), url_for("signing_keys.show"))]
    shown = render_template("signing_keys/revoke.html", form=form, key=key, breadcrumbs=trail)
    return shown, 422 if form.errors else 200


def _way_back() -> list[tuple[str, str]]:
    return [(_("アカウントの設定"), url_for("account.settings"))]
