"""The sections of the form of an engagement's facts, each a group of fields."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from audit_portal.domain import limits
from audit_portal.domain.checklist import Tier
from audit_portal.web import fact_labels
from audit_portal.web import widgets as ui
from audit_portal.web.engagements.fact_rows import BoundaryRow, Lines, PlaceRow, RecipientRow
from audit_portal.web.fields import NumberField, YmdField
from audit_portal.web.forms import PortalForm, Required

MOST_PERSONS = 2_000_000_000  # what an integer column holds


def _line(label: Any, limit: int = limits.LINE, **more: Any) -> StringField:
    return StringField(label, [Length(max=limit)], widget=ui.Text(), **more)


def _several(label: Any, words: Any, **more: Any) -> SelectMultipleField:
    choices = [(each.value, text) for each, text in words.items()]
    return SelectMultipleField(label, widget=ui.Checkboxes(), choices=choices, **more)


class WorkSection(PortalForm):
    title = StringField(
        _l("委託業務の名称"),
        [Required(_l("委託業務の名称を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
        description=_l("例：会員向け案内状の印刷と発送"),
    )
    work_kind = RadioField(
        _l("業務の種類"),
        [Required(_l("業務の種類を選んでください"))],
        widget=ui.Radios(),
        choices=[(kind.value, label) for kind, label in fact_labels.WORK_KINDS.items()],
    )
    category = SelectField(
        _l("業務の分野（任意）"),
        widget=ui.Select(),
        default="",
        choices=[
            ("", _l("選んでください")),
            *((each.value, text) for each, text in fact_labels.CATEGORIES.items()),
        ],
    )
    purpose = StringField(
        _l("何のために任せるか"),
        [Required(_l("何のために任せるかを入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("本人に示している利用目的の範囲で書いてください。"),
    )
    aims = _several(_l("任せるねらい（任意）"), fact_labels.AIMS)
    description = TextAreaField(
        _l("業務の説明（任意）"), [Length(max=limits.TEXT)], widget=ui.CountedText(), render_kw={"rows": 4}
    )


class ScopeSection(PortalForm):
    inside = TextAreaField(
        _l("任せる作業（任意）"),
        [Lines(limits.TASKS, limits.LINE)],
        widget=ui.TextArea(),
        render_kw={"rows": 3},
        description=_l("1行に1つずつ書きます。例：申込書の入力"),
    )
    outside = TextAreaField(
        _l("任せない作業（任意）"),
        [Lines(limits.TASKS, limits.LINE)],
        widget=ui.TextArea(),
        render_kw={"rows": 3},
        description=_l("当社に残す作業です。1行に1つずつ書きます。例：最終の確認と承認"),
    )
    boundary = FieldList(FormField(BoundaryRow), max_entries=limits.TASKS)


class DataSection(PortalForm):
    data_kinds = _several(_l("渡す個人データの種類（任意）"), fact_labels.DATA)
    data_categories = StringField(
        _l("渡す個人データの項目"),
        [Required(_l("渡す個人データの項目を入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("例：氏名、住所、会員番号"),
    )
    persons = NumberField(
        _l("本人の数"),
        [
            Required(_l("本人の数を入力してください")),
            NumberRange(0, MOST_PERSONS, _l("0以上の数を入力してください")),
        ],
        description=_l("何人分の個人データか、おおよその数です。"),
    )
    special_care = BooleanField(
        _l("要配慮個人情報を含む"),
        widget=ui.Checkbox(),
        description=_l("病歴、健康診断の結果、障害、犯罪の経歴などです。"),
    )
    my_number = BooleanField(_l("マイナンバーを含む"), widget=ui.Checkbox())
    transfer = _several(_l("受渡しの方法（任意）"), fact_labels.TRANSFERS)
    transfer_note = _line(_l("受渡しの補足（任意）"), description=_l("例：毎月1回、パスワードは別の経路で"))


class PlaceSection(PortalForm):
    sites = SelectMultipleField(_l("取り扱う拠点（任意）"), widget=ui.Checkboxes(), choices=[])
    places = FieldList(FormField(PlaceRow), max_entries=limits.ROWS)
    handled_abroad = BooleanField(
        _l("外国で取り扱う"),
        widget=ui.Checkbox(),
        description=_l("外国にある拠点や会社で扱う場合や、外国から閲覧できる場合です。"),
    )
    abroad_where = _line(
        _l("どの国の、どこで取り扱うか（外国で取り扱うとき）"), description=_l("例：アメリカのデータセンター")
    )
    recipients = FieldList(FormField(RecipientRow), max_entries=limits.ROWS)
    no_recipient_why = _line(
        _l("外国で取り扱うが、外国の会社には渡さない場合は、その理由"),
        description=_l("例：委託先の自社の支店で扱い、別の会社は触れない"),
    )


class TermsSection(PortalForm):
    subcontracting = BooleanField(
        _l("再委託の予定がある"),
        widget=ui.Checkbox(),
        description=_l("委託先が、業務の一部をさらに別の会社に任せる場合です。"),
    )
    profile = SelectMultipleField(_l("当てはまるもの（任意）"), widget=ui.Checkboxes(), choices=[])
    upstream_who = _line(_l("当社に委託している会社の名称（任意）"), limits.NAME)
    upstream_number = _line(
        _l("その会社の法人番号（任意）"),
        limits.NUMBER,
        render_kw={"inputmode": "numeric", "classes": "govuk-input--width-20"},
    )
    upstream_contract = _line(_l("その会社との契約（任意）"), description=_l("契約の名称、番号、日付です。"))
    upstream_permission = BooleanField(
        _l("再委託には、その会社の許諾が要る"),
        widget=ui.Checkbox(),
        description=_l("マイナンバーを含むときは、必ず最初の委託者の許諾が要ります（番号法10条）。"),
    )
    upstream_permitted_on = YmdField(_l("許諾を得た日（任意）"), [Optional()])


class ClassSection(PortalForm):
    classification = RadioField(
        _l("この取引は何に当たるか"),
        [Required(_l("この取引が何に当たるかを選んでください"))],
        widget=ui.Radios(),
        choices=[(kind.value, label) for kind, label in fact_labels.CLASSES.items()],
        description=_l("契約の名称ではなく、相手が個人データを取り扱うかどうかで決めます。"),
    )
    classification_reason = TextAreaField(
        _l("そう判定した理由"),
        [Required(_l("そう判定した理由を入力してください")), Length(max=limits.LINE)],
        widget=ui.CountedText(),
        render_kw={"rows": 3},
    )
    recheck_on = YmdField(
        _l("判定を見直す日（任意）"),
        [Optional()],
        description=_l("業務や仕組みが変わりそうなときに入力します。"),
    )


class PeopleSection(PortalForm):
    owner = SelectField(_l("所管部門の担当（任意）"), widget=ui.Select(), default="")
    deputy = SelectField(_l("副担当（任意）"), widget=ui.Select(), default="")


class PeriodSection(PortalForm):
    starts_on = YmdField(_l("委託の開始日（任意）"), [Optional()])
    ends_on = YmdField(_l("委託の終了日（任意）"), [Optional()])


class RiskSection(PortalForm):
    risk_tier = RadioField(
        _l("リスク区分"),
        [Optional()],
        widget=ui.Radios(),
        default="",
        choices=[
            ("", _l("提案に従う（人数と取り扱う内容から決めます）")),
            (Tier.LOW.value, _l("低：質問は必須の項目だけ")),
            (Tier.MEDIUM.value, _l("中：確認資料を求める")),
            (Tier.HIGH.value, _l("高：すべての質問と確認資料")),
        ],
        description=_l("確かめる深さが変わります。安全管理措置の確認は、どの区分でも省きません。"),
    )
    tier_reason = _line(
        _l("提案と違う区分にする理由（違うとき）"),
        description=_l("記録に残り、委託業務の画面に表示されます。"),
    )
