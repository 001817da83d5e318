"""Japanese or English: the person's choice, then this browser's, then what the browser asks for."""

from __future__ import annotations

from flask import has_request_context, request, session
from flask_login import current_user

LANGUAGES = ("ja", "en")


def choose() -> str:
    if not has_request_context():
        return "ja"
    if current_user and current_user.is_authenticated:
        return str(current_user.person.language)
    chosen = session.get("language")
    return str(chosen) if chosen in LANGUAGES else (request.accept_languages.best_match(LANGUAGES) or "ja")
