"""What the client is (会社の設定): set once, and worked into every running engagement by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Actor, Permission, require
from audit_portal.domain.errors import NotFound
from audit_portal.domain.events.system import ClientFactsChanged
from audit_portal.services.engagements import engagement_changes
from audit_portal.services.house import Context, House
from audit_portal.storage import get, parties

_JOB = "client_facts"


@dataclass(frozen=True)
class ClientFacts:
    p_mark: bool
    public_sector: bool


@dataclass(frozen=True)
class Settings:
    facts: ClientFacts
    version: int
    left: int  # running engagements that the worker hasn't come to yet


def get_settings(ctx: Context) -> Settings:
    require(ctx.actor, Permission.CLIENT_FACTS)
    with ctx.acting_as(_worker(None)).read() as tx:
        row = parties.installation(tx)
        if row is None:
            raise NotFound()
        left = parties.running_without(tx, parties.client_conditions(tx))
        return Settings(ClientFacts(row.p_mark, row.public_sector), row.version, len(left))


def save(ctx: Context, version: int, facts: ClientFacts) -> bool:
    """Whether anything changed. New engagements follow at once, the running ones within minutes."""
    require(ctx.actor, Permission.CLIENT_FACTS)
    with ctx.begin() as tx:
        row = parties.installation(tx)
        if row is None:
            raise NotFound()
        if facts == ClientFacts(row.p_mark, row.public_sector):
            return False
        get.at_version(row, version)
        row.p_mark, row.public_sector = facts.p_mark, facts.public_sector
        tx.record(ClientFactsChanged(p_mark=facts.p_mark, public_sector=facts.public_sector))
        tx.flush()
        by = str(ctx.actor.account_id) if ctx.actor.account_id else ""
        tx.send("apply_client_facts", f"client_facts:{row.version}", {"by": by})
    return True


def apply(house: House, payload: Mapping[str, Any]) -> None:
    """Engagement by engagement, each in its own transaction: as an outbox job it may run again from the start."""
    ctx = Context(house, _worker(UUID(payload["by"]) if payload["by"] else None))
    with ctx.read() as tx:
        ids = parties.running_without(tx, parties.client_conditions(tx))
    for engagement_id in ids:
        with ctx.begin() as tx:
            engagement_changes.work_out_anew(ctx, tx, engagement_id, "client_facts")


def _worker(by: UUID | None) -> Actor:
    return Actor(None, None, frozenset(), _JOB, system=_JOB, by=by)
