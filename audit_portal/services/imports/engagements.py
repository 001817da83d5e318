"""Running engagements from a table: each row read, its vendor and owner found, written as live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import Role
from audit_portal.domain.catching_up import CAUGHT_UP
from audit_portal.domain.corporate_number import corporate_number
from audit_portal.domain.errors import Invalid, NotFound
from audit_portal.domain.events.imports import EngagementBroughtIn
from audit_portal.domain.imports import Flaw, Line, Table
from audit_portal.domain.imports.words import CLASSES, WORK_KINDS, chosen
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.sheets import day, match_key, truth, whole_number
from audit_portal.domain.supervision import Classification, WorkKind
from audit_portal.services import checklists
from audit_portal.services.accounts.addresses import normal_email
from audit_portal.services.house import Context
from audit_portal.services.imports import into_register
from audit_portal.services.imports.facts import LiveFacts
from audit_portal.services.imports.seen import Match, Outcome, SeenRow
from audit_portal.services.imports.vendor_finder import VendorFinder
from audit_portal.storage import accounts, brought_in, parties
from audit_portal.storage.numbers import next_numbers
from audit_portal.storage.tables.brought_in import BroughtIn, GateStanding
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction

_MOST_PERSONS = 2_000_000_000  # what an integer column holds


@dataclass(frozen=True)
class EngagementLine:
    number: int
    key: str
    vendor_name: str
    vendor_number: str
    vendor_key: str
    owner: str
    basis: str
    facts: LiveFacts


@dataclass(frozen=True)
class Found:
    line: EngagementLine
    vendor: Party | None
    owner_id: UUID | None
    there: UUID | None  # the engagement that is registered already


def read(table: Table, today: date) -> tuple[tuple[EngagementLine, ...], tuple[Flaw, ...]]:
    lines: list[EngagementLine] = []
    flaws: list[Flaw] = []
    keys: dict[str, int] = {}
    for row in table.rows:
        line = Line(table, row)
        found = EngagementLine(
            row.number,
            line.text("key"),
            line.text("vendor_name"),
            line.parsed("vendor_number", corporate_number, None) or "",
            line.text("vendor_key"),
            line.parsed("owner", normal_email, ""),
            line.text("basis"),
            _facts(line),
        )
        _check_dates(line, found.facts, today)
        first = keys.setdefault(found.key, row.number) if found.key else row.number
        if first != row.number:
            line.refuse("key", "import_row_twice", row=first)
        flaws += line.flaws
        lines.append(found)
    return tuple(lines), tuple(flaws)


def _facts(line: Line) -> LiveFacts:
    return LiveFacts(
        title=line.text("title"),
        work_kind=line.parsed("work_kind", partial(chosen, WORK_KINDS), WorkKind.BPO),
        purpose=line.text("purpose"),
        data_categories=line.text("data_categories"),
        persons=line.parsed("persons", _persons, 0),
        special_care=line.parsed("special_care", truth, False),
        my_number=line.parsed("my_number", truth, False),
        handled_abroad=line.parsed("handled_abroad", truth, False),
        subcontracting=line.parsed("subcontracting", truth, False),
        classification=line.parsed(
            "classification",
            partial(chosen, CLASSES),
            Classification.ENTRUSTMENT,
        ),
        classification_reason=line.text("classification_reason"),
        description=line.text("description"),
        starts_on=line.parsed("starts_on", day, None),
        ends_on=line.parsed("ends_on", day, None),
    )


def _persons(text: str) -> int:
    number = whole_number(text)
    if number > _MOST_PERSONS:
        raise Invalid("number_not_understood")
    return number


def _check_dates(line: Line, facts: LiveFacts, today: date) -> None:
    if facts.starts_on and facts.starts_on > today:
        line.refuse("starts_on", "import_not_begun")
    if facts.ends_on and facts.starts_on and facts.ends_on < facts.starts_on:
        line.refuse("ends_on", "ends_before_start")
    elif facts.ends_on and facts.ends_on < today:
        line.refuse("ends_on", "import_ended")


def find(
    ctx: Context, tx: Transaction, table: Table, lines: tuple[EngagementLine, ...]
) -> tuple[list[Found], list[Flaw]]:
    """Each line with its vendor, its owner and the engagement that is there already, if one is."""
    vendors = VendorFinder(tx, lines)
    owners = _owners(tx)
    keys = brought_in.engagements_by_key(tx, (line.key for line in lines))
    rows = {row.number: row for row in table.rows}
    chosen: dict[int, Party | None] = {}
    flaws: list[Flaw] = []
    for line in lines:
        told = Line(table, rows[line.number])
        chosen[line.number] = vendors.of(line, told) if line.vendor_name else None
        if line.owner and line.owner not in owners:
            told.refuse("owner", "import_owner_unknown")
        flaws += told.flaws
    titles = {
        (vendor, match_key(title)): work
        for vendor, title, work in brought_in.titles_of_vendors(
            tx, (row.id for row in chosen.values() if row)
        )
    }
    found: list[Found] = []
    seen: dict[tuple[UUID, str], int] = {}
    for line in lines:
        vendor = chosen[line.number]
        there = keys.get(line.key)
        if vendor is not None and line.facts.title:
            place = (vendor.id, match_key(line.facts.title))
            # A key of its own tells it from another work of that name.
            there = there or (None if line.key else titles.get(place))
            first = seen.setdefault(place, line.number) if not line.key else line.number
            if first != line.number:
                told = Line(table, rows[line.number])
                told.refuse("title", "import_row_twice", row=first)
                flaws += told.flaws
        found.append(Found(line, vendor, owners.get(line.owner), there))
    return found, flaws


def _owners(tx: Transaction) -> dict[str, UUID]:
    client = parties.client(tx)
    rows = accounts.of_party(tx, client.id) if client else []
    return {row.email: row.id for row in rows if Role.OWNER.value in row.roles}


def seen(found: Found) -> SeenRow:
    facts = found.line.facts
    vendor = found.vendor.name if found.vendor else found.line.vendor_name
    outcome = Outcome.KEPT if found.there else Outcome.NEW
    match = (Match(found.there, "", facts.title),) if found.there else ()
    return SeenRow(found.line.number, facts.title, vendor, outcome, match)


def write(
    ctx: Context, tx: Transaction, found: list[Found], run_id: UUID, basis: str, catch_up_on: date
) -> None:
    """Writes every line that isn't there yet, live since its true date."""
    client = parties.client(tx)
    if client is None:
        raise NotFound()
    references = checklists.references(ctx.house)
    fresh = [each for each in found if each.there is None and each.vendor is not None]
    numbers = next_numbers(tx, Numbered.ENGAGEMENT, len(fresh))
    links = []
    for each, number in zip(fresh, numbers, strict=True):
        facts, vendor = each.line.facts, each.vendor
        if vendor is None or facts.starts_on is None:
            raise NotFound()  # such a row has a flaw, and nothing is written then
        tier = into_register.risk_tier(facts, references, vendor.country)
        since = facts.starts_on
        link = into_register.add_link(tx, number, client.id, vendor.id, facts, tier, since)
        links.append((each, link, since, vendor.country))
    tx.flush()
    of_the_client = parties.client_conditions(tx)
    for each, link, since, country in links:
        facts, key = each.line.facts, each.line.key
        into_register.add_work(tx, link, facts, each.owner_id, key, country, of_the_client)
        tx.add(
            BroughtIn(
                id=uuid7(),
                engagement_id=link.id,
                run_id=run_id,
                runs_since=since,
                entered_at=tx.now,
                entered_by=ctx.actor.person,
                basis=each.line.basis or basis,
            )
        )
        for gate in CAUGHT_UP:
            tx.add(GateStanding(id=uuid7(), engagement_id=link.id, gate=gate, catch_up_on=catch_up_on))
        tx.record(
            EngagementBroughtIn(
                engagement_id=link.id,
                number=link.number,
                run_id=run_id,
                principal_id=link.principal_id,
                vendor_id=link.vendor_id,
                tier=1,
                risk_tier=link.risk_tier.value,
                runs_since=since,
                catch_up_on=catch_up_on,
            )
        )
