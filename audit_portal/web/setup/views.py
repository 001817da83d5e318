"""The page behind the one-time link of `audit-portal init`."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.accounts import LinkKind
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.services.accounts import links, setup
from audit_portal.web import language
from audit_portal.web.context import house, told
from audit_portal.web.guard import Guarded
from audit_portal.web.messages import sentence
from audit_portal.web.setup.forms import SetupForm

pages = Guarded("setup", __name__)


@pages.route("/setup/<token>", methods=["GET", "POST"], permission=Permission.ANYONE)
def first(token: str) -> str | Response | tuple[str, int]:
    try:
        links.look_at(house(), LinkKind.SETUP, token)
    except (NotFound, Conflict) as refusal:
        return render_template("sign_in/link_over.html", what=sentence(refusal)), 410
    form = SetupForm()
    if form.validate_on_submit():
        with told(form) as ok:
            _finish(token, form)
        if ok:
            flash(_("準備ができました。サインインしてください。"), "success")
            return redirect(url_for("sign_in.password"), code=303)
    return render_template("setup/first.html", form=form), 422 if form.errors else 200


def _finish(token: str, form: SetupForm) -> None:
    client = (form.client.data, form.kana.data, form.corporate_number.data or "")
    person = setup.administrator(
        form.name.data, form.email.data, form.department.data or "", language.choose(), form.officer.data
    )
    try:
        setup.finish(house(), token, client, person, form.password.data)
    except NotFound as error:
        raise Invalid(error.code) from error
