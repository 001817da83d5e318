"""The shipped checklists are sound and do what their facts and tiers say."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.adapters.checklists_yaml import ChecklistFolder, load_bytes
from audit_portal.domain import checklist as cl
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Kind, Tier
from audit_portal.domain.errors import Invalid, NotFound

SHIPPED = ChecklistFolder(Path(__file__).parents[2] / "checklists")
VERSION = "2026.11.1"
COUNTS = {
    "contract_safeguards": 50,
    "incident_response": 39,
    "ongoing_monitoring": 44,
    "outsourcing_readiness": 37,
    "periodic_review": 54,
    "quick_selection": 5,
    "selection_check": 58,
    "subcontractor_flowdown": 39,
    "termination_return_deletion": 34,
}
LOADED = {name: SHIPPED.load(name, VERSION) for name in COUNTS}
REFERENCES = SHIPPED.references()


def test_every_shipped_file_lints_clean() -> None:
    assert SHIPPED.lint() == ()


def test_the_shipped_checklists_are_the_nine_with_their_items() -> None:
    assert {path.parent.name: len(LOADED[path.parent.name].items) for path in SHIPPED.files()} == COUNTS


def test_the_digest_is_of_the_bytes_of_the_file() -> None:
    content = (SHIPPED.root / "selection_check" / f"{VERSION}.yaml").read_bytes()
    assert LOADED["selection_check"].sha256 == hashlib.sha256(content).hexdigest()
    assert load_bytes(content) == LOADED["selection_check"]


@pytest.mark.parametrize("name", ["unknown", "../checklists/selection_check", "selection_check/..", ""])
def test_an_unknown_or_climbing_name_is_not_found(name: str) -> None:
    with pytest.raises(NotFound):
        SHIPPED.load(name, VERSION)
    with pytest.raises(NotFound):
        SHIPPED.load("selection_check", f"../selection_check/{VERSION}")


def test_only_full_checks_claim_to_cover_annex_10_and_the_short_form_does_not() -> None:
    assert {name for name, each in LOADED.items() if each.covers_annex10} == {
        "selection_check",
        "periodic_review",
    }


def test_a_version_is_in_force_from_its_day_on() -> None:
    assert LOADED["selection_check"].in_force(date(2026, 11, 1))
    assert not LOADED["selection_check"].in_force(date(2026, 10, 31))


def test_a_number_act_or_gdpr_force_names_a_source_of_that_law() -> None:
    own = {"my_number": ("NUM-",), "gdpr": ("GDPR-", "EDPB-"), "toriteki": ("TORITEKI-",)}
    for checklist in LOADED.values():
        for item in checklist.items:
            for code in item.duty_if:
                assert any(basis.startswith(own[code]) for basis in item.legal_basis), (item.id, code)


def test_yes_to_the_subcontracting_question_of_the_short_form_fires_subcontracting() -> None:
    assert cl.fired(LOADED["quick_selection"], {"QSL-005": AnswerValue.YES}) == {"subcontracting"}


def test_the_short_form_asks_the_same_five_items_at_every_tier() -> None:
    quick = LOADED["quick_selection"]
    for tier in Tier:
        assert cl.applicable(quick, tier, frozenset()) == quick.items
    assert [each.answered_by for each in quick.items].count(AnsweredBy.CLIENT) == 1


@pytest.mark.parametrize(
    ("yes", "held", "expected"),
    [
        ([], set(), {"not_reportable"}),
        (["INC-009"], set(), {"reportable"}),
        (["INC-009", "INC-010"], set(), {"encryption_exempt", "not_reportable"}),
        (["INC-010", "INC-011"], {"my_number"}, {"encryption_exempt", "reportable"}),
    ],
)
def test_the_incident_facts_decide_whether_a_case_is_reportable(
    yes: list[str], held: set[str], expected: set[str]
) -> None:
    incident = LOADED["incident_response"]
    answers = {
        each.id: AnswerValue.YES if each.id in yes else AnswerValue.NO
        for each in incident.items
        if each.kind is Kind.FACT
    }
    assert cl.fired(incident, answers, held) == expected


@given(
    st.sampled_from(sorted(LOADED)),
    st.sampled_from(Tier),
    st.frozensets(st.sampled_from(sorted(REFERENCES.conditions))),
)
def test_no_shipped_item_is_shown_with_an_unmet_condition(
    name: str, tier: Tier, conditions: frozenset[str]
) -> None:
    shown = cl.applicable(LOADED[name], tier, conditions)
    assert all(item.conditions <= conditions for item in shown)
    lower = [each for each in Tier if tier.at_least(each)]
    assert all(set(cl.applicable(LOADED[name], each, conditions)) <= set(shown) for each in lower)


def test_my_number_and_gdpr_lift_an_engagement_to_medium() -> None:
    assert REFERENCES.floors == {"my_number": Tier.MEDIUM, "gdpr": Tier.MEDIUM}


def test_unreadable_bytes_are_an_error_of_the_portal() -> None:
    with pytest.raises(Invalid) as refusal:
        load_bytes(b"a: 1\nb: [")
    assert refusal.value.code == "checklist_unreadable"
