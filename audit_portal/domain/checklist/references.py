"""The lists that a checklist's codes come from: sources, conditions, kinds of evidence, headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit_portal.domain.checklist.model import Text, Tier
from audit_portal.domain.errors import Invalid

FILES = ("legal_refs", "seed_refs", "conditions", "evidence_kinds", "sections", "clauses")
KINDS = ("law", "guideline", "explanation", "standard", "eu", "own", "draft", "advice")


@dataclass(frozen=True)
class LegalRef:
    """A source. `status` says how far its text was read; `in_force` is "yes", "partly" or "no"."""

    code: str
    title: str
    url: str | None
    kind: str
    status: str
    in_force: str = "yes"
    annex10_must: bool = False
    note: Text | None = None

    @property
    def binds(self) -> bool:
        return self.in_force != "no" and self.kind != "draft"


@dataclass(frozen=True)
class Condition:
    """`source`: profile, answer, register or fixed; `min_tier`: the engagement is never below it."""

    code: str
    name: Text
    decided_by: str
    source: str
    min_tier: Tier | None = None


@dataclass(frozen=True)
class Clause:
    """A proposal for a clause that a contract lacks, in Japanese: contracts here are."""

    title: str
    text: str


@dataclass(frozen=True)
class References:
    legal: Mapping[str, LegalRef] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    evidence_kinds: Mapping[str, Text] = field(default_factory=dict)
    sections: Mapping[str, Text] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)  # by item

    @property
    def floors(self) -> dict[str, Tier]:
        """Condition → the tier an engagement on which it holds never falls below."""
        return {code: each.min_tier for code, each in self.conditions.items() if each.min_tier is not None}


def parse_references(data: Mapping[str, Any]) -> References:
    """The lists, from the plain data of the files named in FILES (name without .yaml → content).

    Raises Invalid('checklist_reference_malformed', place=…, why=…).
    """
    legal = {code: _legal(code, raw) for code, raw in _entries(data, "legal_refs", "refs").items()}
    for code, raw in _entries(data, "seed_refs", "refs").items():
        point = _str(raw, "point", code)
        legal[code] = LegalRef(code, point, None, "advice", "own_proposal")
    return References(
        legal=legal,
        conditions={
            code: _condition(code, raw) for code, raw in _entries(data, "conditions", "conditions").items()
        },
        evidence_kinds={
            code: _both(raw, code) for code, raw in _entries(data, "evidence_kinds", "evidence_kinds").items()
        },
        sections={code: _both(raw, code) for code, raw in _entries(data, "sections", "sections").items()},
        clauses={
            code: Clause(_str(raw, "title", code), _str(raw, "text", code))
            for code, raw in (_entries(data, "clauses", "clauses") if "clauses" in data else {}).items()
        },
    )


def _entries(data: Mapping[str, Any], name: str, key: str) -> Mapping[str, Any]:
    content = data.get(name)
    entries = content.get(key) if isinstance(content, Mapping) else None
    if not isinstance(entries, Mapping) or not entries:
        raise _fault(name, f"holds no mapping named {key}")
    return entries


def _legal(code: str, raw: Any) -> LegalRef:
    kind = _str(raw, "kind", code)
    if kind not in KINDS:
        raise _fault(code, f"kind {kind} is none of {', '.join(KINDS)}")
    in_force = raw.get("in_force", "yes")
    if in_force not in ("yes", "partly", "no"):
        raise _fault(code, "in_force is none of yes, partly, no")
    return LegalRef(
        code=code,
        title=_str(raw, "title", code),
        url=_str(raw, "url", code) if raw.get("url") else None,
        kind=kind,
        status=_str(raw, "status", code),
        in_force=in_force,
        annex10_must=raw.get("annex10_must") is True,
        note=_both(raw["note"], code) if "note" in raw else None,
    )


def _condition(code: str, raw: Any) -> Condition:
    name, floor = _both(raw, code), raw.get("min_tier")
    if floor is not None and floor not in list(Tier):
        raise _fault(code, "min_tier is none of low, medium, high")
    return Condition(
        code=code,
        name=name,
        decided_by=_str(raw, "decided_by", code),
        source=_str(raw, "source", code),
        min_tier=None if floor is None else Tier(floor),
    )


def _both(raw: Any, place: str) -> Text:
    return Text(_str(raw, "ja", place), _str(raw, "en", place))


def _str(raw: Any, key: str, place: str) -> str:
    value = raw.get(key) if isinstance(raw, Mapping) else None
    if not isinstance(value, str) or not value:
        raise _fault(place, f"has no {key}")
    return value


def _fault(place: str, why: str) -> Invalid:
    return Invalid("checklist_reference_malformed", place=place, why=why)
