"""What can be done with an invitation, shared by the pages of accounts and of vendors."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.services.accounts import invitations
from audit_portal.services.accounts.accounts import AccountView
from audit_portal.web.accounts.forms import ActionForm
from audit_portal.web.context import context, done


def new_key() -> str:
    """Each button of a page has its own: two different buttons may be pressed from one page."""
    return uuid4().hex


def resend(account_id: UUID, back: str) -> Response:
    invitations.resend(context(ActionForm()), account_id)
    return done(back, _("招待メールをもう一度送ります。前のリンクは、どれかが使われるまで有効です。"))


def copied(account: AccountView, back: str, breadcrumbs: list[tuple[str, str]]) -> str:
    """Shows a fresh link; the only page that ever does. Asking again makes another one."""
    link = invitations.copy(context(), account.id)
    return render_template(
        "accounts/link.html", account=account, link=link, back=back, breadcrumbs=breadcrumbs
    )


def revoke(account: AccountView, back: str, breadcrumbs: list[tuple[str, str]]) -> str | Response:
    """Asked with GET, done with POST."""
    form = ActionForm()
    if form.validate_on_submit():
        invitations.revoke(context(form), account.id)
        return done(back, _("招待を取り消しました。送ったリンクは、もう使えません。"))
    return render_template(
        "accounts/confirm.html",
        form=form,
        account=account,
        title=_("招待の取り消し"),
        what=_("送ったリンクは使えなくなり、このアカウントは終了します。"),
        button=_("招待を取り消す"),
        back=back,
        breadcrumbs=breadcrumbs,
    )
