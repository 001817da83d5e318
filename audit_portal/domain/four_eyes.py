"""Rules that need two different people, and which of them the people at hand can't meet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from audit_portal.domain.access import Role


class PairRule(StrEnum):
    """What one person does and another confirms."""

    DECISION = "decision"  # who asks for a decision doesn't make it
    REVIEW = "review"  # nobody reviews their own answer
    TRANSCRIPTION = "transcription"  # who enters answers on behalf doesn't confirm them
    SIGNATURE = "signature"  # the signing auditor isn't the countersigner


# One of the first group and, as another person, one of the second.
_PAIRS: Mapping[PairRule, tuple[frozenset[Role], frozenset[Role]]] = {
    PairRule.DECISION: (frozenset({Role.OFFICER}), frozenset({Role.APPROVER})),
    PairRule.REVIEW: (frozenset({Role.OWNER, Role.OFFICER}), frozenset({Role.OFFICER, Role.AUDITOR})),
    PairRule.TRANSCRIPTION: (frozenset({Role.OFFICER}), frozenset({Role.OFFICER, Role.OWNER})),
    PairRule.SIGNATURE: (frozenset({Role.AUDITOR}), frozenset({Role.OFFICER})),
}


def unmet(people: Collection[frozenset[Role]]) -> tuple[PairRule, ...]:
    """The rules these people (their roles, one set a person) can't meet among themselves."""
    return tuple(rule for rule, pair in _PAIRS.items() if not _two(people, *pair))


def _two(people: Collection[frozenset[Role]], first: frozenset[Role], second: frozenset[Role]) -> bool:
    firsts = {index for index, roles in enumerate(people) if roles & first}
    seconds = {index for index, roles in enumerate(people) if roles & second}
    return bool(firsts and seconds) and len(firsts | seconds) > 1
