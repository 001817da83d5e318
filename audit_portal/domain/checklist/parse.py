"""From the plain data of a file to a Checklist. What reads well is still to be linted before publishing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from audit_portal.domain import limits
from audit_portal.domain.checklist.model import (
    ALWAYS,
    AnsweredBy,
    Checklist,
    Duty,
    Item,
    Kind,
    Scope,
    Text,
    Tier,
)
from audit_portal.domain.errors import Invalid

SCHEMA = "vendor-checklist/2"
TIER_SETS = tuple(tuple(list(Tier)[start:]) for start in range(len(Tier)))


def parse(data: Any, sha256: str) -> Checklist:
    """The checklist that this data holds; `sha256` is the hex digest of the file's bytes.

    Raises Invalid('checklist_malformed', place=…, why=…) at the first structural fault.
    """
    top = _mapping(data, "file")
    _need(top.get("schema") == SCHEMA, "schema", f"is not {SCHEMA}")
    raw = _list(top, "items", "file")
    _need(0 < len(raw) <= limits.ITEMS, "items", f"must be 1 to {limits.ITEMS}")
    items = tuple(_item(each, f"items[{number}]") for number, each in enumerate(raw))
    repeated = [item_id for item_id, count in Counter(each.id for each in items).items() if count > 1]
    _need(not repeated, "items", f"share the id {', '.join(repeated)}")
    starts, ends = top.get("effective_from"), top.get("effective_to")
    return Checklist(
        id=_word(top, "id", "file"),
        version=_word(top, "version", "file"),
        prefix=_word(top, "prefix", "file"),
        title=_text(top, "title", "file"),
        step=_number(top, "lifecycle_step", "file"),
        optional=_flag(top, "optional", "file"),
        covers_annex10=_flag(top, "covers_annex10", "file", default=False),
        sections=_words(top, "sections", "file"),
        items=items,
        effective_from=_date(starts, "effective_from"),
        effective_to=None if ends is None else _date(ends, "effective_to"),
        rules=frozenset(name for name, on in _mapping(top.get("rules"), "rules").items() if on is True),
        complements=_pairs(top.get("complements", {}), "complements"),
        sha256=sha256,
    )


def _item(data: Any, place: str) -> Item:
    raw = _mapping(data, place)
    try:
        evidence_from = _word(raw, "evidence_from", place)
        item = Item(
            id=_word(raw, "id", place),
            section=_word(raw, "section", place),
            kind=Kind(_word(raw, "kind", place)),
            answered_by=AnsweredBy(_word(raw, "answered_by", place)),
            scope=Scope(_word(raw, "scope", place)),
            question=_text(raw, "question", place),
            hint=_text(raw, "hint", place),
            evidence=_words(raw, "evidence", place),
            evidence_from=None if evidence_from == "never" else Tier(evidence_from),
            tiers=tuple(Tier(each) for each in _words(raw, "tiers", place)),
            legal_basis=_words(raw, "legal_basis", place),
            weight=_number(raw, "weight", place),
            mandatory=_flag(raw, "mandatory", place),
            gate_blocking=_flag(raw, "gate_blocking", place),
            duty=Duty(_word(raw, "duty", place)),
            duty_if=MappingProxyType(
                {
                    code: Duty(duty)
                    for code, duty in _pairs(raw.get("duty_if", {}), f"{place}.duty_if").items()
                }
            ),
            conditions=_conditions(raw, place),
            fires=_maybe(raw, "fires", place),
            fires_unless=_maybe(raw, "fires_unless", place),
            same_as=_maybe(raw, "same_as", place),
            fresh=_flag(raw, "fresh", place, default=False),
            derived_from=_text(raw, "derived_from", place) if "derived_from" in raw else None,
            note=_text(raw, "note", place) if "note" in raw else None,
        )
    except ValueError as bad_word:
        raise _fault(place, str(bad_word)) from None
    _need(item.tiers in TIER_SETS, f"{place}.tiers", "leave out a tier above one they name")
    _need(1 <= item.weight <= 5, f"{place}.weight", "must be 1 to 5")
    _need(item.fires is None or item.kind is Kind.FACT, f"{place}.fires", "is only for facts")
    return item


def _conditions(raw: Mapping[str, Any], place: str) -> frozenset[str]:
    """`always` is the empty set, so "every listed condition holds" needs no special case."""
    value = raw.get("applies_when")
    codes = [value] if isinstance(value, str) else _words(raw, "applies_when", place)
    _need(len(codes) > 0, f"{place}.applies_when", "is empty; write always")
    return frozenset(codes) - {ALWAYS}


def _fault(place: str, why: str) -> Invalid:
    return Invalid("checklist_malformed", place=place, why=why)


def _need(holds: bool, place: str, why: str) -> None:
    if not holds:
        raise _fault(place, why)


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    _need(isinstance(value, Mapping), place, "is not a mapping")
    return value


def _list(raw: Mapping[str, Any], key: str, place: str) -> Sequence[Any]:
    value = raw.get(key)
    _need(isinstance(value, list | tuple), f"{place}.{key}", "is not a list")
    return value  # type: ignore[return-value]


def _words(raw: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    values = _list(raw, key, place)
    _need(all(isinstance(each, str) for each in values), f"{place}.{key}", "holds something other than words")
    return tuple(values)


def _word(raw: Mapping[str, Any], key: str, place: str) -> str:
    value = raw.get(key)
    _need(isinstance(value, str) and value != "", f"{place}.{key}", "is not text")
    return str(value)


def _maybe(raw: Mapping[str, Any], key: str, place: str) -> str | None:
    return _word(raw, key, place) if key in raw else None


def _number(raw: Mapping[str, Any], key: str, place: str) -> int:
    value = raw.get(key)
    _need(isinstance(value, int) and not isinstance(value, bool), f"{place}.{key}", "is not a whole number")
    return int(value)  # type: ignore[arg-type]


def _flag(raw: Mapping[str, Any], key: str, place: str, default: bool | None = None) -> bool:
    value = raw.get(key, default)
    _need(isinstance(value, bool), f"{place}.{key}", "is not true or false")
    return value is True


def _text(raw: Mapping[str, Any], key: str, place: str) -> Text:
    both = _mapping(raw.get(key), f"{place}.{key}")
    return Text(_word(both, "ja", f"{place}.{key}"), _word(both, "en", f"{place}.{key}"))


def _pairs(value: Any, place: str) -> Mapping[str, str]:
    pairs = _mapping(value, place)
    _need(all(isinstance(each, str) for each in pairs.values()), place, "holds something other than words")
    return MappingProxyType(dict(pairs))


def _date(value: Any, place: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _fault(place, "is not a date such as 2026-11-01") from None
