"""The texts of an answer file in its reader's language, and how answers are called in every language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import force_locale
from flask_babel import gettext as _

from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.sheets import plain_words
from audit_portal.services.assessments.answer_sheets import FileWords
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.former import Former, FormerFile
from audit_portal.web import formats
from audit_portal.web.assessments import labels
from audit_portal.web.assessments.forms import language
from audit_portal.web.language import LANGUAGES


def file_words(view: AssessmentView) -> FileWords:
    head = view.head
    return FileWords(
        language=language(),
        guide_name=_("はじめに"),
        guide=[
            (_("評価"), f"{head.number} {head.engagement_title}"),
            (_("依頼元"), str(view.contact.get("party", ""))),
            (_("回答期限"), formats.day(head.due_on)),
            (_("書くところ"), _("「回答」のシートの、黄色い欄だけに書き込めます。ほかの欄は書き換えないでください。")),
            (_("回答"), _("一覧から選びます。「該当しない」のときは、理由を「説明」に書いてください。")),
            (_("今後の対応"), _("「一部」か「いいえ」のときに、何を、いつまでにするかを書いてください。")),
            (_("確認資料"), _("ファイルでは送れません。ポータルの画面で、項目ごとに付けてください。")),
            (_("戻し方"), _("保存したファイルを、同じ画面から送ります。取り込む前に、変わる内容を確かめられます。")),
            (_("提出"), _("取り込んだだけでは提出になりません。回答がそろったら、画面で提出してください。")),
            (_("取扱い"), _("会社の安全管理の内容が含まれます。関係する人だけで扱い、終わったら消してください。")),
        ],
        answers_name=_("回答"),
        heads=[_("区分"), _("番号"), _("質問"), _("手引き"), _("回答"), _("説明"), _("今後の対応"), _("対応を終える予定の日")],
        values={value: str(label) for value, label in labels.ANSWERS.items()},
        returned=_("【差戻し】%(note)s", note="%(note)s"),
        evidence=_("「はい」か「一部」のときは、確認資料が要ります（画面で付けてください）。"),
        wrong_value=_("一覧から選んでください。"),
        too_long=_("10,000文字までです。"),
        wrong_date=_("日付を「2026/4/1」の形で入力してください。"),
        former_head=_("前回の回答"),
        former_guide=(_("前回の回答"), _("前に答えた項目では、右端の欄を参考にして、今回の回答を黄色い欄に書いてください。")),
        former=_former,
    )  # fmt: skip


def _former(each: Former) -> str:
    """An earlier answer as the page of its item tells it, in one cell."""
    colon = _("：")
    facts = [
        (_("回答"), str(labels.ANSWERS[each.value])),
        (_("説明"), each.comment),
        (_("今後の対応"), each.action),
        (_("予定の日"), formats.day(each.action_due) if each.action_due else ""),
        (_("対象の拠点"), _("、").join(each.sites)),
        (_("確認資料"), _("、").join(_file(file) for file in each.files)),
    ]
    source = " · ".join(filter(None, (each.number, each.engagement, formats.day(each.given_at))))
    return "\n".join([source, *(f"{name}{colon}{text}" for name, text in facts if text)])


def _file(file: FormerFile) -> str:
    return _("%(name)s（期限切れ）", name=file.name) if file.expired else file.name


def answer_words() -> Mapping[str, AnswerValue]:
    """A file may come back from a colleague who reads another language."""
    found: dict[str, AnswerValue] = {}
    for each in LANGUAGES:
        with force_locale(each):
            found |= {plain_words(str(label)): value for value, label in labels.ANSWERS.items()}
    return found
