"""What the client is (会社の設定): set once, and worked into every running engagement by the worker."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, not_signed_in, require, system
from audit_portal.domain.errors import Invalid, NotFound
from audit_portal.domain.events.monitoring import FiscalYearChanged
from audit_portal.domain.events.system import ClientFactsChanged
from audit_portal.services.engagements import engagement_changes
from audit_portal.services.house import Context, House
from audit_portal.storage import get, outbox, parties
from audit_portal.storage.tables.system import Installation

_log = logging.getLogger(__name__)
_JOB = "client_facts"
_SYSTEM = system(_JOB)
_SHARE = 200  # engagements of one job


@dataclass(frozen=True)
class ClientFacts:
    p_mark: bool
    public_sector: bool
    fiscal_month: int = limits.FISCAL_YEAR_MONTH


@dataclass(frozen=True)
class Settings:
    facts: ClientFacts
    version: int
    left: int  # running engagements that the worker hasn't come to yet


def get_settings(ctx: Context) -> Settings:
    require(ctx.actor, Permission.CLIENT_FACTS)
    with ctx.acting_as(_SYSTEM).read() as tx:
        row = parties.installation(tx)
        if row is None:
            raise NotFound()
        left = len(parties.running_without(tx, parties.client_conditions(tx)))
        return Settings(_facts(row), row.version, left)


def _facts(row: Installation) -> ClientFacts:
    return ClientFacts(row.p_mark, row.public_sector, row.fiscal_month)


def save(ctx: Context, version: int, facts: ClientFacts) -> bool:
    """Whether anything changed, or is worked in once more because it was still left.

    New engagements follow at once, the running ones within minutes.
    """
    require(ctx.actor, Permission.CLIENT_FACTS)
    if not 1 <= facts.fiscal_month <= 12:
        raise Invalid("no_such_month", field="fiscal_month")
    with ctx.begin() as tx:
        row = parties.installation(tx)
        if row is None:
            raise NotFound()
        before = _facts(row)
        if facts != before:
            get.at_version(row, version)
        if facts.fiscal_month != before.fiscal_month:
            row.fiscal_month = facts.fiscal_month
            tx.record(FiscalYearChanged(first_month=facts.fiscal_month))
        if (facts.p_mark, facts.public_sector) != (before.p_mark, before.public_sector):
            row.p_mark, row.public_sector = facts.p_mark, facts.public_sector
            tx.record(ClientFactsChanged(p_mark=facts.p_mark, public_sector=facts.public_sector))
            tx.flush()
        elif not _left(ctx, parties.client_conditions(tx)):
            return facts != before
        by = str(ctx.actor.account_id) if ctx.actor.account_id else ""
        tx.send("apply_client_facts", f"client_facts:{uuid7()}", {"by": by})
    return True


def apply(house: House, payload: Mapping[str, Any]) -> None:
    """Shares out what is left among jobs that are over before their lease is. Doing it twice does no harm."""
    ctx = _context(house, payload)
    with ctx.begin() as tx:
        ids = [str(each) for each in parties.running_without(tx, parties.client_conditions(tx))]
        shares = [ids[at : at + _SHARE] for at in range(0, len(ids), _SHARE)]
        jobs = {f"client_facts:{uuid7()}": {"by": payload["by"], "ids": share} for share in shares}
        outbox.send_all(tx, "apply_client_facts_to", jobs)


def apply_to(house: House, payload: Mapping[str, Any]) -> None:
    """Engagement by engagement, each in its own transaction; one that fails doesn't stop the others."""
    ctx = _context(house, payload)
    failed: list[Exception] = []
    for engagement_id in map(UUID, payload["ids"]):
        try:
            _work_in(ctx, engagement_id)
        except Exception as error:
            _log.warning("client facts not worked into engagement %s: %s", engagement_id, error)
            failed.append(error)
    if failed:
        raise failed[0]  # the outbox tries again what is still left


def _work_in(ctx: Context, engagement_id: UUID) -> None:
    """Nothing where another worker, or an earlier try, was there first: what was asked since then stands."""
    with ctx.begin() as tx:
        parties.lock(tx, engagement_id)
        if parties.running_without(tx, parties.client_conditions(tx), engagement_id):
            engagement_changes.work_out_anew(ctx, tx, engagement_id, "client_facts")


def _left(ctx: Context, conditions: frozenset[str]) -> int:
    """How many running engagements follow other conditions than these; whoever asks needn't see them."""
    with ctx.acting_as(_SYSTEM).read() as tx:
        return len(parties.running_without(tx, conditions))


def _context(house: House, payload: Mapping[str, Any]) -> Context:
    by = not_signed_in(UUID(payload["by"]) if payload["by"] else None)
    return Context(house, system(_JOB, by=by))
