"""Words of imports: kinds, outcomes, countries by their names, the texts of the template."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.errors import Invalid
from audit_portal.domain.import_words import COUNTRIES
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.sheets import plain_words
from audit_portal.services.imports import Outcome
from audit_portal.services.imports.template import TemplateWords
from audit_portal.web.assessments.forms import language
from audit_portal.web.language import LANGUAGES

KINDS: Mapping[ImportKind, Any] = {
    ImportKind.VENDORS: _l("委託先"),
    ImportKind.ENGAGEMENTS: _l("進行中の委託業務"),
}
TITLES: Mapping[ImportKind, Any] = {
    ImportKind.VENDORS: _l("委託先をまとめて取り込む"),
    ImportKind.ENGAGEMENTS: _l("進行中の委託業務を取り込む"),
}
OUTCOMES: Mapping[Outcome, tuple[Any, str]] = {
    Outcome.NEW: (_l("新しく登録"), "green"),
    Outcome.CHANGED: (_l("内容を更新"), "blue"),
    Outcome.SAME: (_l("変わらない"), "grey"),
    Outcome.QUESTION: (_l("確認が必要"), "yellow"),
    Outcome.KEPT: (_l("登録済み（変更しない）"), "grey"),
}


@cache
def _countries() -> Mapping[str, str]:
    found = {plain_words(word): code for word, code in COUNTRIES.items()}
    for each in LANGUAGES:
        for code, name in Locale(each).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(plain_words(str(name)), code)
                found.setdefault(code.lower(), code)
    return found


def country(text: str) -> str:
    """The ISO code of a country by its name or code. Raises Invalid('country_unknown')."""
    code = _countries().get(plain_words(text))
    if code is None:
        raise Invalid("country_unknown")
    return code


def template_words() -> TemplateWords:
    return TemplateWords(
        language=language(),
        needed=_("（必須）"),
        guide_name=_("記入方法"),
        guide_heads=[_("列"), _("必須"), _("書き方"), _("例")],
        yes=_("必須"),
        no=_("任意"),
        one_of=_("次のどれか：%(words)s", words="%(words)s"),
    )
