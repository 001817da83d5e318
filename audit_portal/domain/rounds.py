"""Sending one check to many: states, and what keeps an engagement out of a round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from audit_portal.domain.supervision import OVER, Classification, State


class RoundState(StrEnum):
    RUNNING = "running"
    DONE = "done"


class LineState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    LEFT_OUT = "left_out"


class Obstacle(StrEnum):
    """Why an engagement can't be sent a check now."""

    RUNNING = "assessment_running"
    DECISION_OPEN = "decision_open"
    NOT_CLASSIFIED = "not_classified"
    NOT_ENTRUSTMENT = "not_entrustment"
    OVER = "engagement_over"
    SENT_THIS_YEAR = "sent_this_year"


@dataclass(frozen=True)
class Candidate:
    """What is known of an engagement before a check is sent."""

    state: State
    classification: Classification
    classification_reason: str
    check_running: bool
    decision_open: bool
    sent_this_year: bool


def obstacles(found: Candidate) -> tuple[Obstacle, ...]:
    """Everything that has to be mended first, the gravest in front; empty when it can be sent.

    That nobody of the vendor has an account is none: the answers are then entered on its behalf.
    """
    return tuple(_obstacles(found))


def _obstacles(found: Candidate) -> Iterator[Obstacle]:
    if found.state in OVER:
        yield Obstacle.OVER
    if not found.classification_reason.strip():
        yield Obstacle.NOT_CLASSIFIED
    elif found.classification is not Classification.ENTRUSTMENT:
        yield Obstacle.NOT_ENTRUSTMENT
    if found.check_running:
        yield Obstacle.RUNNING
    if found.decision_open:
        yield Obstacle.DECISION_OPEN
    if found.sent_this_year:
        yield Obstacle.SENT_THIS_YEAR
