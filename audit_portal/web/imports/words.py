"""Words of imports: kinds, outcomes, countries by their names, the texts of the template."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.errors import Invalid
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.imports.words import COUNTRIES
from audit_portal.domain.sheets import plain_words
from audit_portal.services.imports import Outcome
from audit_portal.services.imports.template import TemplateWords
from audit_portal.web.assessments.forms import language
from audit_portal.web.language import LANGUAGES

KINDS: Mapping[ImportKind, Any] = {
    ImportKind.VENDORS: _l("委託先"),
    ImportKind.ENGAGEMENTS: _l("進行中の委託業務"),
    ImportKind.CONTRACTS: _l("契約"),
    ImportKind.EVALUATIONS: _l("過去の評価"),
}
TITLES: Mapping[ImportKind, Any] = {
    ImportKind.VENDORS: _l("委託先をまとめて取り込む"),
    ImportKind.ENGAGEMENTS: _l("進行中の委託業務を取り込む"),
    ImportKind.CONTRACTS: _l("契約を取り込む"),
    ImportKind.EVALUATIONS: _l("過去の評価を取り込む"),
}
LEADS: Mapping[ImportKind, Any] = {
    ImportKind.VENDORS: _l(
        "会社名・法人番号・窓口などの表を取り込みます。同じ会社は、法人番号か管理番号で見分け、二重に登録しません。空の欄は、いまの登録を消しません。"
    ),
    ImportKind.ENGAGEMENTS: _l(
        "すでに任せている業務を、「委託中」として、本当の開始日で取り込みます。選定・契約・提供開始の条件は「済み」にはならず、「未確認」として、確かめる期限とともに入ります。"
    ),
    ImportKind.CONTRACTS: _l(
        "登録済みの委託業務の契約を取り込みます。契約書のファイルは取り込みません。同じ契約は、契約書の番号か、名称と初日で見分け、二重に登録しません。1つの契約をいくつかの業務で使うときは、業務ごとに1行ずつ書きます。"
    ),
    ImportKind.EVALUATIONS: _l(
        "ポータルを使う前に行った評価を、履歴として取り込みます。ポータルの中の記録では確かめられないため、承認条件の確認には使いません。"
    ),
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
