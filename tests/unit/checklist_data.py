"""Small checklists for tests: sound unless told otherwise."""

from __future__ import annotations

from typing import Any

from audit_portal.domain import checklist as cl


def item(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"TST-{number:03}",
        "section": "basic",
        "kind": "control",
        "answered_by": "vendor",
        "scope": "company",
        "question": {"ja": "質問", "en": "Question"},
        "hint": {"ja": "説明", "en": "Hint"},
        "evidence": ["photo"],
        "evidence_from": "medium",
        "tiers": ["low", "medium", "high"],
        "legal_basis": ["PPC-GL-10-2"],
        "weight": 3,
        "mandatory": True,
        "gate_blocking": False,
        "duty": "gl_must",
        "applies_when": "always",
        **changes,
    }


def data(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "schema": "vendor-checklist/2",
        "id": "test_list",
        "prefix": "TST",
        "version": "2026.11.1",
        "effective_from": "2026-11-01",
        "effective_to": None,
        "lifecycle_step": 1,
        "optional": False,
        "title": {"ja": "試験", "en": "Test"},
        "rules": {"mandatory_must_be_answered": True},
        "sections": ["basic"],
        "items": list(items) or [item()],
        **changes,
    }


def made(*items: dict[str, Any], **changes: Any) -> cl.Checklist:
    return cl.parse(data(*items, **changes), "00" * 32)


def one(**changes: Any) -> cl.Item:
    return made(item(**changes)).items[0]


def ids(items: tuple[cl.Item, ...]) -> list[str]:
    return [each.id for each in items]
