"""Sites of a vendor: where it handles data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.errors import Invalid
from audit_portal.domain.events.parties import SiteWritten
from audit_portal.services.house import Context
from audit_portal.storage import get, register
from audit_portal.storage.tables.register import PartySite
from audit_portal.storage.tables.supervision import Party, PartyKind


@dataclass(frozen=True)
class SiteFacts:
    name: str
    address: str = ""
    country: str = "JP"
    handles: str = ""  # what is done with the data there
    valid_from: date | None = None  # None: today


@dataclass(frozen=True, kw_only=True)
class SiteView(SiteFacts):
    id: UUID
    version: int
    valid_to: date | None
    over: bool


def listed(ctx: Context, party_id: UUID) -> tuple[SiteView, ...]:
    """Those in use first."""
    require(ctx.actor, Permission.PARTY_VIEW)
    with ctx.read() as tx:
        get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        rows = register.sites(tx, party_id)
    return tuple(_view(row, ctx.house.today()) for row in rows)


def get_site(ctx: Context, party_id: UUID, site_id: UUID) -> SiteView:
    require(ctx.actor, Permission.PARTY_VIEW)
    with ctx.read() as tx:
        return _view(get.one(tx, PartySite, site_id, party_id=party_id), ctx.house.today())


def _view(row: PartySite, today: date) -> SiteView:
    return SiteView(
        name=row.name,
        address=row.address,
        country=row.country,
        handles=row.handles,
        valid_from=row.valid_from,
        id=row.id,
        version=row.version,
        valid_to=row.valid_to,
        over=row.valid_to is not None and row.valid_to < today,
    )


def add(ctx: Context, party_id: UUID, facts: SiteFacts) -> UUID:
    require(ctx.actor, Permission.PARTY_REGISTER)
    with ctx.begin() as tx:
        party = get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        row = PartySite(party_id=party.id, name="", valid_from=facts.valid_from or ctx.house.today())
        _write(row, facts)
        tx.add(row)
        tx.record(SiteWritten(party_id=party.id, site_id=row.id))
    return row.id


def change(ctx: Context, party_id: UUID, site_id: UUID, version: int, facts: SiteFacts) -> None:
    """Raises Invalid('ends_before_start' | 'site_country_fixed'): engagements stand on where a site is."""
    require(ctx.actor, Permission.PARTY_REGISTER)
    with ctx.begin() as tx:
        row = get.one(tx, PartySite, site_id, party_id=party_id)
        get.at_version(row, version)
        row.valid_from = facts.valid_from or row.valid_from
        if facts.country != row.country and register.site_is_used(tx, row.id):
            raise Invalid("site_country_fixed", field="country")
        if row.valid_to and row.valid_to < row.valid_from:
            raise Invalid("ends_before_start", field="valid_from")
        _write(row, facts)
        tx.record(SiteWritten(party_id=party_id, site_id=row.id))


def end(ctx: Context, party_id: UUID, site_id: UUID, version: int, last_day: date) -> None:
    """The site is no longer used after this day; what was handled there stays on record."""
    require(ctx.actor, Permission.PARTY_REGISTER)
    with ctx.begin() as tx:
        row = get.one(tx, PartySite, site_id, party_id=party_id)
        get.at_version(row, version)
        if last_day < row.valid_from:
            raise Invalid("ends_before_start", field="last_day")
        row.valid_to = last_day
        tx.record(SiteWritten(party_id=party_id, site_id=row.id, ended=True))


def _write(row: PartySite, facts: SiteFacts) -> None:
    row.name, row.address, row.country, row.handles = facts.name, facts.address, facts.country, facts.handles
