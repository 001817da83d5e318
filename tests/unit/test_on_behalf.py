"""What a source must say, how old it may be, and how an entry on behalf goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from audit_portal.domain import limits
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.on_behalf import (
    NEXT,
    STALE_DUTY,
    ControlStatus,
    EntryAction,
    EntryState,
    Soc2Type,
    SourceFacts,
    SourceKind,
    after,
    as_of,
    asked,
    check_control,
    check_source,
    controls_in,
    from_details,
    is_stale,
    to_details,
)
from audit_portal.domain.supervision import Duty

TODAY = date(2026, 11, 21)
PERSON = SourceFacts(date(2026, 11, 10), "山本 登", "工場長", "製造部")
SOC2 = SourceFacts(
    date(2026, 8, 1),
    soc2_type=Soc2Type.TYPE_2,
    period_from=date(2025, 7, 1),
    period_to=date(2026, 6, 30),
    auditor="Example Audit LLP",
    covers="Storage",
    exceptions="なし",
)
WHOLE = {
    SourceKind.PAPER: PERSON,
    SourceKind.EMAIL: PERSON,
    SourceKind.PHONE: PERSON,
    SourceKind.INTERVIEW: PERSON,
    SourceKind.PUBLIC: SourceFacts(TODAY, url="https://a.example"),
    SourceKind.CAPTURE: SourceFacts(TODAY, url="https://a.example", captured_by="佐藤"),
    SourceKind.SOC2: SOC2,
    SourceKind.ISMAP: SourceFacts(TODAY, url="https://a.example", registration="C21-1", service="S"),
}
OPTIONAL = {"answerer_department", "period_from", "bridge_to"}


def wrong(kind: SourceKind, facts: SourceFacts) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as found:
        check_source(kind, facts, TODAY)
    return found.value.code, found.value.field


@pytest.mark.parametrize("kind", SourceKind)
def test_each_kind_has_its_own_facts_and_lacks_none(kind: SourceKind) -> None:
    check_source(kind, WHOLE[kind], TODAY)
    for name in set(asked(kind)) - OPTIONAL:
        empty = None if name in ("soc2_type", "period_to") else " "
        assert wrong(kind, replace(WHOLE[kind], **{name: empty})) == ("source_fact_needed", name)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", SourceKind)
def test_what_is_stored_reads_back_the_same(kind: SourceKind) -> None:
    facts = WHOLE[kind]
    assert from_details(facts.dated_on, {**to_details(kind, facts), "later": "?"}) == facts


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"period_from": None}, "source_fact_needed", "period_from"),
        ({"period_from": date(2026, 7, 1)}, "source_period_wrong", "period_to"),
        ({"dated_on": date(2026, 6, 29)}, "source_before_period", "dated_on"),
        ({"dated_on": date(2026, 11, 22)}, "source_in_future", "dated_on"),
        ({"bridge_to": date(2026, 6, 30)}, "source_bridge_wrong", "bridge_to"),
    ],
)
def test_a_report_that_contradicts_itself_is_refused(
    changes: dict[str, object], code: str, field: str
) -> None:
    assert wrong(SourceKind.SOC2, replace(SOC2, **changes)) == (code, field)  # type: ignore[arg-type]


def test_a_report_of_one_day_needs_no_first_day() -> None:
    check_source(SourceKind.SOC2, replace(SOC2, soc2_type=Soc2Type.TYPE_1, period_from=None), TODAY)


def test_an_address_is_one_of_the_web() -> None:
    facts = replace(WHOLE[SourceKind.CAPTURE], url="javascript:alert(1)")
    assert wrong(SourceKind.CAPTURE, facts) == ("source_url_wrong", "url")


def test_a_source_is_old_a_year_after_the_last_day_it_speaks_of() -> None:
    assert STALE_DUTY is Duty.OWN
    facts = replace(PERSON, dated_on=date(2025, 11, 21))
    assert not is_stale(SourceKind.PAPER, facts, TODAY)
    assert is_stale(SourceKind.PAPER, facts, date(2026, 11, 22))
    report = replace(SOC2, period_to=date(2025, 6, 30), period_from=date(2024, 7, 1), dated_on=TODAY)
    assert is_stale(SourceKind.SOC2, report, TODAY)  # its date is new, its period isn't
    bridged = replace(report, bridge_to=date(2025, 12, 31))
    assert as_of(SourceKind.SOC2, bridged) == date(2025, 12, 31)
    assert not is_stale(SourceKind.SOC2, bridged, TODAY)


def test_every_pair_of_state_and_action_is_decided() -> None:
    for pair in product(EntryState, EntryAction):
        if pair in NEXT:
            assert after(*pair) is NEXT[pair]
        else:
            with pytest.raises(Conflict, match="entry_moved_on"):
                after(*pair)
    assert [pair for pair, state in NEXT.items() if state is EntryState.CONFIRMED] == [
        (EntryState.TO_CONFIRM, EntryAction.CONFIRM)
    ]


@pytest.mark.parametrize(
    ("status", "note", "due", "code"),
    [
        (ControlStatus.PLANNED, "", None, "control_due_needed"),
        (ControlStatus.PLANNED, "", date(2026, 11, 20), "control_due_past"),
        (ControlStatus.NOT_DONE, " ", None, "control_reason_needed"),
    ],
)
def test_a_plan_has_a_day_and_a_no_its_reason(
    status: ControlStatus, note: str, due: date | None, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        check_control(status, note, due, TODAY)
    check_control(status, "理由", TODAY, TODAY)


def test_controls_are_lines_and_none_is_endless() -> None:
    assert controls_in(" 一つ目 \n\n二つ目\r\n") == ("一つ目", "二つ目")
    with pytest.raises(Invalid, match="control_too_long"):
        controls_in("x" * (limits.LINE + 1))
