"""A round of 500 checks: no long transaction, neither while it is started nor while it goes."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain.access import Role
from audit_portal.services import jobs
from audit_portal.services.assessments import sending
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context
from audit_portal.services.rounds import rounds, rounds_view
from audit_portal.services.rounds.rounds import RoundOrder
from tests import databases
from tests.benchmarks.figures import Figure
from tests.clock import SetClock
from tests.factories.house import account, context, make_house, people, vendor
from tests.factories.world import short_checklists, work

MANY, VENDORS = 500, 50


@contextmanager
def longest(engine: sa.Engine) -> Iterator[list[float]]:
    """Seconds of each transaction."""
    begun: dict[int, float] = {}
    found: list[float] = []

    def begin(connection: Any) -> None:
        begun[id(connection)] = time.perf_counter()

    def end(connection: Any) -> None:
        if id(connection) in begun:
            found.append(time.perf_counter() - begun.pop(id(connection)))

    sa.event.listen(engine, "begin", begin)
    sa.event.listen(engine, "commit", end)
    sa.event.listen(engine, "rollback", end)
    yield found
    for name, listener in (("begin", begin), ("commit", end), ("rollback", end)):
        sa.event.remove(engine, name, listener)


def run(kind: str) -> Iterator[Figure]:
    """`kind`: sqlite or postgres."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    url = databases.sqlite_url(folder) if kind == "sqlite" else databases.postgres_url()
    house = short_checklists(make_house(url, folder / "instance", SetClock()), folder)
    everyone = people(house)
    officer = context(house, everyone.officer)
    ids = []
    for number in range(VENDORS):
        vendor_id = vendor(house, everyone.officer, f"株式会社試験{number:03d}", f"シケン{number:03d}")
        account(house, vendor_id, Role.VENDOR_LEAD)
        ids += [
            engagements.register(officer, vendor_id, work(f"業務{n}")) for n in range(MANY // VENDORS + 1)
        ]
    ids = ids[: MANY + 5]
    due = house.today() + timedelta(days=30)
    full = next(each for each in sending.sendable(officer) if "選定チェック" in each.title["ja"])
    alone = [_by_hand(officer, ids.pop(), full.id, due) for _ in range(5)]
    with longest(house.db.engine) as starting:
        round_id = rounds.start(officer, ids, RoundOrder("2026年度", 2026, full.id, due))
    began = time.perf_counter()
    with longest(house.db.engine) as spells:
        while jobs.run_due(house):
            pass
    took = time.perf_counter() - began
    sent = rounds_view.get_round(officer, round_id).sent
    if sent != MANY:
        raise RuntimeError(f"only {sent} of {MANY} were sent")
    one = statistics.median(alone)
    yield Figure(
        f"{kind}: round of {MANY}, starting it against sending one check by hand", max(starting) / one, 10
    )
    yield Figure(
        f"{kind}: round of {MANY}, sending each against sending one by hand", _typical(spells) / one, 2
    )
    yield Figure(f"{kind}: round of {MANY}, longest transaction while starting, ms", max(starting) * 1000)
    yield Figure(f"{kind}: round of {MANY}, longest transaction while sending, ms", max(spells) * 1000)
    yield Figure(f"{kind}: round of {MANY}, checks a second", MANY / took)
    house.db.dispose()


def _by_hand(officer: Context, engagement_id: UUID, version_id: UUID, due: date) -> float:
    """Seconds of the longest transaction of sending one check, as its page does."""
    with longest(officer.house.db.engine) as spells:
        sending.send(officer, engagement_id, SendOrder(version_id, due))
    return max(spells)


def _typical(spells: list[float]) -> float:
    """The longest transaction of 99 in 100: one of thousands waits for the machine, not for itself."""
    return sorted(spells)[len(spells) * 99 // 100]
