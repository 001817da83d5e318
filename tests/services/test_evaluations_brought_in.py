"""Evaluations from before the portal: history of an engagement, and nothing more."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select

from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.errors import Refused
from audit_portal.domain.imports import ImportKind
from audit_portal.services import history_check
from audit_portal.services.decisions import gates
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context, House
from audit_portal.services.imports import Outcome, evaluations
from audit_portal.storage.tables.brought_in import BroughtEvaluation
from tests.factories.house import People, context
from tests.factories.world import work
from tests.services.test_imports import bring, csv, look

HEADS = ["委託業務の番号", "評価の種類", "評価日", "評価の結果", "評価者", "記録の保管場所"]


@pytest.fixture
def officer(house: House, everyone: People) -> Context:
    return context(house, everyone.officer)


@pytest.fixture
def engagement_id(officer: Context, everyone: People) -> UUID:
    return engagements.register(officer, everyone.vendor_id, work())


def number(ctx: Context, engagement_id: UUID) -> str:
    return engagements.get_engagement(ctx, engagement_id).number


def row(number: str, kind: str = "定期評価", day: str = "令和7年2月10日", result: str = "Ｂ") -> list[str]:
    return [number, kind, day, result, "総務部 山田", "共有フォルダ 評価2024"]


def test_evaluations_come_in_as_history_and_open_no_gate(
    house: House, officer: Context, everyone: People, engagement_id: UUID
) -> None:
    before = gates.gate(officer, engagement_id).blockers
    here = number(officer, engagement_id)
    content = csv(HEADS, row(here), row(here, "選定", "2023/2/1", "選定可"))
    assert bring(officer, ImportKind.EVALUATIONS, content).created == 2
    newest, older = evaluations.of_engagement(officer, engagement_id)
    assert (newest.facts.kind, newest.facts.evaluated_on, newest.facts.result) == (
        AssessmentKind.PERIODIC, date(2025, 2, 10), "Ｂ",
    )  # fmt: skip
    assert (older.facts.evaluator, older.facts.record_place) == ("総務部 山田", "共有フォルダ 評価2024")
    assert newest.entered_at == officer.now and newest.entered_by
    assert gates.gate(officer, engagement_id).blockers == before
    with context(house, everyone.vendor_lead).read() as tx:  # the client's own: the vendor gets nothing of it
        assert list(tx.session.exec(select(BroughtEvaluation))) == []
    events = [entry.event for entry in engagements.timeline(officer, engagement_id)]
    assert events.count("evaluation.brought_in") == 2
    assert history_check.verify(house) == ()


def test_the_same_file_again_makes_nothing_new_and_another_result_changes_nothing(
    officer: Context, engagement_id: UUID
) -> None:
    here = number(officer, engagement_id)
    bring(officer, ImportKind.EVALUATIONS, csv(HEADS, row(here)))
    content = csv(HEADS, row(here), row(here, day="2026/2/9"))
    found = look(officer, ImportKind.EVALUATIONS, content)
    assert [each.outcome for each in found.rows] == [Outcome.SAME, Outcome.NEW]
    run = bring(officer, ImportKind.EVALUATIONS, content)
    assert (run.created, run.changed, run.unchanged) == (1, 0, 1)
    other = csv(HEADS, row(here, result="Ａ"))
    assert [each.outcome for each in look(officer, ImportKind.EVALUATIONS, other).rows] == [Outcome.KEPT]
    bring(officer, ImportKind.EVALUATIONS, other)
    assert [each.facts.result for each in evaluations.of_engagement(officer, engagement_id)] == ["Ｂ", "Ｂ"]


def test_every_bad_cell_is_named_and_nothing_comes_in(officer: Context, engagement_id: UUID) -> None:
    here = number(officer, engagement_id)
    content = csv(
        HEADS,
        row("E-2099-9999"),
        row(here, "健康診断"),
        row(here, day="2099/1/1"),
        row(here),
        row(here),
        row(here, day="2024/1/1", result=""),
    )
    found = look(officer, ImportKind.EVALUATIONS, content)
    assert [(flaw.address, flaw.code) for flaw in found.flaws] == [
        ("A2", "import_work_unknown"),
        ("B3", "word_unknown"),
        ("C4", "import_not_evaluated_yet"),
        ("C6", "import_row_twice"),
        ("D7", "cell_needed"),
    ]
    with pytest.raises(Refused):
        bring(officer, ImportKind.EVALUATIONS, content)
    assert evaluations.of_engagement(officer, engagement_id) == ()
