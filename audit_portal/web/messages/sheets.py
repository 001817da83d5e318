"""Sentences of what is refused about spreadsheets: whole files, single cells, and what is brought in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

_FILES: dict[str, Any] = {
    "sheet_too_large": _l("ファイルが大きすぎます。%(limit)s までです。分けるか、画像などを消して小さくしてください。"),
    "sheet_empty": _l("ファイルの中身が空です。正しいファイルを選んでください。"),
    "sheet_encrypted": _l("パスワードで保護されたファイルです。パスワードを外して保存し直してから送ってください。"),
    "sheet_old_format": _l("古い形式（xls）のファイルです。Excelブック（xlsx）かCSVで保存し直してから送ってください。"),
    "sheet_other_kind": _l("表計算のファイルではありません。Excelブック（xlsx）かCSVを送ってください。"),
    "sheet_macros": _l("マクロが入っています。マクロなしのExcelブック（xlsx）で保存し直してから送ってください。"),
    "sheet_damaged": _l("ファイルが壊れているか、読み取れない形です。開いて保存し直してから、もう一度送ってください。"),
    "sheet_encoding": _l("文字コードが分かりません。「CSV UTF-8」かExcelブック（xlsx）で保存し直してください。"),
    "sheet_bomb": _l("展開すると大きくなりすぎるファイルです。表だけの新しいブックに写して保存してください。"),
    "sheet_dtd": _l("外部の定義を含むファイルは受け取れません。Excelで開いて保存し直してください。"),
    "sheet_too_many_rows": _l("行が多すぎます。1枚のシートで%(limit)s行までです。いくつかのファイルに分けてください。"),
    "sheet_too_many_columns": _l("列が多すぎます。%(limit)s列までです。要らない列を消してください。"),
    "sheet_busy": _l("ほかのファイルを読んでいるところです。少し待ってから、もう一度送ってください。"),
    "sheet_gone": _l("確認した内容は残っていません（別のファイルを送ったか、1日たちました）。もう一度ファイルを送ってください。"),
    "sheet_not_ours": _l("このポータルから保存した回答ファイルではありません。保存し直したファイルに書き込んでください。"),
    "sheet_mark_wrong": _l("ファイルの隠れた部分が変わっていて、質問を確かめられません。保存し直したファイルに回答を写してください。"),
    "sheet_other_assessment": _l("別の評価（%(number)s）の回答ファイルです。この評価から保存したファイルを送ってください。"),
    "sheet_other_side": _l("答える側が違うファイルです。あなたの画面から保存したファイルを送ってください。"),
    "sheet_nothing_open": _l("いま回答できる項目がないため、ファイルはありません。"),
}  # fmt: skip
_CELLS: dict[str, Any] = {
    "cell_formula": _l("計算式が入っています。計算式を消して、値を入力してください。"),
    "cell_error": _l("エラーの値が入っています。正しい値を入力してください。"),
    "cell_merged_across": _l("列をまたいで結合されています。結合を解いて、列ごとに値を入力してください。"),
    "cell_too_long": _l("文字が多すぎて読み取れません。短くしてください。"),
    "cell_number_broken": _l("数として読み取れません。入力し直してください。"),
    "cell_needed": _l("必須の欄が空です。入力してください。"),
    "cell_longer": _l("%(longest)s文字までです。短くしてください。"),
    "date_not_understood": _l("日付として読み取れません。「2025/4/1」か「令和7年4月1日」の形で、実在する日付を入力してください。"),
    "yes_no_not_understood": _l("「はい」か「いいえ」で入力してください。"),
    "number_not_understood": _l("数字だけで入力してください。"),
    "word_unknown": _l("この欄に入力できる言葉ではありません。次のどれかを入力してください：%(words)s"),
    "country_unknown": _l("国・地域の名前として読み取れません。「日本」や「JP」のように入力してください。"),
    "sheet_value_unknown": _l("選択肢にない回答です。「はい・一部・いいえ・該当しない・分からない」から選んでください。"),
    "sheet_protected_changed": _l("質問か説明が書き換えられています。保存し直したファイルに回答を写してください。"),
    "sheet_item_twice": _l("同じ項目の行が2つ以上あります。1つにしてください。"),
    "sheet_item_unknown": _l("この評価にない項目の番号です。行を消すか、番号を元に戻してください。"),
    "sheet_item_not_yours": _l("あなたに割り振られていない項目です。責任者に確かめてください。"),
}  # fmt: skip
_IMPORTS: dict[str, Any] = {
    "import_no_headings": _l("見出しの行が見つかりません。次の見出しが要ります：%(headings)s"),
    "import_heading_twice": _l("%(row)s行目に、同じ項目の見出し（%(heading)s）が2つあります。1つにしてください。"),
    "import_no_rows": _l("見出しの下に行がありません。"),
    "import_flawed": _l("直すセルが%(count)s個あるため、1件も取り込んでいません。ファイルを直して、もう一度送ってください。"),
    "import_row_twice": _l("%(row)s行目と同じです。どちらかの行を消すか、別の値にしてください。"),
    "import_key_of_other": _l("この管理番号の会社と、法人番号の会社が違います。どちらかを直してください。"),
    "import_key_differs": _l("この会社は、別の管理番号で登録されています。管理番号を直してください。"),
    "import_question_open": _l("%(row)s行目が、登録済みの会社と同じかどうかを選んでください。"),
    "import_too_many_questions": _l("登録済みの会社と同じ名前の行が%(count)s件あります。法人番号か管理番号の列を加えてください。"),
    "import_vendor_unknown": _l("登録されていない委託先です。先に委託先を登録するか、取り込んでください。"),
    "import_vendor_unclear": _l("同じ名前の委託先が%(count)s社あります。法人番号か管理番号の列で示してください。"),
    "import_owner_unknown": _l("「所管部門の担当」の役割を持つ利用者のメールアドレスではありません。先にアカウントを作ってください。"),
    "import_not_begun": _l("まだ始まっていない業務です。委託先の画面から登録し、選定から進めてください。"),
    "import_ended": _l("終わった業務は、進行中として取り込めません。行を消すか、日付を直してください。"),
    "import_basis_needed": _l("何に基づいて取り込むかを入力してください。"),
    "import_catch_up_needed": _l("承認条件をいつまでに確かめるかを入力してください。"),
    "import_catch_up_past": _l("きょう以降の日付にしてください。"),
}  # fmt: skip
SENTENCES: dict[str, Any] = {**_FILES, **_CELLS, **_IMPORTS}
