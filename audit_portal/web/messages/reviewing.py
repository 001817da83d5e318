"""Sentences for what is refused about grounds of reviews, inspections, refusals to disclose and findings."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "population_needed": _l("抜取りのときは、全体の件数（1以上）を入力してください。"),
    "sample_size_needed": _l("抜取りのときは、抜き取った件数（1以上）を入力してください。"),
    "sample_above_population": _l("抜き取った件数は、全体の件数（%(population)s件）以下にしてください。"),
    "sample_choice_needed": _l("抜取りのときは、どのように選んだかを書いてください。"),
    "source_title_needed": _l("第三者の報告書の名称を書いてください。"),
    "source_scope_needed": _l("第三者の報告書の対象の範囲を書いてください。"),
    "source_exceptions_needed": _l(
        "報告書に書かれた指摘・除外事項を書いてください。なければ「なし」と書いてください。"
    ),
    "source_period_needed": _l("第三者の報告書の対象期間の初日と末日を入力してください。"),
    "source_period_reversed": _l("対象期間の末日は、初日（%(begin)s）以後の日付にしてください。"),
    "basis_needs_record": _l(
        "この方法で確かめたことが分かる記録がありません。何を見たか、誰に聞いたかを所見に書くか、資料か確認の記録を残してください。回答を読んだだけのときは「申告（回答だけで判断）」を選んでください。"
    ),
    "refusal_unresolved": _l(
        "資料の開示が拒まれたままです。確認の記録を残すか代わりの資料を受け取るまでは、「不適合」か「確認不能」だけを選べます。"
    ),
    "refusal_reason_needed": _l("開示できない理由を書いてください。"),
    "refusal_offer_needed": _l("代わりに示せるものの内容と方法を書いてください。"),
    "no_evidence_asked": _l("この項目は資料の提出を求めていません。"),
    "inspected_in_future": _l("確認した日は、今日（%(today)s）までの日付にしてください。"),
    "inspection_incomplete": _l("すべての欄に記入してください。"),
    "inspection_withdrawn": _l("この確認の記録は、すでに取り消されています。"),
    "too_many_inspections": _l("1つの項目に残せる確認の記録は%(most)s件までです。"),
    "finding_needs_words": _l("何が問題かを書いてください。"),
    "finding_due_past": _l("期日は、今日（%(today)s）以後の日付にしてください。"),
    "finding_due_too_far": _l("期日は、今日から%(most)s日以内にしてください。"),
    "finding_withdrawn": _l("この指摘事項は、すでに取り消されています。"),
    "too_many_findings": _l("1つの項目に記録できる指摘事項は%(most)s件までです。"),
    "file_already_here": _l("「%(name)s」は、すでにこの項目に付いています。"),
}
