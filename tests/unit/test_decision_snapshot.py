"""A snapshot reads back as what was written, and nothing else is taken for one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import limits
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Tier
from audit_portal.domain.cloud import Determination
from audit_portal.domain.contracts import ContractKind, Reentrustment, Standing
from audit_portal.domain.decision import (
    FORMAT,
    FrozenBasis,
    FrozenBlocker,
    FrozenCheck,
    FrozenContract,
    FrozenFile,
    FrozenItem,
    FrozenOutside,
    FrozenReview,
    FrozenSeat,
    Snapshot,
    read_snapshot,
    write_snapshot,
)
from audit_portal.domain.engagement import DataKind, Part, Recipient, Route, ScopeItem, Transfer
from audit_portal.domain.errors import Invalid
from audit_portal.domain.frozen_facts import (
    FrozenBroughtIn,
    FrozenDetermination,
    FrozenFacts,
    FrozenPlace,
    FrozenStanding,
)
from audit_portal.domain.supervision import Classification, Duty, Gate, Who, WorkKind

AT = datetime(2026, 11, 20, 3, 4, 5, 678900, tzinfo=UTC)
ITEM = FrozenItem(
    "SEL-001",
    {"ja": "規程はありますか", "en": "Is there a rule?"},
    AnsweredBy.VENDOR,
    AnswerValue.PARTIAL,
    "一部",
    "改訂する",
    date(2027, 3, 31),
    "答えた人",
    AT,
    (FrozenFile("V-2026-0001", 2, "規程.pdf", "f" * 64),),
    FrozenReview(ReviewResult.PARTLY, ReviewBasis.DOCUMENT, "改訂待ち", "審査した人", AT),
)
KNOWN = Snapshot(
    FORMAT,
    Gate.SELECTION,
    "E-2026-0001",
    "印刷",
    "委託元",
    "委託先",
    Tier.HIGH,
    "申請した人",
    AT,
    "お願いします。",
    FrozenCheck("A-2026-0001", {"ja": "選定", "en": "Selection"}, "selection_check", "1.0", "a" * 64, AT),
    (FrozenBlocker("item_unknown", "SEL-001", Duty.OWN, (FrozenBasis("X", "社内規程"),), Who.VENDOR),),
    (ITEM, replace(ITEM, code="SEL-002", value=None, action_due=None, answered_at=None, review=None)),
)

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@given(words, words, st.none() | st.dates(), st.lists(words, max_size=3))
def test_what_was_written_reads_back_the_same(
    reason: str, comment: str, due: date | None, names: list[str]
) -> None:
    files = tuple(FrozenFile("V-1", n + 1, name, "0" * 64) for n, name in enumerate(names))
    known = replace(
        KNOWN, reason=reason, items=(replace(ITEM, comment=comment, action_due=due, files=files),)
    )
    assert read_snapshot(write_snapshot(known)) == known
    assert write_snapshot(read_snapshot(write_snapshot(known))) == write_snapshot(known)


def test_one_without_a_check_reads_back_too() -> None:
    bare = replace(KNOWN, check=None, items=(), blockers=())
    assert read_snapshot(write_snapshot(bare)) == bare


def changed(**more: Any) -> bytes:
    return json.dumps({**json.loads(write_snapshot(KNOWN)), **more}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        changed(format="audit-portal-decision/0"),
        changed(more="x"),
        changed(gate="G9"),
        changed(reason=1),
        changed(items={}),
        changed(items=[1]),
        changed(asked_at="yesterday"),
        changed(asked_at=None),
        changed(check={"number": "A-1"}),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="snapshot_unreadable"):
        read_snapshot(content)


def in_former(version: int) -> bytes:
    """As it was written before there were routes (2), and contracts (1)."""
    data = json.loads(write_snapshot(KNOWN))
    data["format"] = f"audit-portal-decision/{version}"
    del data["facts"]
    for file in (each for item in data["items"] for each in item["files"]):
        del file["observed_on"], file["expires_on"]
    gone = (
        ("route", "outside")
        if version == 2
        else ("route", "outside", "contracts", "decisions", "subcontractors")
    )
    for name in (*gone, "user_controls"):
        del data[name]
    for item in data["items"]:
        for name in ("source", "inspections", "refusal", "findings"):
            del item[name]
        for name in ("sample", "report") if item["review"] else ():
            del item["review"][name]
    if version == 1:
        for item in data["items"]:
            for name in ("clauses", "stand_in", "stand_in_words"):
                del item[name]
    return json.dumps(data).encode()


PAPER = FrozenFile("V-2026-0009", 1, "稟議書.pdf", "e" * 64)
KNOWN_3 = replace(
    KNOWN,
    outside=FrozenOutside("総-118", "管理 太郎", "専務", date(2026, 11, 2), PAPER),
    contracts=(
        FrozenContract(
            "K-2026-0001",
            "基本契約書",
            ContractKind.MASTER,
            Standing.RUNNING,
            date(2026, 4, 1),
            date(2026, 4, 1),
            None,
            Reentrustment.PRIOR_CONSENT,
        ),
    ),
)


def in_former_three() -> bytes:
    """As it was written before there were facts of the work, dates of files and days for notice."""
    data = json.loads(write_snapshot(KNOWN_3))
    data["format"] = "audit-portal-decision/3"
    del data["facts"], data["contracts"][0]["notice_by"]
    for file in (data["outside"]["file"], *(each for item in data["items"] for each in item["files"])):
        del file["observed_on"], file["expires_on"]
    return json.dumps(data).encode()


def test_the_format_before_the_facts_is_still_read_with_its_contracts_and_outside_decision() -> None:
    """Of format 3; see KNOWN_3."""
    found = read_snapshot(in_former_three())
    assert replace(found, format=FORMAT) == KNOWN_3
    assert found.facts is None and found.contracts[0].notice_by is None
    for place in ("facts", "items", "contracts"):
        data = json.loads(in_former_three())
        if place == "facts":
            data["facts"] = None
        else:
            part = data["items"][0]["files"][0] if place == "items" else data["contracts"][0]
            part["expires_on" if place == "items" else "notice_by"] = None
        with pytest.raises(Invalid, match="snapshot_unreadable"):
            read_snapshot(json.dumps(data).encode())


@pytest.mark.parametrize("version", [1, 2])
def test_what_was_frozen_in_a_former_format_is_still_read(version: int) -> None:
    assert replace(read_snapshot(in_former(version)), format=FORMAT) == KNOWN
    with pytest.raises(Invalid, match="snapshot_unreadable"):
        read_snapshot(json.dumps({**json.loads(in_former(version)), "route": []}).encode())
    with pytest.raises(Invalid, match="snapshot_unreadable"):
        data = json.loads(in_former(version))
        data["items"][0]["refusal"] = None
        read_snapshot(json.dumps(data).encode())


def test_one_too_large_to_keep_is_refused() -> None:
    with pytest.raises(Invalid, match="snapshot_too_large"):
        write_snapshot(replace(KNOWN, reason="x" * limits.SNAPSHOT_BYTES))


def test_a_route_and_a_decision_taken_outside_read_back_too() -> None:
    paper = FrozenFile("V-2026-0009", 1, "稟議書.pdf", "e" * 64)
    outside = FrozenOutside("総-118", "管理 太郎", "専務", date(2026, 11, 2), paper)
    known = replace(KNOWN, route=(FrozenSeat("部長", ("人",)), FrozenSeat("管理者", ())), outside=outside)
    assert read_snapshot(write_snapshot(known)) == known


FACTS = FrozenFacts(
    work_kind=WorkKind.BPO,
    description="発送",
    purpose="会員への案内",
    data_categories="氏名、住所",
    data_kinds=(DataKind.IDENTITY, DataKind.ADDRESS),
    persons=900,
    special_care=False,
    my_number=True,
    scope=(ScopeItem(Part.BOUNDARY, "宛先の確認", "総務部"),),
    places=(FrozenPlace("川崎事業所", "JP"), FrozenPlace("支店", "VN")),
    handled_abroad=True,
    abroad_where="ハノイ",
    recipients=(Recipient("支店", "VN", Route.CONFORMING, "基本契約 第9条"),),
    no_recipient_why="",
    transfer=(Transfer.FILE_SERVICE,),
    transfer_note="",
    subcontracting=False,
    classification=Classification.ENTRUSTMENT,
    classification_reason="氏名を渡す。",
    recheck_on=date(2027, 4, 1),
    conditions=("cross_border",),
    tier_reason="",
    starts_on=date(2026, 4, 1),
    ends_on=None,
    cloud=FrozenDetermination(
        Determination.NOT_HANDLED, "クラウド", "取り扱わない", "鍵は当社", "規約", date(2026, 10, 1), "情シス"
    ),
    brought_in=FrozenBroughtIn(
        date(2020, 4, 1), AT, "入れた人", "台帳", (FrozenStanding(Gate.SELECTION, date(2027, 3, 31)),)
    ),
)


def test_the_facts_of_the_work_read_back_as_they_were() -> None:
    known = replace(KNOWN, facts=FACTS)
    assert read_snapshot(write_snapshot(known)) == known
    assert FACTS.countries == ("JP", "VN")
    bare = replace(KNOWN, facts=replace(FACTS, cloud=None, brought_in=None, places=(), recipients=()))
    assert read_snapshot(write_snapshot(bare)) == bare


def test_the_question_of_an_item_is_found_by_its_code() -> None:
    assert KNOWN.question("SEL-001") == ITEM.question
    assert KNOWN.question("SEL-999") is None and KNOWN.question(None) is None
