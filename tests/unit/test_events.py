"""What the ledger can say: every event registered, in plain values, short, and without names or free text."""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from types import UnionType
from typing import Any
from uuid import UUID

import pytest

from audit_portal.domain import events
from audit_portal.domain.access import Role
from audit_portal.domain.events.event import REGISTRY, Event, plain
from audit_portal.domain.ledger import canonical

for _, module, _ in pkgutil.iter_modules(events.__path__, events.__name__ + "."):
    importlib.import_module(module)
EVENTS = sorted(REGISTRY.values(), key=lambda cls: cls.name)
FORBIDDEN = {"name", "comment", "text", "email", "note", "message", "title", "label", "phone", "address"}
# Text that comes from us: states, roles, numbers, digests, versions. A new str field is added here on purpose.
CODES = {
    "number", "risk_tier", "key_id", "ledger_key", "before", "after", "role", "checklist", "version", "sha256",
    "answers_root", "item", "result", "basis", "answer_digest", "media_type", "purpose", "gate", "outcome",
    "snapshot_sha256", "serial", "fingerprint", "reason", "kind", "content_sha256", "pdf_sha256", "field",
    "base_sha256", "form", "state", "because", "severity", "means", "task",
}  # fmt: skip
SAMPLES: dict[Any, Any] = {
    str: "f" * 64,
    int: 2**53 - 1,
    bool: True,
    date: date(2026, 11, 20),
    UUID: UUID(int=2**128 - 1),
    frozenset[str]: frozenset({"a" * 40, "b" * 40}),
    tuple[str, ...]: ("SEL-001",) * 60,
    tuple[UUID, ...]: (UUID(int=1),) * 60,
}


def types_of(cls: type[Event]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {each.name: hints[each.name] for each in fields(cls)}


def without_none(kind: Any) -> Any:
    if isinstance(kind, UnionType):
        return next(each for each in typing.get_args(kind) if each is not type(None))
    return kind


def subclasses(cls: type[Event]) -> Iterator[type[Event]]:
    for each in cls.__subclasses__():
        yield each
        yield from subclasses(each)


def sample(cls: type[Event]) -> Event:
    return cls(**{name: SAMPLES[without_none(kind)] for name, kind in types_of(cls).items()})


def test_every_event_is_registered_under_a_name_of_its_own() -> None:
    ours = [cls for cls in subclasses(Event) if cls.__module__.startswith(events.__name__ + ".")]
    assert len(ours) == len(REGISTRY)
    assert {cls.name: cls for cls in ours} == REGISTRY


@pytest.mark.parametrize(
    "name", ["party.registered", "Party.New", "party", "party.new.thing", "", "party. x"]
)
def test_a_taken_or_malformed_name_is_refused(name: str) -> None:
    before = dict(REGISTRY)
    with pytest.raises(TypeError):
        type("Another", (Event,), {}, name=name)
    assert before == REGISTRY


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.name)
def test_an_event_holds_no_name_and_no_free_text(cls: type[Event]) -> None:
    for name, kind in types_of(cls).items():
        assert without_none(kind) in SAMPLES, f"{name} has a type without a canonical form"
        assert not FORBIDDEN & set(name.split("_")), name
        if without_none(kind) is str:
            assert name in CODES, f"{name}: is this never typed by a person?"


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.name)
def test_the_facts_of_an_event_are_plain_and_short(cls: type[Event]) -> None:
    facts = sample(cls).facts()
    assert "engagement_id" not in facts
    assert len(canonical(facts)) < 3_000
    assert canonical(facts) == canonical(sample(cls).facts())


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("𠮷", "𠮷"),
        (Colour.RED, "red"),
        (Role.OFFICER, "officer"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 3, tzinfo=UTC), "2026-11-20T03:00:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ((1, [2]), [1, [2]]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"a": UUID(int=0)}, {"a": "00000000-0000-0000-0000-000000000000"}),
    ],
)
def test_a_value_has_one_plain_form(value: Any, expected: Any) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


@pytest.mark.parametrize("value", [1.5, b"x", object(), {1, 2}])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        plain(value)
