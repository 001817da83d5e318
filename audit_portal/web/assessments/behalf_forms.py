"""Forms of answers entered on behalf: a source by its kind, an answer with its source, confirming, controls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import UUID as UuidShape
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.on_behalf import (
    CLOUD,
    ControlStatus,
    Soc2Type,
    SourceFacts,
    SourceKind,
    asked,
    needed,
)
from audit_portal.services.assessments.behalf_views import ControlView, File, SourceView
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.assessments.sources import SourceOrder
from audit_portal.web import formats
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import behalf_labels as labels
from audit_portal.web.assessments.forms import AnswerForm, VersionForm, answer_data
from audit_portal.web.evidence.forms import ACCEPT
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required

_F = labels.FACTS


def _line(name: str, most: int = limits.NAME, description: Any = "") -> StringField:
    return StringField(_F[name], [Length(max=most)], widget=ui.Text(), description=description)


class SourceForm(VersionForm):
    """All facts a source may have; those of its kind are shown and read. What is needed the domain says."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())  # none for a new one
    dated_on = YmdField(labels.ANSWERED_ON, [Required(_l("日付を入力してください"))])
    answerer = _line("answerer")
    answerer_department = _line("answerer_department", description=_l("分からないときは空欄のままにします。"))
    answerer_title = _line("answerer_title", description=_l("役職がないときは「担当」などと書いてください。"))
    registration = _line("registration", limits.NUMBER)
    service = _line("service", limits.LINE)
    url = _line("url", limits.URL, _l("https:// から始まるアドレスを、そのまま写してください。"))
    captured_by = _line("captured_by")
    soc2_type = RadioField(
        _F["soc2_type"],
        [Optional()],
        widget=ui.Radios(),
        choices=[(each.value, label) for each, label in labels.SOC2_TYPES.items()],
    )
    period_from = YmdField(
        _F["period_from"], [Optional()], description=_l("Type 1 のときは空欄のままにします。")
    )
    period_to = YmdField(
        _F["period_to"], [Optional()], description=_l("Type 1 のときは、その基準日を入力します。")
    )
    auditor = _line("auditor")
    covers = _line("covers", limits.LINE)
    exceptions = TextAreaField(
        _F["exceptions"],
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("報告書に書かれた例外と、この業務への影響です。なければ「なし」と書いてください。"),
        render_kw={"rows": 3},
    )
    bridge_to = YmdField(
        _F["bridge_to"], [Optional()], description=_l("ブリッジレターがあるときだけ入力します。")
    )
    controls = TextAreaField(
        _l("利用者側の統制（1行に1つ、任意）"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l(
            "提供者の資料が、利用者（委託元）がすることとして挙げているものです（CUECなど）。1つずつ、委託元が対応を答えます。"
        ),
        render_kw={"rows": 4},
    )
    file_there = SelectField(_l("すでにある資料を原本にする（任意）"), [Optional()], widget=ui.Select())
    submit = SubmitField(_l("原本を登録する"), widget=ui.Submit())

    def of(self, kind: SourceKind, files: Sequence[File]) -> SourceForm:
        """Shows what a source of this kind has."""
        self.kind = kind
        self.dated_on.label.text = labels.dated(kind)
        self.shown = ["dated_on", *asked(kind)]
        for name in needed(kind):
            self[name].flags.required = True  # marked on the page; checked by the domain
        self.shown += ["controls"] if kind in CLOUD else []
        self.shown += ["file_there"] if files else []
        self.file_there.choices = [
            ("", _l("あとでファイルを送る")),
            *((str(each.id), f"{each.number} {each.name}") for each in files),
        ]
        return self

    def order(self) -> SourceOrder:
        found: dict[str, Any] = {name: self[name].data for name in asked(self.kind)}
        if "soc2_type" in found:
            found["soc2_type"] = Soc2Type(found["soc2_type"]) if found["soc2_type"] else None
        day: Any = self.dated_on.data
        days = ("soc2_type", "period_from", "period_to", "bridge_to")
        said: dict[str, Any] = {key: value if key in days else value or "" for key, value in found.items()}
        facts = SourceFacts(day, **said)
        chosen = self.file_there.data if "file_there" in self.shown else None
        controls = (self.controls.data or "") if "controls" in self.shown else ""
        return SourceOrder(self.kind, facts, UUID(chosen) if chosen else None, controls)


def source_data(found: SourceView) -> dict[str, Any]:
    data = {name: getattr(found.facts, name) for name in asked(found.kind)}
    if found.facts.soc2_type:
        data["soc2_type"] = found.facts.soc2_type.value
    return {**data, "dated_on": found.facts.dated_on, "version": found.version}


class DocumentForm(PortalForm):
    """One file, last in the page."""

    file = FileField(
        _l("原本のファイル"),
        widget=ui.Files(False),
        description=_l(
            "PDF、画像、Excel、Word、PowerPoint、CSV、テキスト。パスワードとマクロは外してください。"
        ),
        render_kw={"accept": ACCEPT},
    )
    attach = SubmitField(_l("原本を送る"), widget=ui.Submit())


class BehalfAnswerForm(AnswerForm):
    """An answer with the source it is transcribed from; whether the source is this check's the service says."""

    source = SelectField(
        _l("どの原本から転記しますか"),
        [Required(_l("原本を選んでください")), UuidShape(_l("原本を選んでください"))],
        widget=ui.Select(),
        validate_choice=False,
        choices=[],
    )

    def offer(self, sources: Sequence[SourceView]) -> None:
        self.source.choices = [
            (
                str(each.id),
                f"#{each.position} {labels.KINDS[each.kind]} {each.document} {formats.day(each.facts.dated_on)}",
            )
            for each in sources
            if each.version_id
        ] or [("", _l("原本がまだありません"))]

    def source_id(self) -> UUID | None:
        return UUID(self.source.data) if self.source.data else None


def behalf_answer_form(item: ItemView, sources: Sequence[SourceView]) -> BehalfAnswerForm:
    """The form as the stored answer fills it; the newest source unless one was named."""
    ready = [each.id for each in sources if each.version_id]
    chosen = item.transcribed.source_id if item.transcribed else (ready[-1] if ready else None)
    form = BehalfAnswerForm(formdata=None, data={**answer_data(item), "source": str(chosen or "")})
    form.offer(sources)
    return form


class ConfirmForm(VersionForm):
    seen = HiddenField(validators=[InputRequired(), Length(max=64)])
    submit = SubmitField(_l("原本と一致していることを確認し、提出する"), widget=ui.Submit())


class GiveBackForm(VersionForm):
    items = SelectMultipleField(_l("差し戻す項目"), widget=ui.Checkboxes())
    note = TextAreaField(
        _l("原本と違うところ"),
        [Required(_l("どこが原本と違うかを書いてください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        render_kw={"rows": 3},
    )
    back = SubmitField(_l("転記した人に差し戻す"), widget=ui.Submit())


class ControlForm(VersionForm):
    status = RadioField(
        _l("対応"),
        [Required(_l("対応を選んでください"))],
        widget=ui.Radios(),
        choices=[(each.value, label) for each, (label, _colour) in labels.CONTROLS.items()],
    )
    due_on = YmdField(
        _l("実施する予定の日"), [Optional()], description=_l("「実施する予定」のときに入力します。")
    )
    note = TextAreaField(
        _l("説明"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l(
            "どのように行っているかを書いてください。「実施しない」のときは、その理由を書いてください。"
        ),
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("保存する"), widget=ui.Submit())

    def chosen(self) -> ControlStatus:
        return ControlStatus(self.status.data)


def control_data(found: ControlView) -> dict[str, Any]:
    return {
        "version": found.version,
        "status": found.status.value if found.status else None,
        "due_on": found.due_on,
        "note": found.note,
    }
