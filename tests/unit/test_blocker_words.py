"""Pages and reports call a blocker by the same sentence."""

from __future__ import annotations

from audit_portal.domain.report import Bilingual
from audit_portal.services.reports.blocker_words import WORDS, words_of
from audit_portal.web.decisions.blockers import SENTENCES
from tests.architecture.test_translations import JAPANESE


def test_every_blocker_has_the_words_of_its_page_in_the_report() -> None:
    assert [code for code in SENTENCES if code not in WORDS] == [], (
        "add it to services/reports/blocker_words.py"
    )
    assert {code: WORDS[code].ja for code in SENTENCES} == {
        code: str(what) for code, (what, _todo) in SENTENCES.items()
    }
    assert not [words.en for words in WORDS.values() if not words.en or JAPANESE.search(words.en)]


def test_the_item_stands_behind_with_its_question_where_it_has_one() -> None:
    assert words_of("contract_over", "K-2026-0001", None).ja == "契約が終わっています。 K-2026-0001"
    asked = words_of("item_unknown", "X-1", Bilingual("問い", "Question"))
    assert asked.ja.endswith(" X-1 問い") and asked.en.endswith(" X-1 Question")
    assert words_of("no_longer_known", None, None).ja == "承認条件の不足"
