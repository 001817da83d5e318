"""Gives an application the look: template packages, filters and the globals that base.html and forms use."""

from __future__ import annotations

from babel import Locale
from flask import Flask
from flask_babel import get_locale
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from audit_portal.web.formats import FILTERS, due, percent
from audit_portal.web.widgets import error_summary

PACKAGES = ("govuk_frontend_jinja", "govuk_frontend_wtf")


def language_name(code: str) -> str:
    """What a language calls itself."""
    return Locale.parse(code).get_display_name() or code


def dress(app: Flask) -> None:
    """Call once in create_app, after Babel and before the first template is loaded."""
    packages = PrefixLoader({name: PackageLoader(name) for name in PACKAGES})
    app.jinja_loader = ChoiceLoader([loader for loader in (app.jinja_loader, packages) if loader])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        error_summary=error_summary,
        get_locale=get_locale,
        language_name=language_name,
        due=due,
        percent=percent,
    )
