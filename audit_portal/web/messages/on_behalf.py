"""Sentences of what entering answers on behalf refuses with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "source_fact_needed": _l("この欄を入力してください。"),
    "source_in_future": _l("きょうまでの日付にしてください。"),
    "source_url_wrong": _l("https:// から始まるアドレスを入力してください。"),
    "source_period_wrong": _l("対象期間の末日は、初日より後にしてください。"),
    "source_before_period": _l("報告書の日付は、対象期間の末日以降にしてください。"),
    "source_bridge_wrong": _l("ブリッジレターの末日は、対象期間の末日より後にしてください。"),
    "source_file_unknown": _l("この資料は原本にできません。この委託先の資料を選んでください。"),
    "source_needed": _l("どの原本から転記するかを選んでください。"),
    "source_without_document": _l("この原本には、まだファイルがありません。先にファイルを送ってください。"),
    "source_not_opened": _l(
        "まだ開いていない原本が%(count)s件あります。原本を開いて見比べてから、確認してください。"
    ),
    "too_many_sources": _l("原本は%(most)s件までです。"),
    "entry_not_for_this_check": _l("この評価には、代行入力する委託先の項目がありません。"),
    "vendor_has_account": _l("この委託先には回答できる責任者がいるため、代行入力はできません。"),
    "vendor_answered_itself": _l(
        "この項目（%(item)s）は、委託先が自分で回答しています。代わりに書き換えることはできません。"
    ),
    "transcribe_first": _l(
        "先に%(item)sの回答を原本から転記してください。開示できないことは、同じ原本から転記します。"
    ),
    "vendor_refused_itself": _l(
        "この項目（%(item)s）の資料は、委託先が自分で「開示できない」と申告しています。代わりに書き換えることはできません。"
    ),
    "entry_moved_on": _l("代行入力の状態が変わったため、この操作はできません。画面を開き直してください。"),
    "source_relied_on": _l(
        "この原本から転記した回答は、もう提出されています。直すときは、新しい原本を登録して、返された項目を転記し直してください。"
    ),
    "nothing_transcribed": _l("まだ何も転記していません。原本から転記してから、照合を依頼してください。"),
    "own_transcription": _l("転記に加わった人は照合できません。ほかの担当者に依頼してください。"),
    "control_due_needed": _l("実施する予定の日を入力してください。"),
    "control_due_past": _l("きょう以降の日付にしてください。"),
    "control_reason_needed": _l("実施しない理由を書いてください。"),
    "control_too_long": _l("1行は%(most)s文字までです。長い行を短くしてください。"),
    "too_many_controls": _l("利用者側の統制は、1つの評価で%(most)s件までです。"),
    "user_controls_open": _l("まだ終えられません。答えていない利用者側の統制が%(count)s件あります。"),
}
