"""Sentences of what the services of contracts and clauses refuse with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "contract_ends_before_start": _l("契約期間の末日は、初日以降の日付にしてください。"),
    "contract_ended_before_start": _l("契約が終わる日は、契約期間の初日以降の日付にしてください。"),
    "renewal_needs_end": _l("自動更新する契約では、契約期間の末日も入力してください。"),
    "renewal_out_of_range": _l("自動更新の期間は、1から%(most)sまでの月数にしてください。"),
    "notice_needs_end": _l("更新しないと伝える期限を数えるには、契約期間の末日も入力してください。"),
    "notice_out_of_range": _l("更新しないと伝える期限は、0以上の月数か日数にしてください。"),
    "notice_longer_than_term": _l(
        "更新しないと伝える期限が、契約期間の初日より前になってしまいます。期間と期限を確かめてください。"
    ),
    "amendment_needs_parent": _l("変更契約では、もとになる契約を選んでください。"),
    "parent_not_for_kind": _l(
        "この種類の契約には、もとになる契約を付けられません。「なし」を選んでください。"
    ),
    "parent_in_circle": _l("この契約にもとづく契約を、もとになる契約に選ぶことはできません。"),
    "parent_of_others": _l("同じ委託元と委託先の契約の中から選んでください。"),
    "concluded_in_future": _l("締結日は、きょう以前の日付にしてください。まだなら空欄にします。"),
    "contract_end_needs_reason": _l("理由を入力してください。"),
    "contract_of_others": _l("同じ委託元と委託先の委託業務にだけ、この契約を使えます。"),
    "contract_tied": _l("契約（%(number)s）は、すでにこの委託業務に使われています。"),
    "tie_ends_before_start": _l("使い始めた日（%(first)s）以降の日付にしてください。"),
    "original_place_needed": _l("紙の原本の保管場所を入力してください。"),
    "paper_has_no_file": _l(
        "ファイルの種類を選んでください。紙だけのときは「紙の原本を登録する」を使います。"
    ),
    "too_many_documents": _l("1つの契約に登録できる文書は%(most)s件までです。"),
    "document_withdrawn": _l("この文書は、すでに取り下げられています。"),
    "withdrawal_needs_reason": _l("取り下げる理由を入力してください。"),
    "pdf_unreadable": _l("このPDFは読み取れません。"),
    "no_clause_here": _l("条項の場所を記録できるのは、契約チェックの項目だけです。"),
    "clause_needed": _l("条項の番号や見出しを入力してください。"),
    "page_out_of_range": _l("ページは、1から%(most)sまでの数字にしてください。"),
    "too_many_clauses": _l("1つの項目に記録できる場所は%(most)s件までです。"),
    "clause_gone": _l("この場所は、すでに外されています。画面を開き直してください。"),
    "document_not_here": _l("この委託業務に使っている契約の文書から選んでください。"),
    "work_over": _l(
        "不承認か終了した委託業務には、評価を送れません。不承認のものは、委託業務の画面の「もう一度取り上げる」から始めてください。"
    ),
    "not_selected_yet": _l("契約チェックは、選定が承認されてから始められます。"),
    "vendor_hands_in": _l("この評価は、委託先が提出します。"),
    "no_contract_check": _l("覚書案を作れるのは、契約チェックだけです。"),
    "nothing_lacking": _l("足りない項目も、確かめられなかった項目もないため、覚書案はありません。"),
}
