"""Finds what is wrong in checklist files before they are published: schema, codes, force, dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from audit_portal.domain.checklist.lint_items import item_problems
from audit_portal.domain.checklist.lint_schema import schema_problems
from audit_portal.domain.checklist.model import AnsweredBy, Checklist, Kind, Tier
from audit_portal.domain.checklist.parse import parse
from audit_portal.domain.checklist.references import References
from audit_portal.domain.checklist.source import Place, Problem, SourceFile
from audit_portal.domain.errors import Invalid

__all__ = ["Problem", "SourceFile", "lint"]


def lint(
    files: Sequence[SourceFile], schema: Mapping[str, Any], references: References
) -> tuple[Problem, ...]:
    """All problems of these files (the whole folder: items refer to each other), by file and line."""
    found: list[Problem] = []
    sound: list[tuple[SourceFile, Checklist]] = []
    for file in files:
        wrong = [*file.problems, *_repeated(file)]
        if file.data is not None:
            wrong += schema_problems(file, schema)
        if not wrong:
            try:
                sound.append((file, parse(file.data, "")))
            except Invalid as fault:
                wrong.append(
                    file.problem((), fault.code, f"{fault.facts['place']} {fault.facts['why']}.", "Mend it.")
                )
        found += wrong
    everywhere = {item_id for file in files for _, item_id in _ids(file.data)}
    for file, checklist in sound:
        found += _file_problems(file, checklist, references)
        found += item_problems(file, checklist, references, everywhere)
    found += _clashes(sound)
    return tuple(sorted(set(found)))


def _ids(data: Any) -> Iterator[tuple[int, str]]:
    """Tolerant, so that one broken file does not make every reference to it look broken too."""
    items = data.get("items") if isinstance(data, Mapping) else None
    for number, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            yield number, item["id"]


def _repeated(file: SourceFile) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, item_id in _ids(file.data):
        if item_id in seen:
            place = ("items", number, "id")
            yield file.problem(
                place, "duplicate_item", f"{item_id} stands here twice.", "Give it a number that is free."
            )
        seen.add(item_id)


def _file_problems(file: SourceFile, checklist: Checklist, references: References) -> Iterator[Problem]:
    expected = f"{checklist.id}/{checklist.version}.yaml"
    if file.path != expected:
        yield file.problem(
            ("id",), "wrong_place", f"The file belongs at {expected}.", "Move it, or correct id and version."
        )
    if checklist.effective_to is not None and checklist.effective_to < checklist.effective_from:
        yield file.problem(
            ("effective_to",),
            "dates_reversed",
            "effective_to is before effective_from.",
            "Correct the dates.",
        )
    used = {each.section for each in checklist.items}
    for number, section in enumerate(checklist.sections):
        place: Place = ("sections", number)
        if section not in references.sections:
            yield file.problem(
                place,
                "unknown_section",
                f"Section {section} has no heading.",
                "Add it to reference/sections.yaml.",
            )
        if section not in used:
            yield file.problem(place, "unused_section", f"No item stands in section {section}.", "Remove it.")
    fired = {each.fires for each in checklist.items}
    for code, opposite in checklist.complements.items():
        for each in (code, opposite):
            if each not in references.conditions:
                yield file.problem(
                    ("complements", code), "unknown_condition", f"Condition {each} is unknown.",
                    "Use a code of reference/conditions.yaml.",
                )  # fmt: skip
        if opposite not in fired:
            yield file.problem(
                ("complements", code),
                "complement_never_decided",
                f"No fact here fires {opposite}.",
                "Remove it.",
            )
    if checklist.covers_annex10:
        yield from _annex10(file, checklist, references)


def _annex10(file: SourceFile, checklist: Checklist, references: References) -> Iterator[Problem]:
    """PPC guideline 3-4-4(1): the tier varies depth, never which measures of 別添10 are confirmed."""
    asked = {
        code
        for item in checklist.items
        if Tier.LOW in item.tiers and item.mandatory and item.kind is Kind.CONTROL
        and item.answered_by is not AnsweredBy.PORTAL
        for code in item.legal_basis
    }  # fmt: skip
    for code, ref in references.legal.items():
        if ref.annex10_must and code not in asked:
            yield file.problem(
                ("covers_annex10",), "annex10_gap", f"No mandatory item asks {code} at every tier.",
                "Add the item, or write covers_annex10: false.",
            )  # fmt: skip


def _clashes(sound: Sequence[tuple[SourceFile, Checklist]]) -> Iterator[Problem]:
    """What two files may not share."""
    prefixes: dict[str, str] = {}
    owners: dict[str, str] = {}
    starts: dict[tuple[str, str], str] = {}
    for file, checklist in sound:
        owner = prefixes.setdefault(checklist.prefix, checklist.id)
        if owner != checklist.id:
            yield file.problem(
                ("prefix",),
                "prefix_taken",
                f"Prefix {checklist.prefix} belongs to {owner}.",
                "Choose another.",
            )
        for number, item in enumerate(checklist.items):
            other = owners.setdefault(item.id, checklist.id)
            if other != checklist.id:
                yield file.problem(
                    ("items", number, "id"), "duplicate_item", f"{item.id} is an item of {other} too.",
                    "Give it a number that is free.",
                )  # fmt: skip
        same_day = starts.setdefault((checklist.id, checklist.effective_from.isoformat()), file.path)
        if same_day != file.path:
            yield file.problem(
                ("effective_from",), "same_start", f"{same_day} takes effect on the same day.",
                "Give this version another day, so that it is clear which one counts.",
            )  # fmt: skip
