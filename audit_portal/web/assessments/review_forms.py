"""Forms of the reviewer: the conclusion on an item and its grounds, an inspection, a finding."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.evidence_in_use import Inspected, InspectionMeans
from audit_portal.domain.findings import DAYS, FindingFacts, Severity
from audit_portal.domain.review_basis import Sample, ThirdParty
from audit_portal.services.assessments.beside_items import FindingView
from audit_portal.services.assessments.item_views import ItemView, ReviewView
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import beside_labels, labels
from audit_portal.web.assessments.forms import VersionForm
from audit_portal.web.fields import NumberField, YmdField
from audit_portal.web.forms import PortalForm, Required

_SAMPLE = ("population", "sample_size", "sample_choice")
_SOURCE = ("source_title", "source_scope", "source_from", "source_to", "source_exceptions")


class ReviewForm(PortalForm):
    # No version: the person saw no review yet.
    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    answer_version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    result = RadioField(
        _l("審査の結果"),
        [Required(_l("審査の結果を選んでください"))],
        widget=ui.Radios(),
        choices=[(value.value, label) for value, (label, _colour) in labels.RESULTS.items()],
    )
    basis = RadioField(
        _l("確かめた方法"),
        [Required(_l("確かめた方法を選んでください"))],
        widget=ui.Radios(),
        choices=[(value.value, label) for value, label in labels.BASES.items()],
    )
    population = NumberField(
        _l("全体の件数"),
        [Optional(), NumberRange(1, limits.POPULATION, _l("1以上の件数を入力してください"))],
    )
    sample_size = NumberField(
        _l("抜き取った件数"),
        [Optional(), NumberRange(1, limits.POPULATION, _l("1以上の件数を入力してください"))],
    )
    sample_choice = TextAreaField(
        _l("選び方"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("例：2026年4月から9月までの申請から、無作為に選んだ。"),
        render_kw={"rows": 2},
    )
    source_title = StringField(_l("報告書の名称"), [Length(max=limits.LINE)], widget=ui.Text())
    source_scope = TextAreaField(
        _l("対象の範囲"), [Length(max=limits.TEXT)], widget=ui.CountedText(), render_kw={"rows": 2}
    )
    source_from = YmdField(_l("対象期間の初日"), [Optional()])
    source_to = YmdField(_l("対象期間の末日"), [Optional()])
    source_exceptions = TextAreaField(
        _l("指摘・除外された事項"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("報告書に書かれた例外事項です。なければ「なし」と書いてください。"),
        render_kw={"rows": 2},
    )
    remark = TextAreaField(
        _l("所見"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l(
            "「適合」以外のときは必ず書いてください。資料も確認の記録もない項目を、申告のほかの方法で確かめたときは、何を見たか、誰に聞いたかを書いてください。"
        ),
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("保存して次へ"), widget=ui.Submit())

    def add_error(self, field: str | None, message: Any) -> None:
        super().add_error("remark" if field == "comment" else field, message)

    def judgement(self) -> Judgement:
        return Judgement(
            ReviewResult(self.result.data),
            ReviewBasis(self.basis.data),
            self.remark.data or "",
            Sample(self.population.data, self.sample_size.data, self.sample_choice.data or ""),
            ThirdParty(
                self.source_title.data or "",
                self.source_scope.data or "",
                self.source_from.data,
                self.source_to.data,
                self.source_exceptions.data or "",
            ),
        )

    def at(self, item: ItemView) -> None:
        """From now on the form is about the answer and the review as they stand."""
        self.answer_version.data, self.answer_version.raw_data = item.version, None
        self.version.data, self.version.raw_data = item.review.version if item.review else None, None

    @property
    def sample_fields(self) -> list[Any]:
        return [self[name] for name in _SAMPLE]

    @property
    def source_fields(self) -> list[Any]:
        return [self[name] for name in _SOURCE]

    @property
    def sample_open(self) -> bool:
        """Whether the fields of a sample are shown at once: they are filled, wanted or wrong."""
        return _wanted(self, ReviewBasis.SAMPLED, self.sample_fields)

    @property
    def source_open(self) -> bool:
        return _wanted(self, ReviewBasis.THIRD_PARTY, self.source_fields)


def _wanted(form: ReviewForm, basis: ReviewBasis, fields: list[Any]) -> bool:
    return form.basis.data == basis.value or any(field.data or field.errors for field in fields)


def review_form(item: ItemView) -> ReviewForm:
    """The form as the stored review fills it."""
    found = item.review
    data: dict[str, Any] = {"answer_version": item.version, "version": found.version if found else None}
    if found:
        data |= {"result": found.result.value, "basis": found.basis.value, "remark": found.comment}
        data |= _grounds(found)
    return ReviewForm(formdata=None, data=data)


def _grounds(review: ReviewView) -> dict[str, Any]:
    sample, report = review.grounds.sample, review.grounds.report
    data: dict[str, Any] = {}
    if sample:
        data |= {
            "population": sample.population,
            "sample_size": sample.size,
            "sample_choice": sample.choice,
        }
    if report:
        data |= {
            "source_title": report.title,
            "source_scope": report.scope,
            "source_from": report.period_from,
            "source_to": report.period_to,
            "source_exceptions": report.exceptions,
        }
    return data


class InspectionForm(PortalForm):
    document = StringField(
        _l("資料の名称"),
        [Required(_l("資料の名称を入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
    )
    edition = StringField(
        _l("資料の版"),
        [Required(_l("資料の版か日付を入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("例：第3版（2026年4月1日改定）"),
    )
    inspector = StringField(
        _l("確認した人"),
        [Required(_l("確認した人の名前を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
    )
    means = RadioField(
        _l("確認の方法"),
        [Required(_l("確認の方法を選んでください"))],
        widget=ui.Radios(),
        choices=[(value.value, label) for value, label in beside_labels.MEANS.items()],
    )
    place = StringField(
        _l("確認した場所"),
        [Required(_l("確認した場所を入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("例：委託先の本社 会議室、オンライン会議"),
    )
    inspected_on = YmdField(_l("確認した日"), [Required(_l("確認した日を入力してください"))])
    seen = TextAreaField(
        _l("確認した内容"),
        [Required(_l("何を確認したかを書いてください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("確認の記録を残す"), widget=ui.Submit())

    def facts(self) -> Inspected:
        day: Any = self.inspected_on.data
        return Inspected(
            self.document.data,
            self.edition.data,
            self.inspector.data,
            self.place.data,
            InspectionMeans(self.means.data),
            day,
            self.seen.data,
        )


class WithdrawForm(VersionForm):
    reason = StringField(
        _l("取り消す理由"),
        [Required(_l("取り消す理由を書いてください")), Length(max=limits.LINE)],
        widget=ui.Text(),
    )
    submit = SubmitField(_l("取り消す"), widget=ui.Submit())


class FindingForm(PortalForm):
    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    severity = RadioField(_l("重さ"), [Required(_l("重さを選んでください"))], widget=ui.Radios(), choices=[])
    what = TextAreaField(
        _l("指摘の内容"),
        [Required(_l("何が問題かを書いてください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("委託先には、審査を終えたとき、または項目を差し戻したときに示されます。"),
        render_kw={"rows": 5},
    )
    due_on = YmdField(
        _l("期日（任意）"),
        [Optional()],
        description=_l("空欄のときは、重さごとの日数（自社の方針）で決まります。"),
    )
    submit = SubmitField(_l("指摘事項を記録する"), widget=ui.Submit())

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self.severity.choices = [
            (value.value, _l("%(severity)s（%(days)s日以内）", severity=label, days=DAYS[value]))
            for value, (label, _colour) in beside_labels.SEVERITIES.items()
        ]

    def facts(self) -> FindingFacts:
        return FindingFacts(Severity(self.severity.data), self.what.data, self.due_on.data)


def finding_form(found: FindingView) -> FindingForm:
    """The form as the stored finding fills it."""
    return FindingForm(
        formdata=None,
        data={
            "version": found.version,
            "severity": found.severity.value,
            "what": found.what,
            "due_on": found.due_on,
        },
    )
