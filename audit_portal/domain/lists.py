"""How the long lists are filtered and sorted: what an address may ask for, and a service answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.checklist import Tier
from audit_portal.domain.register import Validity
from audit_portal.domain.supervision import State

# Past its day, the answering side is late in these states; later on it has done its part.
WITH_ANSWERER = frozenset({AssessmentState.SENT, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED})


class VendorSort(StrEnum):
    KANA = "kana"
    NEWEST = "newest"


class CheckSort(StrEnum):
    DUE = "due"
    NEWEST = "newest"


@dataclass(frozen=True)
class VendorFilter:
    search: str = ""  # name, kana, number
    certification: Validity | None = None  # EXPIRED or EXPIRING: one of the vendor's stands so
    sort: VendorSort = VendorSort.KANA


@dataclass(frozen=True)
class WorkFilter:
    """Of engagements; what is empty asks for nothing."""

    search: str = ""  # number, title, vendor or its kana
    state: State | None = None
    tier: Tier | None = None
    mine: bool = False  # the reader is owner or deputy
    unshown: bool = False  # brought in running, and a gate is to be shown yet


@dataclass(frozen=True)
class CheckFilter:
    """Of assessments. A state asked for stands above `running`."""

    search: str = ""  # number, engagement, vendor or its kana
    state: AssessmentState | None = None
    kind: AssessmentKind | None = None
    late: bool = False
    running: bool = True
    sort: CheckSort = CheckSort.DUE


EVERY_VENDOR, EVERY_WORK, RUNNING_CHECKS = VendorFilter(), WorkFilter(), CheckFilter()
