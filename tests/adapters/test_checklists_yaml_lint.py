"""Each lint rule, on a copy with one thing broken: the fault is named with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit_portal.adapters.checklists_yaml import ChecklistFolder
from audit_portal.domain.errors import Misconfigured

SHIPPED = ChecklistFolder(Path(__file__).parents[2] / "checklists")
VERSION = "2026.11.1"
QUICK = f"quick_selection/{VERSION}.yaml"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The short form alone with what it refers to, so that a lint takes milliseconds."""
    root = tmp_path_factory.mktemp("pristine") / "checklists"
    (root / "quick_selection").mkdir(parents=True)
    shutil.copytree(SHIPPED.root / "reference", root / "reference")
    shutil.copy(SHIPPED.root / "checklist.schema.json", root)
    text = (SHIPPED.root / QUICK).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith("    same_as:")]
    (root / QUICK).write_text("".join(kept), encoding="utf-8")
    assert ChecklistFolder(root).lint() == ()
    return root


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    shutil.copytree(pristine, tmp_path / "checklists")
    return tmp_path / "checklists"


def change(path: Path, old: str, new: str, count: int = 1) -> int:
    """Replaces the first `old`; the line on which it stood."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def named(folder: Path) -> set[tuple[str, int]]:
    problems = ChecklistFolder(folder).lint()
    assert all(problem.file == QUICK and problem.message and problem.what_to_do for problem in problems)
    return {(problem.code, problem.line) for problem in problems}


@pytest.mark.parametrize(
    ("code", "old", "new", "line_of"),
    [
        ("schema", "weight: 5", "weight: 9", "weight: 9"),
        ("schema", "duty: law", "duty: must", "duty: must"),
        ("schema", "scope: engagement", "scoop: engagement", "- id: QSL-001"),
        ("schema", "effective_from: '2026-11-01'", "effective_from: '2026-13-01'", "effective_from"),
        ("schema", "kind: fact", "kind: control # now", "kind: control # now"),
        (
            "schema", "evidence_from: medium\n    tiers: [low, medium, high]",
            "evidence_from: low\n    tiers: [high]", "evidence_from: low",
        ),
        (
            "schema", "not_applicable_needs_reason: true",
            "not_applicable_needs_reason: false", "not_applicable_needs",
        ),
        ("schema", "en: Is the entrusted", "de: Is the entrusted", "question:"),
        ("schema", "version: 2026.11.1", "version: latest", "version: latest"),
        ("schema", "applies_when: always", "applies_when: [always, cloud]", "applies_when: [always"),
        ("duplicate_item", "id: QSL-002", "id: QSL-001", "id: QSL-001\n    section: basic"),
        ("wrong_prefix", "id: QSL-002", "id: XXX-002", "id: XXX-002"),
        ("unknown_legal_basis", "PPC-GL-3-6-3", "PPC-GL-9-9", "legal_basis: [APPI"),
        ("unknown_evidence", "risk_assessment", "crystal_ball", "crystal_ball"),
        ("unknown_condition", "applies_when: always", "applies_when: full_moon", "full_moon"),
        ("unknown_condition", "duty: law", "duty: law\n    duty_if: {full_moon: law}", "full_moon"),
        ("unknown_condition", "fires: subcontracting", "fires: full_moon", "full_moon"),
        ("unknown_section", "sections: [scope,", "sections: [nowhere,", "sections: [nowhere"),
        ("unused_section", "sections: [scope,", "sections: [scope, exit,", "sections: [scope"),
        ("unlisted_section", "section: basic", "section: exit", "section: exit"),
        ("same_as_nowhere", "duty: law", "duty: law\n    same_as: SEL-999", "same_as"),
        ("same_as_nowhere", "duty: law", "duty: law\n    same_as: QSL-001", "same_as"),
        (
            "fires_unless_nowhere", "fires: subcontracting",
            "fires: subcontracting\n    fires_unless: QSL-001", "fires_unless",
        ),
        ("not_fired_by_answers", "fires: subcontracting", "fires: my_number", "fires: my_number"),
        (
            "fact_waits_for_fact", "applies_when: always\n    fires:",
            "applies_when: subcontracting\n    fires:", "applies_when: subcontracting",
        ),
        ("duty_without_basis", "legal_basis: [APPI-27-5-1, ", "legal_basis: [", "duty: law"),
        ("duty_without_basis", "legal_basis: [APPI-27-5-1, ", "legal_basis: [APPI-2026-ENTR, ", "duty: law"),
        ("duty_without_basis", "duty: law", "duty: law\n    duty_if: {gdpr: eu}", "duty_if"),
        ("dates_reversed", "effective_to: null", "effective_to: '2026-10-31'", "effective_to"),
        ("wrong_place", "version: 2026.11.1", "version: 2026.11.2", "id: quick_selection"),
        ("annex10_gap", "covers_annex10: false", "covers_annex10: true", "covers_annex10"),
        (
            "complement_never_decided", "sections: [",
            "complements: {not_reportable: reportable}\nsections: [", "complements",
        ),
        (
            "unknown_condition", "sections: [",
            "complements: {full_moon: subcontracting}\nsections: [", "complements",
        ),
        ("yaml_duplicate_key", "duty: law", "duty: law\n    duty: prac", "duty: prac"),
        ("yaml_alias", "weight: 5", "weight: &five 5", "weight: &five"),
        ("yaml_tag", "weight: 5", "weight: !!python/name:os.system 5", "weight: !!"),
        ("yaml_syntax", "weight: 5", "weight: [5", "mandatory: true"),
        ("yaml_documents", "\nitems:", "\n---\nitems:", "---"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(folder: Path, code: str, old: str, new: str, line_of: str) -> None:
    change(folder / QUICK, old, new)
    text = (folder / QUICK).read_text(encoding="utf-8")
    line = text[: text.index(line_of)].count("\n") + 1
    assert (code, line) in named(folder)


def test_a_schema_fault_names_the_item_by_its_id(folder: Path) -> None:
    change(folder / QUICK, "weight: 5", "weight: 9")
    (problem,) = ChecklistFolder(folder).lint()
    assert str(problem).startswith(f"{QUICK}:{problem.line}: QSL-001 weight: 9 is")


def test_a_law_that_is_not_in_force_carries_no_duty(folder: Path) -> None:
    change(folder / "reference" / "legal_refs.yaml", "  APPI-27-5-1:\n", "  APPI-27-5-1:\n    in_force: no\n")
    assert {code for code, _ in named(folder)} == {"duty_without_basis"}


def test_a_measure_of_annex_10_asked_from_medium_on_only_is_a_gap(tmp_path: Path) -> None:
    folder = tmp_path / "checklists"
    shutil.copytree(SHIPPED.root, folder)
    path = folder / "selection_check" / f"{VERSION}.yaml"
    before, item, after = path.read_text(encoding="utf-8").partition("  - id: SEL-013\n")
    after = after.replace("tiers: [low, medium, high]", "tiers: [medium, high]", 1)
    path.write_text(before + item + after, encoding="utf-8")
    (problem,) = ChecklistFolder(folder).lint()
    assert (problem.code, "PPC-GL-10-3-3" in problem.message) == ("annex10_gap", True)


def second(folder: Path, name: str, *changes: tuple[str, str]) -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    shutil.copy(folder / QUICK, path)
    for old, new in changes:
        change(path, old, new, -1)
    return name


def test_two_checklists_may_not_share_prefix_or_item_ids(folder: Path) -> None:
    other = second(folder, f"zz_other/{VERSION}.yaml", ("id: quick_selection", "id: zz_other"))
    found = {(each.file, each.code) for each in ChecklistFolder(folder).lint()}
    assert found == {(other, "prefix_taken"), (other, "duplicate_item")}


def test_two_versions_share_their_ids_but_not_their_first_day(folder: Path) -> None:
    other = second(folder, "quick_selection/2026.11.2.yaml", ("version: 2026.11.1", "version: 2026.11.2"))
    assert [(each.file, each.code) for each in ChecklistFolder(folder).lint()] == [(other, "same_start")]
    change(folder / other, "2026-11-01", "2026-12-01")
    assert ChecklistFolder(folder).lint() == ()


def test_a_misplaced_file_is_noticed(folder: Path) -> None:
    (folder / QUICK).rename(folder / "stray.yaml")
    assert [(each.file, each.code) for each in ChecklistFolder(folder).lint()] == [
        ("stray.yaml", "wrong_place")
    ]


def test_an_empty_file_and_an_empty_folder_are_problems(folder: Path) -> None:
    (folder / QUICK).write_text("", encoding="utf-8")
    assert {each.code for each in ChecklistFolder(folder).lint()} == {"schema"}
    (folder / QUICK).unlink()
    assert [each.code for each in ChecklistFolder(folder).lint()] == ["no_checklists"]


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("conditions", "min_tier: medium", "min_tier: enormous", "checklist_reference_malformed"),
        ("legal_refs", "kind: law", "kind: rumour", "checklist_reference_malformed"),
        ("sections", "scope: {", "scope: [", "checklist_reference_unreadable"),
    ],
)
def test_a_broken_reference_list_is_a_problem_not_a_crash(
    folder: Path, file: str, old: str, new: str, code: str
) -> None:
    change(folder / "reference" / f"{file}.yaml", old, new)
    assert [each.code for each in ChecklistFolder(folder).lint()] == [code]


def test_a_missing_reference_list_or_schema_is_named(folder: Path) -> None:
    (folder / "reference" / "conditions.yaml").unlink()
    with pytest.raises(Misconfigured) as refusal:
        ChecklistFolder(folder).references()
    assert refusal.value.facts["file"] == "reference/conditions.yaml"
    (folder / "checklist.schema.json").unlink()
    assert [each.file for each in ChecklistFolder(folder).lint()] == ["checklist.schema.json"]
