"""The outbox, worked off: each job leased, run outside any transaction, then marked done, or tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.errors import Misconfigured, PortalError
from audit_portal.domain.events.system import JobRetried
from audit_portal.services import notify
from audit_portal.services.assessments import notify_process
from audit_portal.services.contracts import contract_documents
from audit_portal.services.decisions import notices, notify_ended
from audit_portal.services.engagements import client_facts
from audit_portal.services.house import Context, House
from audit_portal.services.reports import report_making
from audit_portal.services.rounds import round_sending
from audit_portal.storage import get, outbox
from audit_portal.storage.tables.system import JobState, Outbox

_log = logging.getLogger(__name__)
_SYSTEM = system("jobs")
_LEASE = timedelta(minutes=5)
MOST_TRIES = 8

Handler = Callable[[House, Mapping[str, Any]], None]
HANDLERS: dict[str, Handler] = {
    "mail_invitation": notify.invitation,
    "mail_lead_raised": notify.lead_raised,
    "mail_reset": notify.reset,
    "mail_assessment_sent": notify.assessment_sent,
    "mail_assessment_submitted": notify.assessment_submitted,
    "mail_assessment_returned": notify.assessment_returned,
    "mail_decision_requested": notify.decision_requested,
    "apply_client_facts": client_facts.apply,
    "apply_client_facts_to": client_facts.apply_to,
    "mail_decision_ended": notify_ended.decision_ended,
    "mail_refusal_told": notices.tell,
    "check_contract_signatures": contract_documents.check_signatures,
    "mail_items_delegated": notify_process.items_delegated,
    "mail_commented": notify_process.commented,
    "mail_time_asked": notify_process.time_asked,
    "mail_time_decided": notify_process.time_decided,
    "send_round_line": round_sending.send_line,
    "render_report": report_making.render,
    "seal_report": report_making.seal,
}


@dataclass(frozen=True)
class JobView:
    id: UUID
    kind: str
    created_at: datetime
    attempts: int
    last_error: str


def run_due(house: House) -> int:
    """Runs everything that is due; returns how many jobs were tried. Never raises for one job's failure."""
    with house.db.read(_SYSTEM) as tx:
        ids = [job.id for job in outbox.due(tx)]
    return sum(_run(house, job_id) for job_id in ids)


def _run(house: House, job_id: UUID) -> bool:
    with house.db.begin(_SYSTEM) as tx:
        job = outbox.take(tx, job_id)
        if job is None:
            return False  # another worker has it
        job.attempts += 1
        job.run_after = tx.now + _LEASE  # a crash from here on: tried again when the lease is over
        kind, payload, attempts = job.kind, dict(job.payload), job.attempts
    try:
        HANDLERS[kind](house, payload)
    except Exception as error:
        _log.warning("job %s %s failed: %s", kind, job_id, error)
        _failed(house, job_id, attempts, error)
    else:
        with house.db.begin(_SYSTEM) as tx:
            row = get.one(tx, Outbox, job_id)
            row.state, row.done_at, row.last_error = JobState.DONE, tx.now, ""
    return True


def _failed(house: House, job_id: UUID, attempts: int, error: Exception) -> None:
    said = error.code if isinstance(error, PortalError) else type(error).__name__
    with house.db.begin(_SYSTEM) as tx:
        row = get.one(tx, Outbox, job_id)
        row.last_error = said[:500]
        if attempts >= MOST_TRIES or isinstance(error, Misconfigured):  # trying again won't set it up
            row.state = JobState.DEAD
        else:
            row.run_after = tx.now + timedelta(seconds=min(15 * 4 ** (attempts - 1), 6 * 3600))


def dead(ctx: Context) -> tuple[JobView, ...]:
    """What was given up on: an administrator looks here."""
    require(ctx.actor, Permission.JOBS)
    with ctx.acting_as(_SYSTEM).read() as tx:
        return tuple(
            JobView(job.id, job.kind, job.created_at, job.attempts, job.last_error) for job in outbox.dead(tx)
        )


def retry(ctx: Context, job_id: UUID) -> None:
    require(ctx.actor, Permission.JOBS)
    with ctx.acting_as(system("jobs", by=ctx.actor)).begin() as tx:
        job = get.one(tx, Outbox, job_id)
        if job.state is not JobState.DEAD:
            return  # pressed twice
        job.state, job.attempts, job.run_after = JobState.WAITING, 0, tx.now
        tx.record(JobRetried(job_id=job.id))
    ctx.house.wake()
