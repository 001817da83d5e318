"""The worker: huey runs what the outbox names, sweeps what a crash left, and signs the ledger's head."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from audit_portal.config import Settings, path_of
from audit_portal.services import checkpoints, jobs
from audit_portal.services.accounts import accounts
from audit_portal.services.assessments import pending_sheets
from audit_portal.services.contracts import contracts
from audit_portal.services.decisions import acceptances
from audit_portal.services.handovers import handovers
from audit_portal.services.house import House

_log = logging.getLogger(__name__)


def queue(settings: Settings) -> SqliteHuey:
    """The queue that wakes the worker. What is to be done stands in the outbox, not here: losing it loses nothing."""
    return SqliteHuey("audit-portal", filename=str(path_of(settings.jobs_url)), fsync=False)


def attach(huey: SqliteHuey, house: House) -> None:
    """Registers the worker's tasks on a queue."""

    @huey.task(name="outbox")
    def outbox() -> None:
        while jobs.run_due(house):  # a round of hundreds doesn't wait for the sweep after every few
            pass

    @huey.periodic_task(crontab(minute="*"), name="sweep")
    def sweep() -> None:
        while jobs.run_due(house):
            pass
        checkpoints.sign_head(house)

    @huey.periodic_task(crontab(minute="7"), name="forget")
    def forget() -> None:
        accounts.sweep(house)
        pending_sheets.sweep(house)
        house.store.sweep(house.clock.now() - timedelta(days=1))
        contracts.move_deadlines_on(house)
        acceptances.sweep(house)
        handovers.sweep(house)


def waker(settings: Settings) -> Callable[[], None]:
    """What a web process calls after a commit that left something in the outbox."""
    huey = queue(settings)
    task = huey.task(name="outbox")(lambda: None)

    def wake() -> None:
        try:
            task()
        except Exception:
            _log.exception("the worker could not be woken; the sweep will find the job")

    return wake


def run(settings: Settings, house: House) -> None:
    """Runs until stopped by a signal."""
    huey = queue(settings)
    attach(huey, house)
    jobs.run_due(house)
    checkpoints.sign_head(house)
    Consumer(huey, workers=1, worker_type="thread", initial_delay=0.1, max_delay=1.0, backoff=1.15).run()
