"""Forms of contracts: what is agreed, how it ends, what it serves, its documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.contracts import ContractKind, DocumentForm, Reentrustment
from audit_portal.services.contracts.contract_documents import DocumentFacts
from audit_portal.services.contracts.contract_views import ContractHead, ContractView
from audit_portal.services.contracts.contracts import ContractFacts
from audit_portal.services.engagements.engagements import EngagementView
from audit_portal.web import contract_labels as labels
from audit_portal.web import widgets as ui
from audit_portal.web.evidence.forms import ACCEPT
from audit_portal.web.fields import NumberField, YmdField
from audit_portal.web.forms import PortalForm, Required

_CHOOSE = _l("選んでください")


class ContractForm(PortalForm):
    kind = RadioField(
        _l("契約の種類"),
        [Required(_l("契約の種類を選んでください"))],
        widget=ui.Radios(),
        choices=[(kind.value, label) for kind, label in labels.KINDS.items()],
    )
    title = StringField(
        _l("契約の名称"),
        [Required(_l("契約の名称を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
        description=_l("例：業務委託基本契約書"),
    )
    reference_number = StringField(
        _l("契約書の番号（任意）"),
        [Length(max=limits.NUMBER)],
        widget=ui.Text(),
        description=_l("契約書や社内の管理簿に付いている番号です。"),
    )
    parent = SelectField(
        _l("もとになる契約"),
        [Optional()],
        widget=ui.Select(),
        description=_l("変更契約では必ず選びます。個別契約と覚書では、あれば選びます。"),
    )
    concluded_on = YmdField(
        _l("締結日"),
        [Optional()],
        description=_l("まだ締結していないときは空欄のままにします。締結したら入力してください。"),
    )
    starts_on = YmdField(_l("契約期間の初日"), [Required(_l("契約期間の初日を入力してください"))])
    ends_on = YmdField(
        _l("契約期間の末日"), [Optional()], description=_l("期間の定めがないときは空欄のままにします。")
    )
    renewal_months = NumberField(
        _l("自動更新の期間（月数）"),
        [
            Optional(),
            NumberRange(1, limits.CONTRACT_MONTHS, _l("1から%(max)sまでの月数を入力してください")),
        ],
        description=_l("1年ごとなら12です。自動更新しないときは空欄のままにします。"),
    )
    notice_months = NumberField(
        _l("更新しないと伝える期限（期間満了の何か月前まで）"),
        [Optional(), NumberRange(0, limits.CONTRACT_MONTHS, _l("0から%(max)sまでの月数を入力してください"))],
        description=_l("定めがないときは空欄のままにします。期限の日は自動で計算します。"),
    )
    notice_days = NumberField(
        _l("更新しないと伝える期限（日数で定めるとき）"),
        [Optional(), NumberRange(0, limits.CONTRACT_DAYS, _l("0から%(max)sまでの日数を入力してください"))],
        description=_l("「30日前まで」なら30です。月数と両方あるときは足して数えます。"),
    )
    reentrustment = RadioField(
        _l("再委託の定め"),
        [Optional()],
        widget=ui.Radios(),
        default="",
        choices=[("", _l("定めがない・確かめていない"))]
        + [(each.value, label) for each, label in labels.REENTRUSTMENTS.items()],
    )
    audit_right = BooleanField(
        _l("委託元が監査できる定めがある"),
        widget=ui.Checkbox(),
        description=_l("立入りのほか、報告や資料の提出を求められる定めも含みます。"),
    )
    audit_right_note = StringField(
        _l("監査の定めの内容（任意）"),
        [Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("例：第12条。年1回、30日前の通知で立入り可"),
    )
    governing_note = TextAreaField(
        _l("準拠法・管轄などのメモ（任意）"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        render_kw={"rows": 3},
        description=_l("委託先には表示しません。"),
    )
    submit = SubmitField(_l("登録する"), widget=ui.Submit())

    def offer(self, parents: tuple[ContractHead, ...]) -> None:
        self.parent.choices = [
            ("", _l("なし")),
            *((str(each.id), f"{each.number} {each.title}") for each in parents),
        ]

    def facts(self) -> ContractFacts:
        starts_on: Any = self.starts_on.data
        return ContractFacts(
            kind=ContractKind(self.kind.data),
            title=self.title.data,
            starts_on=starts_on,
            ends_on=self.ends_on.data,
            concluded_on=self.concluded_on.data,
            reference_number=self.reference_number.data or "",
            parent_id=UUID(self.parent.data) if self.parent.data else None,
            renewal_months=self.renewal_months.data,
            notice_months=self.notice_months.data or 0,
            notice_days=self.notice_days.data or 0,
            reentrustment=Reentrustment(self.reentrustment.data) if self.reentrustment.data else None,
            audit_right=self.audit_right.data,
            audit_right_note=self.audit_right_note.data or "",
            governing_note=self.governing_note.data or "",
        )


class EditContractForm(ContractForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    submit = SubmitField(_l("保存する"), widget=ui.Submit())


def stored(found: ContractView) -> dict[str, Any]:
    """A contract as its form is filled with."""
    terms = found.head.terms
    return {
        "version": found.version,
        "kind": terms.kind.value,
        "title": found.head.title,
        "reference_number": found.reference_number,
        "parent": str(found.head.parent_id or ""),
        "concluded_on": terms.concluded_on,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "renewal_months": terms.renewal_months,
        "notice_months": terms.notice_months or None,
        "notice_days": terms.notice_days or None,
        "reentrustment": found.head.reentrustment.value if found.head.reentrustment else "",
        "audit_right": found.audit_right,
        "audit_right_note": found.audit_right_note,
        "governing_note": found.governing_note,
    }


class EndForm(PortalForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    ended_on = YmdField(
        _l("契約が終わる日"),
        [Optional()],
        description=_l(
            "解約や更新しない通知をしたときに、最後の日を入力します。空欄で保存すると、終了を取り消します。"
        ),
    )
    reason = TextAreaField(
        _l("理由"),
        [Required(_l("理由を入力してください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("だれが、いつ、どのように伝えたかも書いてください。"),
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("保存する"), widget=ui.Submit())


class ServeForm(PortalForm):
    engagement = SelectField(_l("委託業務"), [Required(_l("委託業務を選んでください"))], widget=ui.Select())
    submit = SubmitField(_l("この契約を使う"), widget=ui.Submit())

    def offer(self, works: tuple[EngagementView, ...]) -> None:
        self.engagement.choices = [
            ("", _CHOOSE),
            *((str(each.id), f"{each.number} {each.title}") for each in works),
        ]


class UnserveForm(PortalForm):
    valid_to = YmdField(_l("使わなくなる日"), [Required(_l("使わなくなる日を入力してください"))])
    submit = SubmitField(_l("使うのをやめる"), widget=ui.Submit())


def _place(label: Any, limit: int, **more: Any) -> StringField:
    return StringField(label, [Length(max=limit)], widget=ui.Text(), **more)


class _DocumentForm(PortalForm):
    title = _place(
        _l("文書の名称"),
        limits.NAME,
        description=_l("例：業務委託基本契約書（本文）。空欄のときは、ファイルの名前を使います。"),
    )
    original_place = _place(
        _l("原本の保管場所"),
        limits.LINE,
        description=_l("紙の原本があるときに入力します。例：本社3階 法務キャビネット"),
    )
    original_binder = _place(_l("ファイル・綴りの名称（任意）"), limits.LINE)
    original_keeper = _place(_l("原本を管理する人（任意）"), limits.NAME)
    shared = BooleanField(
        _l("委託先にも見せる"),
        widget=ui.Checkbox(),
        description=_l("選ばないと、委託元の人だけが読めます。あとから変えられます。"),
    )


class ContractUploadForm(_DocumentForm):
    """The file comes last in the page: its view reads the other fields before the file's first byte."""

    form = RadioField(
        _l("文書の種類"),
        [Required(_l("文書の種類を選んでください"))],
        widget=ui.Radios(),
        choices=[
            (each.value, label) for each, label in labels.FORMS.items() if each is not DocumentForm.PAPER
        ],
    )
    file = FileField(
        _l("ファイル"),
        widget=ui.Files(False),
        description=_l(
            "PDF、画像、Excel、Word、PowerPoint、CSV、テキスト。受け取ったまま、1バイトも変えずに保管します。"
        ),
        render_kw={"accept": ACCEPT},
    )
    attach = SubmitField(_l("文書を追加する"), widget=ui.Submit())

    def facts(self) -> DocumentFacts:
        return DocumentFacts(
            self.title.data or "",
            DocumentForm(self.form.data),
            self.original_place.data or "",
            self.original_binder.data or "",
            self.original_keeper.data or "",
            self.shared.data,
        )


class PaperForm(_DocumentForm):
    title = _place(_l("文書の名称"), limits.NAME, description=_l("空欄のときは、契約の名称を使います。"))
    submit = SubmitField(_l("紙の原本を登録する"), widget=ui.Submit())

    def facts(self) -> DocumentFacts:
        return DocumentFacts(
            self.title.data or "",
            DocumentForm.PAPER,
            self.original_place.data or "",
            self.original_binder.data or "",
            self.original_keeper.data or "",
            self.shared.data,
        )


class WithdrawForm(PortalForm):
    reason = StringField(
        _l("取り下げる理由"),
        [Required(_l("取り下げる理由を入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
    )
    submit = SubmitField(_l("取り下げる"), widget=ui.Submit())


class ShareForm(PortalForm):
    shared = HiddenField()
