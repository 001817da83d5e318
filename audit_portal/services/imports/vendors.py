"""Vendors from a table: each row read, found again in the register, and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from audit_portal.domain.corporate_number import corporate_number
from audit_portal.domain.errors import Invalid
from audit_portal.domain.imports import Flaw, Line, Table
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.sheets import match_key
from audit_portal.services.accounts.addresses import normal_email
from audit_portal.services.engagements import engagement_changes
from audit_portal.services.house import Context
from audit_portal.services.imports import into_register
from audit_portal.services.imports.facts import VendorFacts
from audit_portal.services.imports.seen import Match, Outcome, SeenRow
from audit_portal.services.parties import party_contacts
from audit_portal.services.readings import reading
from audit_portal.storage import brought_in
from audit_portal.storage.numbers import next_numbers
from audit_portal.storage.tables.register import PartyContact
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction

Contacts = Mapping[UUID, PartyContact]  # party → the person one calls
Countries = Callable[[str], str]  # what a cell says → ISO code; raises Invalid('country_unknown')


@dataclass(frozen=True)
class VendorLine:
    """One row as understood."""

    number: int
    facts: VendorFacts

    @property
    def key(self) -> str:
        return self.facts.external_key


@dataclass(frozen=True)
class Found:
    """A line beside the vendors it may be. `party` is the one it is for sure."""

    line: VendorLine
    party: Party | None
    alike: tuple[Party, ...]
    contacts: Contacts

    def known(self, party: Party) -> VendorFacts:
        return into_register.facts_of(party, self.contacts.get(party.id))


def read(table: Table, countries: Countries) -> tuple[tuple[VendorLine, ...], tuple[Flaw, ...]]:
    lines: list[VendorLine] = []
    flaws: list[Flaw] = []
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        line = Line(table, row)
        found = VendorLine(row.number, _facts(line, countries))
        _once(line, seen, "external_key", found.key)
        _once(line, seen, "corporate_number", found.facts.corporate_number)
        if not found.key and not found.facts.corporate_number:
            _once(line, seen, "name", f"{match_key(found.facts.name)} {found.facts.kana}".strip())
        flaws += line.flaws
        lines.append(found)
    return tuple(lines), tuple(flaws)


def _facts(line: Line, countries: Countries) -> VendorFacts:
    return VendorFacts(
        name=line.text("name"),
        kana=line.parsed("kana", reading, ""),
        corporate_number=line.parsed("corporate_number", corporate_number, None) or "",
        country=line.parsed("country", countries, ""),
        address=line.text("address"),
        contact_name=line.text("contact_name"),
        contact_department=line.text("contact_department"),
        contact_email=line.parsed("contact_email", normal_email, ""),
        contact_phone=line.text("contact_phone"),
        external_key=line.text("external_key"),
    )


def _once(line: Line, seen: dict[tuple[str, str], int], name: str, value: str) -> None:
    if not value:
        return
    first = seen.setdefault((name, value), line.number)
    if first != line.number:
        line.refuse(name, "import_row_twice", row=first)


def find(
    ctx: Context, tx: Transaction, table: Table, lines: tuple[VendorLine, ...]
) -> tuple[list[Found], list[Flaw]]:
    """Each line beside what the register has: by corporate number, by key, else by name and reading."""
    by_number = brought_in.vendors_by_number(tx, (line.facts.corporate_number for line in lines))
    by_key = brought_in.vendors_by_key(tx, (line.key for line in lines))
    unsure = [
        line for line in lines if line.facts.corporate_number not in by_number and line.key not in by_key
    ]
    alike: dict[tuple[str, str], list[Party]] = defaultdict(list)
    for each in brought_in.vendors_by_kana(tx, (line.facts.kana for line in unsure)):
        alike[match_key(each.name), each.kana].append(each)
    candidates = (*by_number.values(), *by_key.values(), *(row for rows in alike.values() for row in rows))
    contacts = party_contacts.first_of(ctx, tx, {each.id for each in candidates})
    found, flaws = [], []
    rows = {row.number: row for row in table.rows}
    for line in lines:
        one, other = by_number.get(line.facts.corporate_number), by_key.get(line.key)
        problem = _contradiction(line, one, other)
        if problem:
            told = Line(table, rows[line.number])
            told.refuse("external_key", problem)
            flaws += told.flaws
        party = one or other
        near = () if party else _near(line, alike)
        found.append(_settled(Found(line, party, near, contacts)))
    return found, flaws


def _contradiction(line: VendorLine, one: Party | None, other: Party | None) -> str:
    """Why key and corporate number can't both be true, or nothing."""
    if one and other and one.id != other.id:
        return "import_key_of_other"
    if one and line.key and one.external_key not in (None, line.key):
        return "import_key_differs"
    if other and other.corporate_number and line.facts.corporate_number not in ("", other.corporate_number):
        return "import_key_of_other"
    return ""


def _near(line: VendorLine, alike: Mapping[tuple[str, str], list[Party]]) -> tuple[Party, ...]:
    """Companies of this name and reading that aren't known to be another one."""
    number = line.facts.corporate_number
    rows = alike.get((match_key(line.facts.name), line.facts.kana), [])
    return tuple(row for row in rows if not number or row.corporate_number in (None, number))


def _settled(found: Found) -> Found:
    """Where nothing would change there is nothing to ask."""
    for each in found.alike:
        before = found.known(each)
        if before == into_register.filled(before, found.line.facts):
            return replace(found, party=each, alike=())
    return found


def seen(found: Found) -> SeenRow:
    """A line for the preview."""
    line = found.line
    note = line.facts.corporate_number or line.key
    if found.party is None and found.alike:
        matches = tuple(Match(each.id, each.number, each.name) for each in found.alike)
        return SeenRow(line.number, line.facts.name, note, Outcome.QUESTION, matches)
    if found.party is None:
        return SeenRow(line.number, line.facts.name, note, Outcome.NEW)
    before = found.known(found.party)
    changed = into_register.changes(before, into_register.filled(before, line.facts))
    match = (Match(found.party.id, found.party.number, found.party.name),)
    outcome = Outcome.CHANGED if changed else Outcome.SAME
    return SeenRow(line.number, line.facts.name, note, outcome, match, changed)


def write(
    ctx: Context, tx: Transaction, found: list[Found], answers: Mapping[int, str]
) -> tuple[int, int, int]:
    """Writes every line; (created, changed, unchanged). Raises Invalid('import_question_open', row=…).

    `answers`: row → id of the vendor it is, or "new".
    """
    settled = [(each, _answered(each, answers)) for each in found]
    fresh = [each.line.facts for each, party in settled if party is None]
    numbers = next_numbers(tx, Numbered.PARTY, len(fresh))
    into_register.add_vendors(tx, list(zip(numbers, fresh, strict=True)))
    changed, moved = 0, []
    for each, party in settled:
        if party is None:
            continue
        before = each.known(party)
        after = into_register.filled(before, each.line.facts)
        if after != before:
            if after.country != before.country:
                moved.append(party.id)
            into_register.change_vendor(party, after)
            into_register.put_contact(tx, party.id, each.contacts.get(party.id), after)
            changed += 1
    tx.flush()
    for party_id in moved:
        engagement_changes.vendor_moved(ctx, tx, party_id)
    return len(fresh), changed, len(found) - len(fresh) - changed


def _answered(found: Found, answers: Mapping[int, str]) -> Party | None:
    if found.party is not None or not found.alike:
        return found.party
    answer = answers.get(found.line.number, "")
    if answer == "new":
        return None
    for each in found.alike:
        if str(each.id) == answer:
            return each
    raise Invalid("import_question_open", row=found.line.number)
