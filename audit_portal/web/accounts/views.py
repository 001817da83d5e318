"""Pages of accounts: administrators invite their own staff and look after every account."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import VENDOR, Permission, Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import NotFound
from audit_portal.services.accounts import accounts, cards, invitations, setup, sign_in
from audit_portal.web import labels
from audit_portal.web.accounts import actions
from audit_portal.web.accounts.forms import ActionForm, CardForm, ChangeForm, InviteStaffForm
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done, house, told
from audit_portal.web.guard import Guarded
from audit_portal.web.lists import page_key, page_urls

pages = Guarded("accounts", __name__)


def _crumbs(account: accounts.AccountView | None = None) -> list[tuple[str, str]]:
    found = [(_("アカウント"), url_for("accounts.listed"))]
    return [*found, (account.name, url_for("accounts.view", account_id=account.id))] if account else found


def _own_page(account_id: UUID) -> str:
    return url_for("accounts.view", account_id=account_id)


@pages.get("/accounts", permission=Permission.ACCOUNTS)
def listed() -> str:
    page = accounts.listed(context(), page_key())
    return render_template(
        "accounts/listed.html",
        page=page,
        labels=labels,
        unmet=accounts.unmet_rules(context()),
        **page_urls("accounts.listed", page.next_key),
    )


@pages.route("/accounts/invite", methods=["GET", "POST"], permission=Permission.ACCOUNTS)
def invite() -> str | Response | tuple[str, int]:
    form = InviteStaffForm()
    if form.validate_on_submit():
        client_id = setup.client_id(house())
        if client_id is None:
            raise NotFound()
        with told(form) as ok:
            account_id = invitations.invite(
                context(form), client_id, form.person(form.roles.data, form.ends_on.data)
            )
        if ok:
            return done(_own_page(account_id), _("%(name)s さんを招待しました。", name=form.name.data))
    shown = render_template(
        "accounts/invite.html", form=form, hints=labels.role_hints(vendor=False), breadcrumbs=_crumbs()
    )
    return shown, 422 if form.errors else 200


@pages.route("/accounts/<uuid:account_id>", methods=["GET", "POST"], permission=Permission.ACCOUNTS)
def view(account_id: UUID) -> str | Response | tuple[str, int]:
    ctx = context()
    account = accounts.get_account(ctx, account_id)
    vendor = bool(VENDOR & set(account.roles))
    form = ChangeForm(
        vendor,
        data={
            "version": account.version,
            "roles": [role.value for role in account.roles],
            "ends_on": account.ends_on,
        },
    )
    if account.state is not AccountState.ENDED and form.validate_on_submit():
        roles = frozenset(Role(role) for role in form.roles.data)
        with told(form) as ok:
            accounts.change_account(context(form), account_id, form.version.data, roles, form.ends_on.data)
        if ok:
            return done(_own_page(account_id), _("保存しました。"))
    shown = render_template(
        "accounts/view.html",
        form=form,
        account=account,
        factor=sign_in.second_factor(ctx, account_id),
        labels=labels,
        hints=labels.role_hints(vendor),
        itself=account_id == ctx.actor.account_id,
        new_key=actions.new_key,
        breadcrumbs=_crumbs(),
    )
    return shown, 422 if form.errors else 200


@pages.route("/accounts/<uuid:account_id>/card", methods=["GET", "POST"], permission=Permission.ACCOUNTS)
def card(account_id: UUID) -> str | Response | tuple[str, int]:
    account = accounts.get_account(context(), account_id)
    known = {"name": account.name, "department": account.department, "title": account.title}
    form, status = CardForm(data={"version": account.version, **known}), 422
    if form.validate_on_submit():
        new = cards.Card(form.name.data or "", form.department.data or "", form.title.data or "")
        with kept(form) as outcome:
            cards.change_card(context(form), account_id, form.version.data or 0, new)
        if outcome.ok:
            return done(_own_page(account_id), _("保存しました。"))
        status = outcome.status
    shown = render_template("accounts/card.html", form=form, account=account, breadcrumbs=_crumbs(account))
    return shown, status if form.errors else 200


@pages.post("/accounts/<uuid:account_id>/resend", permission=Permission.ACCOUNTS)
def resend(account_id: UUID) -> Response:
    return actions.resend(account_id, _own_page(account_id))


@pages.post("/accounts/<uuid:account_id>/link", permission=Permission.ACCOUNTS)
def copy(account_id: UUID) -> str:
    account = accounts.get_account(context(), account_id)
    return actions.copied(account, _own_page(account_id), _crumbs(account))


@pages.route("/accounts/<uuid:account_id>/revoke", methods=["GET", "POST"], permission=Permission.ACCOUNTS)
def revoke(account_id: UUID) -> str | Response:
    account = accounts.get_account(context(), account_id)
    return actions.revoke(account, _own_page(account_id), _crumbs(account))


@pages.route("/accounts/<uuid:account_id>/end", methods=["GET", "POST"], permission=Permission.ACCOUNTS)
def end(account_id: UUID) -> str | Response:
    account = accounts.get_account(context(), account_id)
    form = ActionForm()
    if form.validate_on_submit():
        accounts.end_account(context(form), account_id)
        return done(_own_page(account_id), _("アカウントを終了しました。"))
    return render_template(
        "accounts/confirm.html",
        form=form,
        account=account,
        title=_("アカウントの終了"),
        what=_("この人はすぐにサインインできなくなります。これまでの記録は残ります。元には戻せません。"),
        button=_("アカウントを終了する"),
        back=_own_page(account_id),
        breadcrumbs=_crumbs(account),
    )


@pages.route(
    "/accounts/<uuid:account_id>/second-factor", methods=["GET", "POST"], permission=Permission.ACCOUNTS
)
def remove_factor(account_id: UUID) -> str | Response:
    account = accounts.get_account(context(), account_id)
    form = ActionForm()
    if form.validate_on_submit():
        sign_in.remove_second_factor_of(context(form), account_id)
        return done(_own_page(account_id), _("2段階認証を外しました。"))
    return render_template(
        "accounts/confirm.html",
        form=form,
        account=account,
        title=_("2段階認証を外す"),
        what=_(
            "認証アプリを使えなくなった人のための操作です。本人からの依頼であることを、電話などで確かめてください。"
        ),
        button=_("2段階認証を外す"),
        back=_own_page(account_id),
        breadcrumbs=_crumbs(account),
    )
