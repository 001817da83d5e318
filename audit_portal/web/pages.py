"""What every page shows around its content: navigation by role, language, sign-out; and the list of all pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from audit_portal.domain.access import Permission
from audit_portal.web import (
    account,
    accounts,
    assessments,
    company,
    contracts,
    decisions,
    engagements,
    evidence,
    exports,
    handovers,
    home,
    imports,
    jobs,
    parties,
    plan,
    reports,
    rounds,
    routes,
    setup,
    sign_in,
    signing_keys,
    verify,
)
from audit_portal.web.language import LANGUAGES


def blueprints() -> Iterator[Blueprint]:
    for module in (
        setup,
        sign_in,
        home,
        account,
        accounts,
        parties,
        engagements,
        assessments,
        contracts,
        decisions,
        routes,
        handovers,
        company,
        rounds,
        plan,
        jobs,
        evidence,
        exports,
        imports,
        reports,
        signing_keys,
        verify,
    ):
        yield module.pages


def streaming_views() -> Iterator[Callable[..., Any]]:
    """Views that read the body themselves, and check the form's token before the file's first byte."""
    yield from (
        *evidence.STREAMING,
        *contracts.STREAMING,
        *engagements.STREAMING,
        *decisions.STREAMING,
        *verify.STREAMING,
        *assessments.STREAMING,
        *imports.STREAMING,
    )


def _navigation() -> list[tuple[str, str, bool]]:
    if not current_user.is_authenticated:
        return []
    places = [
        (_("すること") if current_user.actor.is_vendor else _("ホーム"), "home.home", Permission.SIGNED_IN),
        (_("委託先"), "parties.listed", Permission.PARTY_VIEW),
        (_("委託業務"), "engagements.listed", Permission.ENGAGEMENT_VIEW),
        (_("契約"), "contracts.listed", Permission.CONTRACT_VIEW),
        (_("評価"), "assessments.listed", Permission.ASSESSMENT_VIEW),
        (_("年間計画"), "plan.year", Permission.PLAN_VIEW),
        (_("決裁経路"), "routes.listed", Permission.ROUTE_MANAGE),
        (_("引き継ぎ"), "handovers.listed", Permission.HANDOVER),
        (_("会社の設定"), "company.settings", Permission.CLIENT_FACTS),
        (_("アカウント"), "accounts.listed", Permission.ACCOUNTS),
        (_("送信と処理"), "jobs.listed", Permission.JOBS),
    ]
    here = request.blueprint
    return [
        (label, url_for(endpoint), endpoint.split(".")[0] == here)
        for label, endpoint, permission in places
        if current_user.actor.may(permission)
    ]


def _own_pages() -> list[tuple[str, str]]:
    found = [(_("アカウントの設定"), url_for("account.settings"))]
    if current_user.actor.may(Permission.SIGNING_KEY):
        found.append((_("署名鍵"), url_for("signing_keys.show")))
    return found


def shell() -> dict[str, Any]:
    """The variables base.html needs, on every page."""
    locale = get_locale()
    language = locale.language if locale else "ja"
    signed_in = current_user.is_authenticated
    return {
        "language": language,
        "other_language": next(each for each in LANGUAGES if each != language),
        "language_url": url_for("home.language"),
        "navigation": _navigation(),
        "home_url": url_for("home.home"),
        "account_items": _own_pages() if signed_in else [],
        "footer_items": [(_("報告書を検証する"), url_for("verify.check"))],
        "sign_out_url": url_for("sign_in.sign_out") if signed_in else None,
        "sample_instance": current_app.config.get("SAMPLE_INSTANCE", False),
    }
