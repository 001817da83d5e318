"""Words of answers entered on behalf: kinds of sources, their facts, states, controls left to the user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.decision import FrozenSource
from audit_portal.domain.on_behalf import (
    STALE_MONTHS,
    ControlStatus,
    EntryState,
    Soc2Type,
    SourceFacts,
    SourceKind,
    asked,
)
from audit_portal.services.assessments.behalf import Transcribed
from audit_portal.web import formats

KINDS: Mapping[SourceKind, Any] = {
    SourceKind.PAPER: _l("書面（紙の回答書など）"),
    SourceKind.EMAIL: _l("電子メール"),
    SourceKind.PHONE: _l("電話の記録"),
    SourceKind.INTERVIEW: _l("面談の記録"),
    SourceKind.PUBLIC: _l("公開されている資料"),
    SourceKind.CAPTURE: _l("Webページを保存したもの"),
    SourceKind.SOC2: _l("SOC 2 報告書"),
    SourceKind.ISMAP: _l("ISMAPの登録"),
}
HINTS: Mapping[SourceKind, Any] = {
    SourceKind.PAPER: _l("相手が書いた回答書や質問票を、スキャンして登録します。"),
    SourceKind.EMAIL: _l("相手から届いたメールを、PDFなどに保存して登録します。"),
    SourceKind.PHONE: _l("電話で聞いた内容を書いたメモを登録します。委託先には見えません。"),
    SourceKind.INTERVIEW: _l("会って聞いた内容を書いたメモを登録します。委託先には見えません。"),
    SourceKind.PUBLIC: _l("相手が公開している規程や白書などです。"),
    SourceKind.CAPTURE: _l("クラウド事業者のWebページなどを、日付の分かる形で保存したPDFや画像です。"),
    SourceKind.SOC2: _l("クラウド事業者などの、監査法人による保証報告書です。"),
    SourceKind.ISMAP: _l("政府のクラウドサービスリスト（ISMAP）に載っていることを確かめた記録です。"),
}
DATES: Mapping[SourceKind, Any] = {
    SourceKind.PUBLIC: _l("資料の日付"),
    SourceKind.CAPTURE: _l("保存した日"),
    SourceKind.SOC2: _l("報告書の日付"),
    SourceKind.ISMAP: _l("登録を確かめた日"),
}
ANSWERED_ON = _l("回答した日")
FACTS: Mapping[str, Any] = {
    "answerer": _l("回答した人の氏名"),
    "answerer_title": _l("役職"),
    "answerer_department": _l("部署"),
    "url": _l("アドレス（URL）"),
    "captured_by": _l("保存した人"),
    "soc2_type": _l("種別"),
    "period_from": _l("対象期間の初日"),
    "period_to": _l("対象期間の末日"),
    "auditor": _l("監査法人"),
    "covers": _l("対象のサービス"),
    "exceptions": _l("例外事項"),
    "bridge_to": _l("ブリッジレターが示す末日"),
    "registration": _l("登録番号"),
    "service": _l("登録されているサービス"),
}
SOC2_TYPES: Mapping[Soc2Type, Any] = {
    Soc2Type.TYPE_1: _l("Type 1（ある一日の整備状況）"),
    Soc2Type.TYPE_2: _l("Type 2（一定の期間の運用状況）"),
}
STATES: Mapping[EntryState, tuple[Any, str]] = {
    EntryState.TRANSCRIBING: (_l("転記中"), "blue"),
    EntryState.TO_CONFIRM: (_l("照合待ち"), "yellow"),
    EntryState.CONFIRMED: (_l("照合済み"), "green"),
}
CONTROLS: Mapping[ControlStatus, tuple[Any, str]] = {
    ControlStatus.DONE: (_l("実施している"), "green"),
    ControlStatus.PLANNED: (_l("実施する予定"), "yellow"),
    ControlStatus.NOT_DONE: (_l("実施しない"), "red"),
}


def dated(kind: SourceKind) -> Any:
    """What the day of a source of this kind is."""
    return DATES.get(kind, ANSWERED_ON)


def facts(kind: SourceKind, found: SourceFacts) -> list[tuple[Any, Any]]:
    """The facts of a source as rows of a summary."""
    rows = [(dated(kind), formats.day(found.dated_on))]
    return rows + [(FACTS[name], _shown(getattr(found, name))) for name in asked(kind)]


def _shown(value: Any) -> Any:
    if isinstance(value, Soc2Type):
        return SOC2_TYPES[value]
    return formats.day(value) if isinstance(value, date) else value


def stale(as_of: date) -> str:
    return _(
        "この原本が示すのは%(day)sまでで、%(months)sか月を過ぎています。新しいものがないか確かめてください（自社の基準）。",
        day=formats.day(as_of),
        months=STALE_MONTHS,
    )


def transcribed(found: Transcribed) -> str:
    """`転記（回答者 …、原本 …、転記者 …、確認者 …）`; less for whom the source isn't theirs to know."""
    confirmer = found.confirmer or _("未照合")
    if found.kind is None:
        return _("転記（転記者 %(who)s、確認者 %(confirmer)s）", who=found.transcriber, confirmer=confirmer)
    day = formats.day(found.facts.dated_on) if found.facts else ""
    source = _("%(kind)s %(name)s %(day)s", kind=KINDS[found.kind], name=found.document, day=day)
    if not found.answerer:
        return _(
            "転記（原本 %(source)s、転記者 %(who)s、確認者 %(confirmer)s）",
            source=source,
            who=found.transcriber,
            confirmer=confirmer,
        )
    return _(
        "転記（回答者 %(answerer)s、原本 %(source)s、転記者 %(who)s、確認者 %(confirmer)s）",
        answerer=found.answerer,
        source=source,
        who=found.transcriber,
        confirmer=confirmer,
    )


def frozen(found: FrozenSource) -> str:
    """As `transcribed`, of what a decision's snapshot kept."""
    source = _(
        "%(kind)s %(name)s %(day)s",
        kind=KINDS[found.kind],
        name=found.document,
        day=formats.day(found.dated_on),
    )
    return _(
        "転記（回答者 %(answerer)s、原本 %(source)s、転記者 %(who)s、確認者 %(confirmer)s）",
        answerer=found.answerer or "–",
        source=source,
        who=found.transcriber,
        confirmer=found.confirmer or _("未照合"),
    )
