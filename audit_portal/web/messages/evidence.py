"""Sentences for what is refused about evidence."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "file_needed": _l("ファイルを選んでください。"),
    "one_file_at_a_time": _l("一度に送れるのは1ファイルです。1つずつ送ってください。"),
    "file_too_large": _l(
        "ファイルが大きすぎます。1ファイル %(limit)s までです。分けるか小さくして送ってください。"
    ),
    "file_empty": _l("「%(name)s」は中身が空です。正しいファイルを選んでください。"),
    "file_macros": _l("「%(name)s」にはマクロが入っています。マクロを外して保存し直してから送ってください。"),
    "file_office_locked": _l(
        "「%(name)s」は古い形式か、パスワード付きのOfficeファイルです。パスワードを外し、xlsx・docx・pptxかPDFで保存し直してから送ってください。"
    ),
    "file_type_mismatch": _l(
        "「%(name)s」の中身は、名前の拡張子が示す種類と違います。正しい種類で保存し直してから送ってください。"
    ),
    "file_type_not_allowed": _l(
        "「%(name)s」の種類は受け取れません。受け取れるのは次の種類です：%(allowed)s"
    ),
    "upload_incomplete": _l("ファイルが最後まで届きませんでした。もう一度送ってください。"),
    "upload_too_slow": _l(
        "ファイルの届き方が遅すぎるため、受け取りを打ち切りました。通信の状態を確かめて、もう一度送ってください。"
    ),
    "too_many_files": _l("1つの項目に添付できるのは%(most)s件までです。不要なものを外してください。"),
    "evidence_replaced_meanwhile": _l(
        "「%(name)s」は、ほかの人が先に新しい版に差し替えました。項目の画面で最新の版を確かめてから、もう一度差し替えてください。"
    ),
    "observed_in_future": _l("資料の時点は、今日（%(today)s）までの日付にしてください。"),
    "expires_not_after_observed": _l("有効期限は、資料の時点（%(observed)s）より後の日付にしてください。"),
    "database_full": _l(
        "ポータルの保存場所が足りないため、保存できませんでした。管理者に知らせて、空きができてからもう一度送ってください。"
    ),
    "disk_full": _l(
        "ポータルの保存場所が足りないため、受け取れませんでした。ファイルは保存していません。管理者に知らせてください。"
    ),
}
