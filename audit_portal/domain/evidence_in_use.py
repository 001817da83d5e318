"""What an answer rests on beside its files: what was inspected and not handed over, what wasn't disclosed.

A refusal leaves the item unknown until something is shown, or until the reviewer says it couldn't be confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit_portal.domain.assessment import ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Invalid


class InspectionMeans(StrEnum):
    """How a document was looked at that stayed with its owner."""

    ON_SITE = "on_site"
    SCREEN_SHARE = "screen_share"
    DATA_ROOM = "data_room"
    OTHER = "other"


class RefusalOffer(StrEnum):
    """What a party offers in the place of a document it doesn't disclose."""

    INSPECTION = "inspection"
    SUMMARY = "summary"
    THIRD_PARTY_REPORT = "third_party_report"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Inspected:
    """What was inspected and not handed over (現地・画面で確認、資料は受領せず)."""

    document: str
    edition: str  # number or date of the version, as the document itself says
    inspector: str
    place: str
    means: InspectionMeans
    inspected_on: date
    seen: str


@dataclass(frozen=True)
class Refusal:
    """A document that is not disclosed (開示拒否): why, and what is offered instead."""

    offer: RefusalOffer
    reason: str
    words: str = ""  # of what is offered


def check_inspected(inspected: Inspected, today: date) -> None:
    """Raises Invalid for a day that hasn't come, or for one of the facts left out."""
    if inspected.inspected_on > today:
        raise Invalid("inspected_in_future", field="inspected_on", today=today)
    for field in ("document", "edition", "inspector", "place", "seen"):
        if not getattr(inspected, field).strip():
            raise Invalid("inspection_incomplete", field=field)


def check_refusal(refusal: Refusal) -> None:
    if not refusal.reason.strip():
        raise Invalid("refusal_reason_needed", field="reason")
    if refusal.offer is not RefusalOffer.NOTHING and not refusal.words.strip():
        raise Invalid("refusal_offer_needed", field="words")


def counts(expires_on: date | None, on: date) -> bool:
    """Whether a file shows anything on this day: what has expired shows nothing."""
    return expires_on is None or expires_on >= on


def unresolved(
    refused: Set[str], shown: Mapping[str, int], results: Mapping[str, ReviewResult]
) -> frozenset[str]:
    """The items whose refusal still stands: nothing was shown, and no reviewer called it unconfirmed.

    `shown`: how many files and inspections each item rests on.
    """
    return frozenset(
        item for item in refused if not shown.get(item) and results.get(item) is not ReviewResult.UNCONFIRMED
    )


def with_refusals(outcomes: Mapping[str, AnswerValue], refused: Set[str]) -> dict[str, AnswerValue]:
    """What counts per item, an unresolved refusal as "unknown" whatever was answered or concluded."""
    return {**outcomes, **dict.fromkeys(refused, AnswerValue.UNKNOWN)}
