"""The worker's own tasks, as its queue holds them: taken by their minute, and run by the queue itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from huey import SqliteHuey

from audit_portal import worker
from audit_portal.domain import limits
from audit_portal.domain.access import Role, system
from audit_portal.domain.imports import ImportKind
from audit_portal.services import checkpoints, imports, jobs
from audit_portal.services.accounts import invitations, sessions
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.contracts import contracts
from audit_portal.services.decisions import acceptances
from audit_portal.services.engagements import engagements
from audit_portal.services.handovers import handovers
from audit_portal.services.house import House
from tests.adapters.test_evidence_files import forbid_tmpfile
from tests.clock import SetClock
from tests.factories.contracts import agreement
from tests.factories.house import People, context, mailer
from tests.factories.world import work
from tests.services.steps import ON_SQLITE, execute

FULL, SEVENTH = datetime(2026, 11, 20, 3, 0), datetime(2026, 11, 20, 3, 7)


@pytest.fixture
def queue(house: House) -> SqliteHuey:
    found = worker.queue(house.settings)
    worker.attach(found, house)
    return found


def run_periodic(queue: SqliteHuey, at: datetime, *names: str) -> None:
    """What the consumer does each minute: exactly these tasks are due, and run."""
    due = queue.read_periodic(at)
    assert sorted(task.name for task in due) == sorted(names)
    for task in due:
        queue.execute(task)


def invite(house: House, everyone: People) -> None:
    person = NewPerson("新田 花子", "new@example.jp", frozenset({Role.VENDOR_CONTRIBUTOR}))
    invitations.invite(context(house, everyone.officer), everyone.vendor_id, person)


def size(house: House) -> int:
    ((found,),) = execute(house, "SELECT count(*) FROM ledger_entry")
    return int(found)


def signed(house: House) -> list[int]:
    return [each for (each,) in execute(house, "SELECT size FROM ledger_checkpoint ORDER BY size")]


def test_the_sweep_runs_what_waits_and_signs_a_new_head(
    house: House, everyone: People, queue: SqliteHuey
) -> None:
    invite(house, everyone)  # nobody woke the worker
    assert mailer(house).sent == [] and signed(house) == []
    run_periodic(queue, FULL, "sweep")
    assert len(mailer(house).sent) == 1
    first = size(house)
    assert signed(house) == [first]
    run_periodic(queue, FULL, "sweep")
    assert (len(mailer(house).sent), signed(house)) == (1, [first]), "nothing came, nothing is signed"
    engagements.register(context(house, everyone.officer), everyone.vendor_id, work())
    run_periodic(queue, FULL, "sweep")
    assert signed(house) == [first, size(house)] and size(house) > first
    assert checkpoints.verify(house).check.ok


@ON_SQLITE
@pytest.mark.parametrize("woken", [True, False])
def test_what_a_job_leaves_is_run_at_once_too(
    house: House, queue: SqliteHuey, monkeypatch: pytest.MonkeyPatch, woken: bool
) -> None:
    ran = []

    def leaves_more(_house: House, payload: Mapping[str, Any]) -> None:
        ran.append(payload["left"])
        if payload["left"]:
            send(payload["left"] - 1)

    def send(left: int) -> None:
        with house.db.begin(system("test")) as tx:
            tx.send("leaves_more", f"leaves_more:{left}", {"left": left})

    monkeypatch.setitem(jobs.HANDLERS, "leaves_more", leaves_more)
    send(2)
    if woken:
        worker.waker(house.settings)()  # as a web process does, over the same file
        task = queue.dequeue()
        assert task is not None and task.name == "outbox" and queue.dequeue() is None
        queue.execute(task)
    else:
        run_periodic(queue, FULL, "sweep")
    assert ran == [2, 1, 0]


@ON_SQLITE
def test_what_is_over_is_forgotten_once_an_hour(
    house: House, everyone: People, queue: SqliteHuey, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = context(house, everyone.officer)
    sessions.start(house, everyone.owner, {})
    imports.upload(officer, ImportKind.VENDORS, "台帳.csv", "会社名,会社名のカナ\n甲社,コウ\n".encode())
    engagement_id = engagements.register(officer, everyone.vendor_id, work())
    contracts.register(officer, engagement_id, agreement(house))
    forbid_tmpfile(monkeypatch)
    house.store.create("evidence/left/1").write(b"left by a crash")
    (left,) = (house.settings.instance / "evidence").rglob(".new-*")
    also: list[str] = []  # what these do, their own tests show
    monkeypatch.setattr(acceptances, "sweep", lambda _house: also.append("acceptances"))
    monkeypatch.setattr(handovers, "sweep", lambda _house: also.append("handovers"))

    def waiting() -> tuple[int, int, bool]:
        ((open_sessions,),) = execute(house, "SELECT count(*) FROM web_session")
        ((sheets,),) = execute(house, "SELECT count(*) FROM pending_sheet")
        return open_sessions, sheets, left.exists()

    os.utime(left, (clock.at.timestamp(), clock.at.timestamp()))
    run_periodic(queue, SEVENTH, "sweep", "forget")
    assert waiting() == (1, 1, True), "nothing of it is over"
    before = execute(house, "SELECT * FROM contract_deadline")
    clock.at += timedelta(days=80, seconds=limits.SESSION_MAX)  # past the last day for notice, too
    run_periodic(queue, FULL, "sweep")
    assert waiting() == (1, 1, True), "its minute hasn't come"
    assert execute(house, "SELECT * FROM contract_deadline") == before
    run_periodic(queue, SEVENTH, "sweep", "forget")
    assert waiting() == (0, 0, False)
    assert execute(house, "SELECT * FROM contract_deadline") != before
    assert contracts.move_deadlines_on(house) == 0, "moved on already"
    assert also == ["acceptances", "handovers"] * 2
