"""Forms of engagements."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from audit_portal.domain import limits
from audit_portal.domain.checklist import Tier
from audit_portal.domain.supervision import Classification, WorkKind
from audit_portal.services.engagements import EngagementFacts, PersonView
from audit_portal.web import labels as people_labels
from audit_portal.web import widgets as ui
from audit_portal.web.engagements import labels
from audit_portal.web.fields import NumberField, YmdField
from audit_portal.web.forms import PortalForm, Required

MOST_PERSONS = 2_000_000_000  # what an integer column holds


class EngagementForm(PortalForm):
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
        choices=[(kind.value, label) for kind, label in labels.WORK_KINDS.items()],
    )
    purpose = StringField(
        _l("何のために任せるか"),
        [Required(_l("何のために任せるかを入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("本人に示している利用目的の範囲で書いてください。"),
    )
    description = TextAreaField(
        _l("業務の説明（任意）"), [Length(max=limits.TEXT)], widget=ui.CountedText(), render_kw={"rows": 4}
    )
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
    handled_abroad = BooleanField(
        _l("外国で取り扱う"),
        widget=ui.Checkbox(),
        description=_l("外国にある拠点や会社で扱う場合や、外国から閲覧できる場合です。"),
    )
    subcontracting = BooleanField(
        _l("再委託の予定がある"),
        widget=ui.Checkbox(),
        description=_l("委託先が、業務の一部をさらに別の会社に任せる場合です。"),
    )
    classification = RadioField(
        _l("この取引は何に当たるか"),
        [Required(_l("この取引が何に当たるかを選んでください"))],
        widget=ui.Radios(),
        choices=[(kind.value, label) for kind, label in labels.CLASSES.items()],
        description=_l("契約の名称ではなく、相手が個人データを取り扱うかどうかで決めます。"),
    )
    classification_reason = TextAreaField(
        _l("そう判定した理由"),
        [Required(_l("そう判定した理由を入力してください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        render_kw={"rows": 3},
    )
    recheck_on = YmdField(
        _l("判定を見直す日（任意）"),
        [Optional()],
        description=_l("業務や仕組みが変わりそうなときに入力します。"),
    )
    starts_on = YmdField(_l("委託の開始日（任意）"), [Optional()])
    ends_on = YmdField(_l("委託の終了日（任意）"), [Optional()])
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
    submit = SubmitField(_l("登録する"), widget=ui.Submit())

    def facts(self) -> EngagementFacts:
        return EngagementFacts(
            title=self.title.data,
            work_kind=WorkKind(self.work_kind.data),
            purpose=self.purpose.data,
            data_categories=self.data_categories.data,
            persons=self.persons.data or 0,
            classification=Classification(self.classification.data),
            classification_reason=self.classification_reason.data,
            description=self.description.data or "",
            special_care=self.special_care.data,
            my_number=self.my_number.data,
            handled_abroad=self.handled_abroad.data,
            subcontracting=self.subcontracting.data,
            recheck_on=self.recheck_on.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            risk_tier=Tier(self.risk_tier.data) if self.risk_tier.data else None,
        )


class AssignForm(PortalForm):
    person = SelectField(
        _l("割り当てる人"), [Required(_l("割り当てる人を選んでください"))], widget=ui.Select()
    )
    submit = SubmitField(_l("割り当てる"), widget=ui.Submit())

    def offer(self, people: tuple[PersonView, ...]) -> None:
        self.person.choices = [
            ("", _l("選んでください")),
            *(
                (
                    str(each.id),
                    _l("%(name)s（%(roles)s）", name=each.name, roles=people_labels.roles(each.roles)),
                )
                for each in people
            ),
        ]

    def account_id(self) -> UUID:
        return UUID(self.person.data)
