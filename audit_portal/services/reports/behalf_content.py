"""What a report says of answers entered on behalf: their sources, who confirmed them, what is left to the user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from audit_portal.domain.on_behalf import SourceFacts, SourceKind, asked, from_details, is_stale
from audit_portal.domain.report import Bilingual, NamedFact, OnBehalf, SourceRecord, UserControlFacts
from audit_portal.services.assessments.behalf import Behalf, Transcribed
from audit_portal.storage.people import People
from audit_portal.storage.tables.on_behalf import UserControl

WAYS: Mapping[SourceKind, Bilingual] = {
    SourceKind.PAPER: Bilingual("書面", "paper form"),
    SourceKind.EMAIL: Bilingual("電子メール", "e-mail"),
    SourceKind.PHONE: Bilingual("電話（記録）", "telephone (note)"),
    SourceKind.INTERVIEW: Bilingual("面談（記録）", "interview (note)"),
    SourceKind.PUBLIC: Bilingual("公開資料", "public document"),
    SourceKind.CAPTURE: Bilingual("Webページの保存", "captured web page"),
    SourceKind.SOC2: Bilingual("SOC 2 報告書", "SOC 2 report"),
    SourceKind.ISMAP: Bilingual("ISMAP の登録", "ISMAP listing"),
}
_NAMES: Mapping[str, Bilingual] = {
    "answerer": Bilingual("回答者", "Answered by"),
    "answerer_title": Bilingual("役職", "Title"),
    "answerer_department": Bilingual("所属", "Department"),
    "url": Bilingual("アドレス", "Address"),
    "captured_by": Bilingual("保存した人", "Captured by"),
    "soc2_type": Bilingual("種別（Type）", "Type"),
    "period_from": Bilingual("対象期間の初日", "Period from"),
    "period_to": Bilingual("対象期間の末日", "Period to"),
    "auditor": Bilingual("監査法人", "Auditor"),
    "covers": Bilingual("対象のサービス", "Services in scope"),
    "exceptions": Bilingual("例外事項", "Exceptions"),
    "bridge_to": Bilingual("ブリッジレターの末日", "Bridge letter until"),
    "registration": Bilingual("登録番号", "Registration number"),
    "service": Bilingual("登録サービス", "Listed service"),
}


def on_behalf(found: Transcribed) -> OnBehalf:
    facts = found.facts
    title = " ".join(filter(None, (facts.answerer_department, facts.answerer_title))) if facts else ""
    return OnBehalf(
        answerer=facts.answerer if facts else "",
        answerer_title=title,
        document=found.document,
        document_date=facts.dated_on if facts else None,
        confirmed_by=found.confirmer,
        way=WAYS[found.kind] if found.kind else Bilingual("", ""),
        source=found.position,
        confirmed_at=found.confirmed_at,
    )


def sources(rows: Behalf, today: date) -> tuple[SourceRecord, ...]:
    """Those that answers were transcribed from."""
    used = {each.source_id for each in rows.current.values()}
    found = []
    for row in rows.sources.values():
        if row.id not in used:
            continue
        facts = from_details(row.dated_on, row.details)
        file = rows.versions.get(row.evidence_version_id) if row.evidence_version_id else None
        found.append(
            SourceRecord(
                row.position,
                WAYS[row.kind],
                file.file_name if file else "",
                file.sha256 if file else "",
                row.dated_on,
                _facts(row.kind, facts),
                is_stale(row.kind, facts, today),
            )
        )
    return tuple(found)


def _facts(kind: SourceKind, facts: SourceFacts) -> tuple[NamedFact, ...]:
    values = ((name, getattr(facts, name)) for name in asked(kind))
    return tuple(
        NamedFact(_NAMES[name], value.isoformat() if isinstance(value, date) else str(value))
        for name, value in values
        if value
    )


def controls(rows: Behalf, controls: list[UserControl], people: People) -> tuple[UserControlFacts, ...]:
    return tuple(
        UserControlFacts(
            rows.sources[each.source_id].position,
            each.words,
            each.status.value if each.status else "open",
            each.note,
            each.due_on,
            people.name(each.answered_by, each.answered_at),
            each.answered_at,
        )
        for each in controls
    )
