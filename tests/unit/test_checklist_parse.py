"""A malformed checklist is refused, and the refusal names the place."""

from __future__ import annotations

from typing import Any

import pytest

from audit_portal.domain import checklist as cl
from audit_portal.domain.errors import Invalid
from tests.unit.checklist_data import item, made


@pytest.mark.parametrize(
    ("place", "value", "named"),
    [
        ("items", [], "items"),
        ("items", "text", "file.items"),
        ("items", [item(1), item(1)], "items"),
        ("items", [item()] * 501, "items"),
        ("schema", "vendor-checklist/1", "schema"),
        ("effective_from", "01.11.2026", "effective_from"),
        ("title", {"ja": "試験"}, "file.title.en"),
        ("optional", "no", "file.optional"),
        ("lifecycle_step", True, "file.lifecycle_step"),
        ("rules", None, "rules"),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(place: str, value: Any, named: str) -> None:
    with pytest.raises(Invalid) as refusal:
        made(**{place: value})
    assert refusal.value.code == "checklist_malformed"
    assert refusal.value.facts["place"].startswith(named)


@pytest.mark.parametrize(
    "changes",
    [
        {"duty": "must"},
        {"kind": "opinion"},
        {"tiers": ["low"]},
        {"tiers": ["high", "low"]},
        {"weight": 6},
        {"weight": 2.5},
        {"fires": "cloud"},
        {"applies_when": []},
        {"question": "Question"},
        {"evidence": "photo"},
        {"evidence_from": None},
        {"duty_if": {"gdpr": "must"}},
    ],
)
def test_a_malformed_item_is_refused_with_its_place(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        made(item(1), item(2, **changes))
    assert refusal.value.facts["place"].startswith("items[1]")


@pytest.mark.parametrize("junk", [None, [], "text", 7])
def test_something_that_is_no_mapping_is_refused(junk: Any) -> None:
    with pytest.raises(Invalid):
        cl.parse(junk, "")
