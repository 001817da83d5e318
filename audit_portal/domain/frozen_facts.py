"""The facts of the work as they were frozen with a decision: what is entrusted, which data, where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from audit_portal.domain.cloud import Determination
from audit_portal.domain.engagement import DataKind, Recipient, ScopeItem, Transfer
from audit_portal.domain.supervision import Classification, Gate, WorkKind


@dataclass(frozen=True)
class FrozenPlace:
    """A site of the vendor by its name then, or a place in words."""

    name: str
    country: str


@dataclass(frozen=True)
class FrozenDetermination:
    """The newest finding on whether a cloud provider handles the data."""

    outcome: Determination
    service: str
    terms: str
    access_control: str
    source: str
    determined_on: date
    determined_by: str


@dataclass(frozen=True)
class FrozenStanding:
    """A gate that a running engagement had not shown yet."""

    gate: Gate
    catch_up_on: date


@dataclass(frozen=True)
class FrozenBroughtIn:
    """Work that ran before it was entered: since when, who says so, on the strength of what."""

    runs_since: date
    entered_at: datetime
    entered_by: str
    basis: str
    unshown: tuple[FrozenStanding, ...]


@dataclass(frozen=True)
class FrozenFacts:
    work_kind: WorkKind
    description: str
    purpose: str
    data_categories: str
    data_kinds: tuple[DataKind, ...]
    persons: int
    special_care: bool
    my_number: bool
    scope: tuple[ScopeItem, ...]
    places: tuple[FrozenPlace, ...]
    handled_abroad: bool
    abroad_where: str
    recipients: tuple[Recipient, ...]  # third parties abroad, each with its Article 28 route
    no_recipient_why: str
    transfer: tuple[Transfer, ...]
    transfer_note: str
    subcontracting: bool
    classification: Classification
    classification_reason: str
    recheck_on: date | None
    conditions: tuple[str, ...]  # codes of checklists/reference/conditions.yaml that held
    tier_reason: str  # why the proposed risk tier was overruled
    starts_on: date | None
    ends_on: date | None
    cloud: FrozenDetermination | None
    brought_in: FrozenBroughtIn | None

    @property
    def countries(self) -> tuple[str, ...]:
        """Where the data is handled or goes, each country once."""
        found = (*(each.country for each in self.places), *(each.country for each in self.recipients))
        return tuple(dict.fromkeys(found))
