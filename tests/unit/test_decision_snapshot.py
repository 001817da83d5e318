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
from audit_portal.domain.decision import (
    FORMAT,
    FrozenBasis,
    FrozenBlocker,
    FrozenCheck,
    FrozenFile,
    FrozenItem,
    FrozenOutside,
    FrozenReview,
    FrozenSeat,
    Snapshot,
    read_snapshot,
    write_snapshot,
)
from audit_portal.domain.errors import Invalid
from audit_portal.domain.supervision import Duty, Gate, Who

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


def test_the_question_of_an_item_is_found_by_its_code() -> None:
    assert KNOWN.question("SEL-001") == ITEM.question
    assert KNOWN.question("SEL-999") is None and KNOWN.question(None) is None
