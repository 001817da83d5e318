"""Pages of one's own account. What ends the person's sessions keeps this browser signed in, under a new token."""

from __future__ import annotations

import segno
from flask import redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.accounts import accounts, sessions, sign_in
from audit_portal.web import labels
from audit_portal.web.account.forms import EnrolForm, PasswordForm, RemoveFactorForm
from audit_portal.web.context import context, done, house, told
from audit_portal.web.guard import Guarded
from audit_portal.web.session import ServerSession, interface

pages = Guarded("account", __name__)

_SEALED = "second_factor"  # the secret of an enrolment begun in this browser


def _present() -> ServerSession:
    return session._get_current_object()  # type: ignore[attr-defined]


def _done_and_renewed(message: str, endpoint: str = "account.settings") -> Response:
    response = done(url_for(endpoint), message)
    interface().renew(response, _present())
    return response


def _way_back() -> list[tuple[str, str]]:
    return [(_("アカウントの設定"), url_for("account.settings"))]


@pages.get("/account", permission=Permission.SIGNED_IN)
def settings() -> str:
    ctx = context()
    return render_template(
        "account/settings.html",
        person=current_user.person,
        roles=labels.roles(current_user.actor.roles),
        factor=sign_in.second_factor(ctx, current_user.person.account_id),
    )


@pages.route("/account/password", methods=["GET", "POST"], permission=Permission.SIGNED_IN)
def password() -> str | Response | tuple[str, int]:
    form = PasswordForm()
    if form.validate_on_submit():
        with told(form) as ok:
            accounts.change_password(context(form), form.old.data, form.new.data)
        if ok:
            return _done_and_renewed(_("パスワードを変更しました。ほかの端末のサインインは終わりました。"))
    shown = render_template("account/password.html", form=form, breadcrumbs=_way_back())
    return shown, 422 if form.errors else 200


@pages.route("/account/second-factor", methods=["GET", "POST"], permission=Permission.SIGNED_IN)
def enrol() -> str | Response | tuple[str, int]:
    account_id, ctx = current_user.person.account_id, context()
    if sign_in.second_factor(ctx, account_id).on:
        return redirect(url_for("account.settings"), code=303)
    form = EnrolForm()
    enrolment = sign_in.begin_enrolment(house(), account_id, session.get(_SEALED))
    session[_SEALED] = enrolment.sealed
    if form.validate_on_submit():
        with told(form) as ok:
            accounts.confirm_password(context(form), form.password.data)
            sign_in.confirm_enrolment(house(), account_id, enrolment.sealed, form.code.data)
        if ok:
            session.pop(_SEALED)
            return _done_and_renewed(_("2段階認証を設定しました。次のサインインから確認コードを使います。"))
    picture = segno.make(enrolment.uri, error="m").svg_inline(scale=4, border=2)
    shown = render_template(
        "account/enrol.html", form=form, secret=enrolment.secret, picture=picture, breadcrumbs=_way_back()
    )
    return shown, 422 if form.errors else 200


@pages.route("/account/second-factor/remove", methods=["GET", "POST"], permission=Permission.SIGNED_IN)
def remove_factor() -> str | Response | tuple[str, int]:
    state = sign_in.second_factor(context(), current_user.person.account_id)
    if not state.on:
        return redirect(url_for("account.settings"), code=303)
    form = RemoveFactorForm()
    if form.validate_on_submit():
        with told(form) as ok:
            sign_in.remove_second_factor(context(form), form.password.data)
        if ok and state.needed:
            return _done_and_renewed(
                _("これまでの認証アプリを外しました。新しい認証アプリを設定してください。"), "account.enrol"
            )
        if ok:
            return _done_and_renewed(_("2段階認証を外しました。ほかの端末のサインインは終わりました。"))
    shown = render_template(
        "account/remove_factor.html", form=form, needed=state.needed, breadcrumbs=_way_back()
    )
    return shown, 422 if form.errors else 200


@pages.post("/account/sign-out-everywhere", permission=Permission.SIGNED_IN)
def sign_out_everywhere() -> Response:
    sessions.end_everywhere(context())
    _present().ended = True
    return redirect(url_for("sign_in.password"), code=303)
