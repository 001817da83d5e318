"""What came in from a spreadsheet: the runs, and what is still to be shown."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.supervision import Gate
from audit_portal.storage.tables.base import Identified, Kept, Ledger, Scope, choice, moment, reference, text


class StandingState(StrEnum):
    NOT_YET_SHOWN = "not_yet_shown"
    SHOWN = "shown"


class ImportRun(Identified, table=True):
    """One file brought in."""

    __tablename__ = "import_run"
    __scope__ = Scope.OFFICE
    __ledger__ = Ledger.RECORDED

    kind: ImportKind = choice(ImportKind)
    file_name: str = text(limits.FILE_NAME)
    sha256: str = text(64)
    rows_read: int
    created: int
    changed: int
    unchanged: int
    basis: str = text(limits.LINE, default="")  # on the strength of what
    catch_up_on: date | None = None
    applied_at: datetime = moment(index=True)
    applied_by: UUID = reference("account.id")


class BroughtIn(Identified, table=True):
    """A running engagement taken over as live: since when it runs, who says so, on the strength of what."""

    __tablename__ = "brought_in"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", unique=True)
    run_id: UUID = reference("import_run.id", index=True)
    runs_since: date  # when it happened …
    entered_at: datetime = moment()  # … and when it was entered
    entered_by: UUID = reference("account.id")
    basis: str = text(limits.LINE)


class GateStanding(Kept, table=True):
    """A gate that a live engagement never went through here: not yet shown, never "passed"."""

    __tablename__ = "gate_standing"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", index=True)
    gate: Gate = choice(Gate)
    state: StandingState = choice(StandingState, default=StandingState.NOT_YET_SHOWN)
    catch_up_on: date

    __table_args__ = (sa.UniqueConstraint("engagement_id", "gate"),)


class GateShown(Identified, table=True):
    """The decision by which a gate not yet shown was shown in the end."""

    __tablename__ = "gate_shown"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    engagement_id: UUID = reference("engagement_link.id", index=True)
    gate: Gate = choice(Gate)
    decision_id: UUID = reference("decision.id", unique=True)
    decided_on: date  # when it was decided: of a decision taken outside the date on its paper …
    entered_at: datetime = moment()  # … and when it was confirmed here

    __table_args__ = (sa.UniqueConstraint("engagement_id", "gate"),)


class BroughtEvaluation(Identified, table=True):
    """An evaluation made before the portal was used: history alone, shown by no record here."""

    __tablename__ = "brought_evaluation"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    engagement_id: UUID = reference("engagement_link.id", index=True)
    run_id: UUID = reference("import_run.id", index=True)
    kind: AssessmentKind = choice(AssessmentKind)
    evaluated_on: date  # when it happened …
    result: str = text(limits.LINE)  # in the words of whoever evaluated
    evaluator: str = text(limits.NAME)
    record_place: str = text(limits.LINE)
    entered_at: datetime = moment()  # … and when it was entered
    entered_by: UUID = reference("account.id")

    __table_args__ = (sa.UniqueConstraint("engagement_id", "kind", "evaluated_on"),)
