"""Pages of signing in. A link by mail is looked at with GET and used with POST: mail scanners follow links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import segno
from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.routing import BuildError
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.accounts import LinkKind
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.services.accounts import accounts, invitations, links, sessions, sign_in
from audit_portal.web.context import client_address, house, told
from audit_portal.web.guard import Guarded
from audit_portal.web.messages import sentence
from audit_portal.web.session import ServerSession, interface
from audit_portal.web.sign_in.forms import CodeForm, ForgottenForm, NewPasswordForm, SignInForm

pages = Guarded("sign_in", __name__)


@pages.route("/sign-in", methods=["GET", "POST"], permission=Permission.ANYONE)
def password() -> str | Response | tuple[str, int]:
    if current_user.is_authenticated:
        return redirect(url_for("home.home"))
    form = SignInForm()
    if form.validate_on_submit():
        with told(form) as ok:
            passed = sign_in.with_password(house(), form.email.data, form.password.data, client_address())
        if ok:
            if passed.second:
                _keep_half(passed)
                return redirect(
                    url_for("sign_in.code" if passed.second == "ask" else "sign_in.enrol"), code=303
                )
            sign_in.signed_in(house(), passed.account_id)
            return _enter(passed.account_id, passed.stamp)
    return render_template("sign_in/password.html", form=form), 422 if form.errors else 200


def _keep_half(passed: sign_in.Passed) -> None:
    session["half"] = {
        "account": str(passed.account_id),
        "second": passed.second,
        "stamp": passed.stamp,
        "at": passed.at.isoformat(),
    }


@dataclass(frozen=True)
class Half:
    """The person whose password was right but whose second factor is still to come."""

    account_id: UUID
    stamp: int
    sealed: str | None  # the secret shown to this browser, while it enrols


def _half(second: str) -> Half | None:
    kept = session.get("half") or {}
    if kept.get("second") != second:
        return None
    try:
        found = Half(UUID(kept["account"]), kept["stamp"], kept.get("sealed"))
        issued_at = datetime.fromisoformat(kept["at"])
    except KeyError:  # from a version before
        return None
    if sign_in.half(house(), found.account_id, found.stamp, issued_at):
        return found
    session.pop("half")
    flash(
        _("時間がたったか、アカウントの設定が変わったため、はじめからサインインしてください。"),
        "information",
    )
    return None


def _enter(account_id: UUID, stamp: int) -> Response:
    """A new session with a new token, and on to the page first asked for."""
    after = session.get("after") or {}
    kept = {"language": session["language"]} if "language" in session else {}
    session.clear()
    token = sessions.start(house(), account_id, kept, stamp)
    try:
        target = url_for(after["endpoint"], **after["args"])
    except (KeyError, BuildError):
        target = url_for("home.home")
    response = redirect(target, code=303)
    interface().start(response, token)
    return response


@pages.route("/sign-in/code", methods=["GET", "POST"], permission=Permission.ANYONE)
def code() -> str | Response | tuple[str, int]:
    half = _half("ask")
    if half is None:
        return redirect(url_for("sign_in.password"))
    form = CodeForm()
    if form.validate_on_submit():
        with told(form) as ok:
            sign_in.check_code(house(), half.account_id, form.code.data)
        if ok:
            return _enter(half.account_id, half.stamp)
    return render_template("sign_in/code.html", form=form), 422 if form.errors else 200


@pages.route("/sign-in/second-factor", methods=["GET", "POST"], permission=Permission.ANYONE)
def enrol() -> str | Response | tuple[str, int]:
    half = _half("enrol")
    if half is None:
        return redirect(url_for("sign_in.password"))
    form = CodeForm()
    enrolment = sign_in.begin_enrolment(house(), half.account_id, half.sealed)
    session["half"] = {**session["half"], "sealed": enrolment.sealed}
    if form.validate_on_submit():
        with told(form) as ok:
            stamp = sign_in.confirm_enrolment(
                house(), half.account_id, enrolment.sealed, form.code.data, half.stamp
            )
        if ok:
            sign_in.signed_in(house(), half.account_id)
            return _enter(half.account_id, stamp)
    picture = segno.make(enrolment.uri, error="m").svg_inline(scale=4, border=2)
    shown = render_template("sign_in/enrol.html", form=form, secret=enrolment.secret, picture=picture)
    return shown, 422 if form.errors else 200


@pages.post("/sign-out", permission=Permission.SIGNED_IN)
def sign_out() -> Response:
    current = session._get_current_object()  # type: ignore[attr-defined]
    if isinstance(current, ServerSession):
        sessions.end(house(), current.token)
        current.ended = True
    return redirect(url_for("sign_in.password"), code=303)


@pages.route("/forgotten", methods=["GET", "POST"], permission=Permission.ANYONE)
def forgotten() -> str | Response | tuple[str, int]:
    form = ForgottenForm()
    if form.validate_on_submit():
        with told(form) as ok:
            accounts.request_reset(house(), form.email.data, client_address())
        if ok:
            flash(
                _(
                    "登録されているアドレスであれば、再設定のメールを送りました。届かないときは、迷惑メールの箱も確かめてください。"
                ),
                "success",
            )
            return redirect(url_for("sign_in.password"), code=303)
    return render_template("sign_in/forgotten.html", form=form), 422 if form.errors else 200


@pages.route("/invitation/<token>", methods=["GET", "POST"], permission=Permission.ANYONE)
def invitation(token: str) -> str | Response | tuple[str, int]:
    return _with_link(LinkKind.INVITATION, token, "sign_in/invitation.html")


@pages.route("/reset/<token>", methods=["GET", "POST"], permission=Permission.ANYONE)
def reset(token: str) -> str | Response | tuple[str, int]:
    return _with_link(LinkKind.RESET, token, "sign_in/reset.html")


def _with_link(kind: LinkKind, token: str, template: str) -> str | Response | tuple[str, int]:
    try:
        link = links.look_at(house(), kind, token)
    except (NotFound, Conflict) as refusal:
        return render_template("sign_in/link_over.html", what=sentence(refusal)), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        with told(form) as ok:
            _use(kind, token, form.password.data)
        if ok:
            flash(_("パスワードを設定しました。サインインしてください。"), "success")
            return redirect(url_for("sign_in.password"), code=303)
    return render_template(template, form=form, link=link), 422 if form.errors else 200


def _use(kind: LinkKind, token: str, new: str) -> None:
    try:
        if kind is LinkKind.INVITATION:
            invitations.accept(house(), token, new)
        else:
            accounts.reset_password(house(), token, new)
    except NotFound as error:
        raise Invalid(error.code) from error
