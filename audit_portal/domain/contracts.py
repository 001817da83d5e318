"""Contracts (契約): what kinds there are, how long one runs, until when it can be given notice of.

Source: PPC guideline 3-4-4(2) (contract) and 3-4-4(3) (re-entrustment); Civil Code 138–143 (periods).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid


class ContractKind(StrEnum):
    MASTER = "master"  # 基本契約
    INDIVIDUAL = "individual"  # 個別契約
    MEMORANDUM = "memorandum"  # 覚書
    TERMS = "terms"  # 利用規約
    AMENDMENT = "amendment"  # 変更契約
    NDA = "nda"  # 秘密保持契約


HAS_PARENT = frozenset({ContractKind.INDIVIDUAL, ContractKind.MEMORANDUM, ContractKind.AMENDMENT})


class Reentrustment(StrEnum):
    """What the contract says of re-entrustment (再委託)."""

    FORBIDDEN = "forbidden"
    PRIOR_CONSENT = "prior_consent"
    LISTED_ONLY = "listed_only"
    REPORT_AFTER = "report_after"
    FREE = "free"


# The guideline asks for a report before, or consent (3-4-4(3)): these two fall short of it.
BELOW_GUIDELINE = frozenset({Reentrustment.REPORT_AFTER, Reentrustment.FREE})


class DocumentForm(StrEnum):
    """What the file is, or that there is only paper."""

    ELECTRONIC = "electronic"  # concluded electronically: the signed file itself
    SCAN = "scan"  # a copy of a paper original
    PAPER = "paper"  # the paper alone, no file
    OTHER = "other"  # annex, draft, note


class SignatureState(StrEnum):
    NONE = "none"  # nothing to check: no PDF concluded electronically
    PENDING = "pending"
    CHECKED = "checked"
    UNREADABLE = "unreadable"  # the PDF can't be read as one, or is too large


class StandIn(StrEnum):
    """What takes the place of a clause (PPC Q&A 5-11 for standard terms)."""

    TERMS = "terms"
    LAW = "law"
    OTHER = "other"  # group rules, certification (Rule 16)


class Standing(StrEnum):
    """How a contract stands on a day."""

    NOT_CONCLUDED = "not_concluded"
    NOT_BEGUN = "not_begun"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True)
class Terms:
    """The dates of a contract. `renewal_months`: it renews itself for so long; None: it doesn't.

    The notice period (months and days add up) is counted back from the end. `ended_on`: it ends, or ended,
    on that day for a reason of its own, whatever the dates say.
    """

    kind: ContractKind
    starts_on: date
    ends_on: date | None = None
    concluded_on: date | None = None
    renewal_months: int | None = None
    notice_months: int = 0
    notice_days: int = 0
    ended_on: date | None = None

    @property
    def has_notice(self) -> bool:
        return bool(self.notice_months or self.notice_days)


def check_terms(terms: Terms) -> None:
    """Raises Invalid: 'contract_ends_before_start', 'contract_ended_before_start', 'renewal_needs_end',
    'renewal_out_of_range', 'notice_needs_end', 'notice_out_of_range', 'notice_longer_than_term'."""
    if terms.ends_on and terms.ends_on < terms.starts_on:
        raise Invalid("contract_ends_before_start", field="ends_on")
    if terms.ended_on and terms.ended_on < terms.starts_on:
        raise Invalid("contract_ended_before_start", field="ended_on")
    if terms.renewal_months is not None:
        if terms.ends_on is None:
            raise Invalid("renewal_needs_end", field="ends_on")
        if not 1 <= terms.renewal_months <= limits.CONTRACT_MONTHS:
            raise Invalid("renewal_out_of_range", field="renewal_months", most=limits.CONTRACT_MONTHS)
    if not (
        0 <= terms.notice_months <= limits.CONTRACT_MONTHS and 0 <= terms.notice_days <= limits.CONTRACT_DAYS
    ):
        raise Invalid("notice_out_of_range", field="notice_months")
    if terms.has_notice:
        if terms.ends_on is None:
            raise Invalid("notice_needs_end", field="ends_on")
        last = _before(terms.ends_on, terms)
        if last < terms.starts_on or last == date.min:
            raise Invalid("notice_longer_than_term", field="notice_months")


def end_of_term(terms: Terms, today: date) -> date | None:
    """The last day of the term that runs today (renewals counted); None for no end.

    A contract that isn't renewed keeps its end, also when that day has passed.
    """
    if terms.ended_on:
        return terms.ended_on
    if terms.ends_on is None or terms.renewal_months is None or terms.ends_on >= today:
        return terms.ends_on
    behind = terms.ends_on + timedelta(days=1)  # the first day of the next term: 2/28 + 12 months is 2/29
    passed = (today.year - behind.year) * 12 + today.month - behind.month
    terms_passed = max(passed // terms.renewal_months, 0)
    while True:
        end = add_months(behind, terms_passed * terms.renewal_months) - timedelta(days=1)
        if end >= today:
            return end
        terms_passed += 1


def last_day_for_notice(terms: Terms, today: date) -> date | None:
    """Until when it can be said that the contract shall not be renewed (or is to end with its term); None
    where nothing need be said: no end, no period, or its end is settled already.

    Of two ways of counting months back from the last day of a month the earlier one is taken: whoever acts by
    it is in time by either.
    """
    end = end_of_term(terms, today)
    if end is None or terms.ended_on or not terms.has_notice:
        return None
    return _before(end, terms)


def _before(end: date, terms: Terms) -> date:
    """date.min for what lies before it."""
    day = add_months(end, -terms.notice_months)
    return day - min(timedelta(days=terms.notice_days), day - date.min)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last (Civil Code 143(2)); date.min or date.max for what
    lies beyond them."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def standing(terms: Terms, today: date) -> Standing:
    end = end_of_term(terms, today)
    if end is not None and end < today:
        return Standing.OVER
    if terms.concluded_on is None or terms.concluded_on > today:
        return Standing.NOT_CONCLUDED
    return Standing.NOT_BEGUN if terms.starts_on > today else Standing.RUNNING


@dataclass(frozen=True)
class Deadline:
    """The next day that somebody has to think of: the last one for notice, else the end itself."""

    on: date
    notice: bool


def next_deadline(terms: Terms, today: date) -> Deadline | None:
    """None when nothing lies ahead: no end, or over.

    A last day for notice that has passed leaves the end; if the contract renews itself, that end is no end.
    """
    end = end_of_term(terms, today)
    if end is None or end < today:
        return None
    notice = last_day_for_notice(terms, today)
    if notice is not None and notice >= today:
        return Deadline(notice, True)
    if terms.renewal_months is not None and terms.ended_on is None and notice is not None:
        return None  # too late for this term: it renews itself
    return Deadline(end, False)


def check_parent(kind: ContractKind, has_parent: bool) -> None:
    """An amendment changes another contract. Raises Invalid('amendment_needs_parent' | 'parent_not_for_kind')."""
    if kind is ContractKind.AMENDMENT and not has_parent:
        raise Invalid("amendment_needs_parent", field="parent")
    if has_parent and kind not in HAS_PARENT:
        raise Invalid("parent_not_for_kind", field="parent")


CLAUSE_EVIDENCE = frozenset({"contract", "contract_annex"})


def is_clause(evidence: tuple[str, ...]) -> bool:
    """Whether an item is about what is written in the contract: such a yes is tied to document and place."""
    return bool(CLAUSE_EVIDENCE & set(evidence))
