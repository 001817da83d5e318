"""The words of a checklist: items, tiers, answers. Plain frozen data, as one published version has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from audit_portal.domain.supervision import Duty

__all__ = ["AnswerValue", "AnsweredBy", "Checklist", "Duty", "Item", "Kind", "Scope", "Text", "Tier"]

ALWAYS = "always"


class Tier(StrEnum):
    """Risk of an engagement. Compare with `at_least`: `<` on the values would compare spelling."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def at_least(self, other: Tier) -> bool:
        return self.rank >= other.rank


_RANKS = {Tier.LOW: 0, Tier.MEDIUM: 1, Tier.HIGH: 2}


class Kind(StrEnum):
    CONTROL = "control"
    FACT = "fact"  # yes is not a pass; never scored


class AnsweredBy(StrEnum):
    CLIENT = "client"
    VENDOR = "vendor"
    AUDITOR = "auditor"
    PORTAL = "portal"  # never asked; worked out from what derived_from names


class Scope(StrEnum):
    """What an answer holds for; company and site answers are given once and reused."""

    COMPANY = "company"
    SITE = "site"
    ENGAGEMENT = "engagement"


class AnswerValue(StrEnum):
    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Text:
    ja: str
    en: str


@dataclass(frozen=True)
class Item:
    """One question. `conditions` is empty when it is always asked; `evidence_from` None means never."""

    id: str
    section: str
    kind: Kind
    answered_by: AnsweredBy
    scope: Scope
    question: Text
    hint: Text
    evidence: tuple[str, ...]
    evidence_from: Tier | None
    tiers: tuple[Tier, ...]
    legal_basis: tuple[str, ...]
    weight: int
    mandatory: bool
    gate_blocking: bool
    duty: Duty
    duty_if: Mapping[str, Duty] = field(hash=False)
    conditions: frozenset[str]
    fires: str | None = None
    fires_unless: str | None = None
    same_as: str | None = None
    fresh: bool = False
    derived_from: Text | None = None
    note: Text | None = None


@dataclass(frozen=True)
class Checklist:
    """One version. `sha256` is of the file's bytes: what an assessment pins and a report shows."""

    id: str
    version: str
    prefix: str
    title: Text
    step: int  # 0 before, 1 selection, 2 contract, 3 monitoring, 4 end
    optional: bool
    covers_annex10: bool
    sections: tuple[str, ...]
    items: tuple[Item, ...]
    effective_from: date
    effective_to: date | None
    rules: frozenset[str]
    complements: Mapping[str, str] = field(hash=False)  # condition → the condition it is the opposite of
    sha256: str

    def item(self, item_id: str) -> Item:
        """Raises KeyError when this version has no such item."""
        for each in self.items:
            if each.id == item_id:
                return each
        raise KeyError(item_id)

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)
