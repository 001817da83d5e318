"""What a check found, in plain words: the verdict first, then each problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l

from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER, ReportCheck, Verdict

# Heading, what it means, what to do.
VERDICTS: Mapping[Verdict, tuple[Any, Any, Any]] = {
    Verdict.VALID: (
        _l("この報告書は正しいものです"),
        _l("このポータルで作られ、監査人と個人情報保護担当が署名したときから、1文字も変わっていません。"),
        _l("下の名前と日時が、聞いているとおりかを確かめてください。"),
    ),
    Verdict.CHANGED: (
        _l("この報告書は署名の後に変わっています"),
        _l(
            "署名されたものと、このファイルの内容が一致しません。書き換えられたか、保存し直されたか、壊れています。"
        ),
        _l("このファイルを使わず、発行元から元のファイルを受け取り直してください。"),
    ),
    Verdict.UNTRUSTED: (
        _l("署名した人をこのポータルでは確かめられません"),
        _l(
            "署名の後に変わってはいませんが、署名か時刻の証明が、このポータルの発行したものではないか、失効しています。"
        ),
        _l("別の会社のポータルの報告書であれば、その会社の確認ページを使ってください。"),
    ),
    Verdict.NOT_OURS: (
        _l("このポータルの報告書ではありません"),
        _l("PDFではないか、このポータルが作った報告書にある署名の欄がありません。"),
        _l(
            "ファイルを選び間違えていないか確かめてください。印刷したものや、別のソフトで保存し直したものは確かめられません。"
        ),
    ),
    Verdict.INCOMPLETE: (
        _l("この報告書はまだ完成していません"),
        _l("ここまでの内容は変わっていませんが、署名か時刻の証明がまだそろっていません。"),
        _l("完成した報告書を、発行元から受け取ってください。"),
    ),
}
PROBLEMS: Mapping[str, Any] = {
    "not_a_pdf": _l("PDFのファイルではありません。"),
    "no_signature_fields": _l("このポータルの報告書にある、監査人と担当者の署名の欄がありません。"),
    "unreadable": _l("ファイルの構造が壊れていて読み取れません。"),
    "container_altered": _l("署名を入れた部分が、このポータルの書き方と違います。"),
    "extra_signature": _l("このポータルが付けたものではない署名があります。"),
    "changed_after_signing": _l("署名の後に内容が変わっています。"),
    "changed_after_sealing": _l("時刻の証明を付けた後に、ファイルに何かが加わっています。"),
    "not_certified": _l("監査人の署名が、変更を禁じる種類の署名ではありません。"),
    "wrong_order": _l("署名と時刻の証明の順序が、このポータルの手順と違います。"),
    "manifest_missing": _l("報告書に埋め込まれているはずの明細がありません。"),
    "manifest_bad": _l("報告書に埋め込まれた明細が、正しい形式ではありません。"),
    "number_missing": _l("報告書の番号が、埋め込まれた明細の番号と一致しません。"),
    "signer_revoked": _l("署名した時点で、署名鍵が失効していました。"),
    "signer_untrusted": _l("署名鍵が、このポータルの発行したものと確かめられません。"),
    "stamp_untrusted": _l("時刻の証明が、信頼できる発行者のものと確かめられません。"),
    "same_signer": _l("監査人と担当者が同じ人です。"),
    "auditor_missing": _l("監査人の署名がありません。"),
    "officer_missing": _l("個人情報保護担当の署名がありません。"),
    "not_sealed": _l("時刻の証明がまだ付いていません。"),
}
FIELDS: Mapping[str, Any] = {FIELD_AUDITOR: _l("監査人"), FIELD_OFFICER: _l("個人情報保護担当")}


def as_json(found: ReportCheck) -> dict[str, Any]:
    """For scripts: codes, and their sentences in the language asked for."""
    return {
        "ok": found.ok,
        "verdict": found.verdict.value,
        "what": str(VERDICTS[found.verdict][0]),
        "problems": [{"code": code, "what": str(PROBLEMS.get(code, code))} for code in found.problems],
        "number": found.number,
        "sealed_at": found.sealed_at.isoformat() if found.sealed_at else None,
        "signatures": [
            {
                **asdict(each),
                "signed_at": each.signed_at.isoformat() if each.signed_at else None,
                "stamped_at": each.stamped_at.isoformat() if each.stamped_at else None,
            }
            for each in found.signatures
        ],
    }
