"""The lint rules of single items: ids, codes, what they point to, and whether their force has a basis."""

from __future__ import annotations

from collections.abc import Iterator, Set

from audit_portal.domain.checklist.model import Checklist, Duty, Item, Kind
from audit_portal.domain.checklist.references import References
from audit_portal.domain.checklist.source import Place, Problem, SourceFile

# A "desirable" is never called a duty: each force needs a basis of that force. `prac` needs none.
_RESTS_ON = {
    Duty.LAW: "law",
    Duty.GUIDELINE_MUST: "guideline",
    Duty.GUIDELINE_SHOULD: "guideline",
    Duty.STANDARD: "standard",
    Duty.EU: "eu",
    Duty.SEED: "advice",
}


def item_problems(
    file: SourceFile, checklist: Checklist, references: References, everywhere: Set[str]
) -> Iterator[Problem]:
    """`everywhere` holds the ids of all files: same_as may name an item of another checklist."""
    fired_here = {each.fires for each in checklist.items if each.fires}
    for number, item in enumerate(checklist.items):
        place: Place = ("items", number)
        if not item.id.startswith(f"{checklist.prefix}-"):
            yield file.problem(
                (*place, "id"),
                "wrong_prefix",
                f"{item.id} does not begin with {checklist.prefix}.",
                "Renumber it.",
            )
        if item.section not in checklist.sections:
            yield file.problem(
                (*place, "section"), "unlisted_section", f"{item.id}: section {item.section} is not listed.",
                "Add it to sections above, or choose one of them.",
            )  # fmt: skip
        yield from _codes(file, place, item, references)
        yield from _pointers(file, place, item, checklist, everywhere)
        yield from _firing(file, place, item, references, fired_here)
        yield from _force(file, place, item, references)


def _codes(file: SourceFile, place: Place, item: Item, references: References) -> Iterator[Problem]:
    for number, code in enumerate(item.legal_basis):
        if code not in references.legal:
            yield file.problem(
                (*place, "legal_basis", number), "unknown_legal_basis", f"{item.id}: {code} is unknown.",
                "Use a code of reference/legal_refs.yaml or seed_refs.yaml, or add it there.",
            )  # fmt: skip
    for number, code in enumerate(item.evidence):
        if code not in references.evidence_kinds:
            yield file.problem(
                (*place, "evidence", number), "unknown_evidence", f"{item.id}: evidence {code} is unknown.",
                "Use a code of reference/evidence_kinds.yaml, or add it there.",
            )  # fmt: skip
    named = [("applies_when", code) for code in sorted(item.conditions)]
    named += [("duty_if", code) for code in item.duty_if]
    named += [("fires", item.fires)] if item.fires else []
    for key, code in named:
        if code not in references.conditions:
            yield file.problem(
                (*place, key), "unknown_condition", f"{item.id}: condition {code} in {key} is unknown.",
                "Use a code of reference/conditions.yaml, or add it there.",
            )  # fmt: skip


def _pointers(
    file: SourceFile, place: Place, item: Item, checklist: Checklist, everywhere: Set[str]
) -> Iterator[Problem]:
    if item.same_as is not None and (item.same_as not in everywhere or item.same_as == item.id):
        yield file.problem(
            (*place, "same_as"), "same_as_nowhere", f"{item.id}: same_as {item.same_as} is no other item.",
            "Correct the id, or remove same_as.",
        )  # fmt: skip
    if item.fires_unless is not None:
        facts = {each.id for each in checklist.items if each.kind is Kind.FACT}
        if item.fires_unless not in facts - {item.id}:
            yield file.problem(
                (*place, "fires_unless"), "fires_unless_nowhere",
                f"{item.id}: fires_unless {item.fires_unless} is no other fact of this file.",
                "Correct the id, or remove fires_unless.",
            )  # fmt: skip


def _firing(
    file: SourceFile, place: Place, item: Item, references: References, fired_here: Set[str]
) -> Iterator[Problem]:
    if item.fires is None or item.fires not in references.conditions:
        return
    if references.conditions[item.fires].source != "answer":
        yield file.problem(
            (*place, "fires"), "not_fired_by_answers", f"{item.id}: {item.fires} is not set by an answer.",
            "Fire a condition whose source is answer, or change its source in reference/conditions.yaml.",
        )  # fmt: skip
    waits = sorted(item.conditions & fired_here)
    if waits:
        yield file.problem(
            (*place, "applies_when"), "fact_waits_for_fact",
            f"{item.id} fires a condition but waits for {', '.join(waits)}, which this file fires itself.",
            "Ask it always: conditions are worked out in one pass.",
        )  # fmt: skip


def _force(file: SourceFile, place: Place, item: Item, references: References) -> Iterator[Problem]:
    binding = {
        references.legal[code].kind
        for code in item.legal_basis
        if code in references.legal and references.legal[code].binds
    }
    claimed = [(("duty",), item.duty), *((("duty_if", code), duty) for code, duty in item.duty_if.items())]
    for where, duty in claimed:
        needed = _RESTS_ON.get(duty)
        if needed is not None and needed not in binding:
            yield file.problem(
                (*place, *where), "duty_without_basis",
                f"{item.id}: duty {duty.value} has no {needed} in force in its legal_basis.",
                "Name the source, or claim less.",
            )  # fmt: skip
