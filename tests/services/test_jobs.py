"""The outbox: tried, tried again, given up, started again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from audit_portal.domain.access import Role, system
from audit_portal.domain.errors import Forbidden, NotFound
from audit_portal.domain.events.system import JobRetried
from audit_portal.services import jobs
from audit_portal.services.accounts import invitations
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.house import House
from audit_portal.storage.tables.system import LedgerEntry
from tests.clock import SetClock
from tests.factories.house import People, context, mailer


@pytest.fixture
def invitation(house: House, everyone: People) -> None:
    person = NewPerson("新田 花子", "new@example.jp", frozenset({Role.VENDOR_CONTRIBUTOR}))
    invitations.invite(context(house, everyone.officer), everyone.vendor_id, person)


def give_up(house: House, clock: SetClock) -> None:
    mailer(house).broken = True
    for _try in range(jobs.MOST_TRIES):
        assert jobs.run_due(house) == 1
        clock.move(hours=7)
    mailer(house).broken = False


@pytest.mark.usefixtures("invitation")
def test_a_job_is_done_once(house: House) -> None:
    assert jobs.run_due(house) == 1
    assert jobs.run_due(house) == 0
    assert len(mailer(house).sent) == 1


@pytest.mark.usefixtures("invitation")
def test_a_failed_job_waits_before_it_is_tried_again(house: House, clock: SetClock) -> None:
    mailer(house).broken = True
    assert jobs.run_due(house) == 1
    assert jobs.run_due(house) == 0
    mailer(house).broken = False
    clock.move(seconds=15)
    assert jobs.run_due(house) == 1
    assert len(mailer(house).sent) == 1


@pytest.mark.usefixtures("invitation")
def test_what_was_given_up_is_listed_and_can_be_started_again(
    house: House, everyone: People, clock: SetClock
) -> None:
    ctx = context(house, everyone.admin)
    assert jobs.dead(ctx) == ()
    give_up(house, clock)
    (dead,) = jobs.dead(ctx)
    assert (dead.kind, dead.attempts, dead.last_error) == (
        "mail_invitation",
        jobs.MOST_TRIES,
        "mail_not_taken",
    )
    assert jobs.run_due(house) == 0
    for _press in range(2):
        jobs.retry(ctx, dead.id)
    assert jobs.dead(ctx) == ()
    jobs.run_due(house)
    assert len(mailer(house).sent) == 1
    with house.db.read(system("test")) as tx:
        entries = tx.session.exec(select(LedgerEntry).where(LedgerEntry.event == JobRetried.name)).all()
    assert [entry.actor for entry in entries] == [str(everyone.admin)], "who pressed it is named"
    jobs.retry(ctx, dead.id)  # done meanwhile: nothing to do
    assert jobs.run_due(house) == 0


@pytest.mark.usefixtures("invitation")
def test_an_unforeseen_fault_stops_neither_the_worker_nor_other_jobs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_house: House, _payload: Mapping[str, Any]) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(jobs.HANDLERS, "fails", fails)
    with house.db.begin(system("test")) as tx:
        tx.send("fails", "fails:1", {})
    assert jobs.run_due(house) == 2
    assert len(mailer(house).sent) == 1


def test_a_job_left_by_a_crash_is_taken_up_when_its_lease_is_over(
    house: House, everyone: People, invitation: None, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_house: House, _payload: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setitem(jobs.HANDLERS, "mail_invitation", killed)
        jobs.run_due(house)
    assert jobs.run_due(house) == 0
    clock.move(minutes=5)
    assert jobs.run_due(house) == 1
    assert len(mailer(house).sent) == 1


@pytest.mark.parametrize("who", ["officer", "approver", "owner", "auditor", "vendor_lead"])
def test_only_administrators_see_and_start_jobs(house: House, everyone: People, who: str) -> None:
    ctx = context(house, getattr(everyone, who))
    with pytest.raises(Forbidden):
        jobs.dead(ctx)
    with pytest.raises(Forbidden):
        jobs.retry(ctx, uuid4())


def test_an_unknown_job_is_not_found(house: House, everyone: People) -> None:
    with pytest.raises(NotFound):
        jobs.retry(context(house, everyone.admin), uuid4())
