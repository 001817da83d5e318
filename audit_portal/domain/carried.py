"""Answers given once and reused: which earlier answer may stand for a question, and when it has gone stale.

Source: facts.md section 7 (carry-over): shown for confirmation, counted only once confirmed; `fresh` never.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Item
from audit_portal.domain.checklist import Scope as ItemScope
from audit_portal.domain.errors import Invalid
from audit_portal.domain.ledger import canonical

SHARED = frozenset({ItemScope.COMPANY, ItemScope.SITE})


class Given(Protocol):
    """An answer as it was handed in: to which question, and for what it holds."""

    @property
    def item(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def fresh(self) -> bool: ...
    @property
    def place(self) -> str: ...
    @property
    def engagement_id(self) -> UUID: ...
    @property
    def given_at(self) -> datetime: ...


G = TypeVar("G", bound=Given)


@dataclass(frozen=True)
class Wanted:
    """A question that is asked now, of this engagement, at this place."""

    item: Item
    place: str
    engagement_id: UUID


def question_of(item: Item) -> str:
    """The question under which answers of different checklists are found together."""
    return item.same_as or item.id


def meaning_of(item: Item) -> str:
    """SHA-256 over what makes a question the same in another version of its checklist: who answers what,
    for what, in which words. Hints, weights and legal bases may change."""
    return _digest(
        kind=item.kind.value,
        answered_by=item.answered_by.value,
        scope=item.scope.value,
        ja=item.question.ja,
        en=item.question.en,
    )


def scope_of(item: Item) -> ItemScope:
    """What an answer to it holds for. What the client answers, it answers of this engagement."""
    return item.scope if item.answered_by is AnsweredBy.VENDOR else ItemScope.ENGAGEMENT


def place_of(item: Item, engagement_id: UUID, sites: Collection[str] | None) -> str:
    """For what an answer holds, as a key: "" the company, a digest a set of sites, else the engagement.

    `sites`: the ids of all places of handling; None when one of them is no site on record (or none is named).
    Then an answer on sites holds for this engagement alone: nobody knows whether it is the same place.
    """
    scope = scope_of(item)
    if scope is ItemScope.COMPANY:
        return ""
    if scope is ItemScope.SITE and sites:
        return _digest(sites=sorted(sites))
    return str(engagement_id)


def may_stand_for(given: Given, wanted: Wanted) -> bool:
    """Whether an earlier answer may be confirmed as the answer to what is asked now."""
    item = wanted.item
    if item.fresh or given.fresh or given.place != wanted.place:
        return False
    if given.item == item.id:
        return given.meaning == meaning_of(item)
    return given.question == question_of(item)


def newest(given: Iterable[G], wanted: Wanted) -> G | None:
    """The newest of those that may stand for what is asked."""
    fitting = [each for each in given if may_stand_for(each, wanted)]
    return max(fitting, key=lambda each: each.given_at, default=None)


def newest_shown(given: Iterable[G], wanted: Wanted) -> G | None:
    """What is shown beside: what may stand for it, else the newest answer this engagement gave to it."""
    rows = list(given)
    asked = question_of(wanted.item)
    here = [each for each in rows if each.engagement_id == wanted.engagement_id and each.question == asked]
    return newest(rows, wanted) or max(here, key=lambda each: each.given_at, default=None)


def content_digest(value: AnswerValue | None, comment: str, files: Iterable[str]) -> str:
    """What an answer says, as a digest: the value, the words, the SHA-256 of its documents. Two answers with
    the same one say the same; plans of action are of the engagement, and no part of it."""
    return _digest(value=value.value if value else None, comment=comment.strip(), files=sorted(set(files)))


class Said(Protocol):
    """What an answer says: value, words, and its documents by SHA-256."""

    @property
    def value(self) -> AnswerValue: ...
    @property
    def comment(self) -> str: ...
    @property
    def hashes(self) -> Sequence[str]: ...


def says_the_same(older: Said, newer: Said) -> bool:
    """Whether a newer answer leaves the older one standing: the same value and words, and no document that
    the older one doesn't have. To leave one out says nothing against it."""
    same_words = (older.value, older.comment.strip()) == (newer.value, newer.comment.strip())
    return same_words and set(newer.hashes) <= set(older.hashes)


def _digest(**body: Any) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def has_expired(expires_on: date | None, today: date) -> bool:
    """A document is good on the day it expires, and no longer on the next."""
    return expires_on is not None and expires_on < today


def earliest(days: Sequence[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def plan_holds(due_on: date | None, today: date) -> bool:
    """A plan whose day has passed is none any more."""
    return due_on is None or due_on >= today


def check_reason(reason: str) -> None:
    """Why it still holds has to be said. Raises Invalid('settle_reason_needed')."""
    if not reason.strip():
        raise Invalid("settle_reason_needed", field="reason")
