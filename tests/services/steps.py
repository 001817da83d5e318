"""Steps that several tests of the supervision take: one engagement with its check, up to a point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier, Thread
from typing import Any, TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnswerValue
from audit_portal.services import checklists
from audit_portal.services.assessments import answers, assessment_view, sending, submission
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.decisions import decisions
from audit_portal.services.engagements import engagements
from audit_portal.services.engagements.engagements import EngagementFacts
from audit_portal.services.house import Context, House
from tests.factories.house import People, account, context, people
from tests.factories.stages import at_stage, further
from tests.factories.world import answer_all, review_all, send, short_checklists, submit, work

T = TypeVar("T")

FACT = "QSL-005"  # a vendor's fact of the short check
CLIENT_ITEM = "QSL-001"
VENDOR_ITEM = "QSL-002"
ON_SQLITE = pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # nothing hangs on the database


@dataclass(frozen=True)
class Case:
    """A house with short checklists, its people, and one engagement with a check that was sent."""

    house: House
    everyone: People
    second: UUID
    engagement_id: UUID
    assessment_id: UUID

    def as_(self, who: str) -> Context:
        account_id = self.second if who == "second" else getattr(self.everyone, who)
        return context(self.house, account_id)

    def view(self, who: str = "officer") -> AssessmentView:
        return assessment_view.get_assessment(self.as_(who), self.assessment_id)

    def item(self, code: str, who: str = "officer") -> ItemView:
        return self.view(who).item(code)

    @property
    def state(self) -> AssessmentState:
        return self.view().head.state

    def write(
        self,
        who: str,
        code: str,
        value: AnswerValue | None = AnswerValue.YES,
        text: str = "しています。",
        **more: Any,
    ) -> int:
        return answers.save(self.as_(who), self.assessment_id, code, Written(value, text, **more), None)

    def submitted(self) -> Case:
        self._further("submitted", self._submit)
        return self

    def _submit(self) -> None:
        answer_all(self.as_("vendor_lead"), self.assessment_id)
        submit(self.as_("vendor_lead"), self.assessment_id)

    def reviewed(self) -> Case:
        self._further("reviewed", self._review)
        return self

    def _review(self) -> None:
        self.submitted()
        answer_all(self.as_("officer"), self.assessment_id)
        review_all(self.as_("second"), self.assessment_id)

    def _further(self, name: str, walk: Callable[[], T]) -> T:
        return further(self.house, f"{self.assessment_id} {name}", walk)

    def reviewed_only(self) -> None:
        review_all(self.as_("second"), self.assessment_id)

    def requested(self) -> UUID:
        return self._further("requested", self._request)

    def _request(self) -> UUID:
        self.reviewed()
        return decisions.request(self.as_("officer"), self.engagement_id, "承認をお願いします。")

    def give_back(self, *items: str, note: str = "根拠を書いてください。") -> None:
        self.house.clock.move(seconds=1)  # type: ignore[attr-defined]  # the key of a mail holds the moment
        submission.give_back(self.as_("second"), self.assessment_id, items, note, self.view().head.version)


def make_case(
    house: House,
    folder: Path,
    facts: EngagementFacts | None = None,
    prepare: Callable[[House, Path], House] = short_checklists,
) -> Case:
    def build(short: House) -> tuple[People, UUID, UUID, UUID]:
        everyone = people(short)
        second = account(short, everyone.client_id, Role.OFFICER)
        officer = context(short, everyone.officer)
        engagement_id = engagements.register(officer, everyone.vendor_id, facts or work())
        return everyone, second, engagement_id, send(officer, engagement_id)

    short, ids = at_stage(f"case {prepare.__name__} {facts!r}", house, folder, prepare, build)
    return Case(short, *ids)


def send_full(case: Case, facts: EngagementFacts | None = None) -> Case:
    """Another engagement, with the full selection check."""
    officer = case.as_("officer")
    facts = facts or work("本番の選定")
    engagement_id = engagements.register(officer, case.everyone.vendor_id, facts)
    full = next(each for each in sending.sendable(officer) if _id(case, each.id) == "selection_check")
    order = SendOrder(full.id, case.house.today())
    return replace(
        case, engagement_id=engagement_id, assessment_id=sending.send(officer, engagement_id, order)
    )


def _id(case: Case, version_id: UUID) -> str:
    return next(each.checklist for each in checklists.published(case.house) if each.id == version_id)


def execute(house: House, statement: str, **values: Any) -> Any:
    """A statement past the portal, as somebody with the database in hand could run it."""
    with house.db.engine.begin() as connection:
        result = connection.execute(sa.text(statement), values)
        return [tuple(row) for row in result] if result.returns_rows else result.rowcount


def at_once(*works: Any) -> list[Any]:
    """Runs all at the same moment, each in a thread; returns what each gave, or the exception it raised."""
    barrier, results = Barrier(len(works)), [None] * len(works)

    def run(position: int) -> None:
        barrier.wait(20)
        try:
            results[position] = works[position]()
        except Exception as error:
            results[position] = error

    threads = [Thread(target=run, args=(position,)) for position in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "somebody waits for ever"
    return results
