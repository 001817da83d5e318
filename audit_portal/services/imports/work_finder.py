"""Finds the engagement that a row is about: by its number (the portal's or one's own), else by vendor and title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.corporate_number import corporate_number
from audit_portal.domain.imports import Line
from audit_portal.domain.sheets import match_key, plain_words
from audit_portal.services.imports.vendor_finder import VendorFinder
from audit_portal.storage import brought_in
from audit_portal.storage.brought_in import Work
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Named:
    """How a row names its engagement."""

    work: str
    vendor_name: str
    vendor_number: str
    work_title: str
    vendor_key: str = ""


def named(line: Line) -> Named:
    """Refuses the cell when a row says neither a number, nor vendor and title."""
    found = Named(
        line.text("work"),
        line.text("vendor_name"),
        line.parsed("vendor_number", corporate_number, None) or "",
        line.text("work_title"),
    )
    if not found.work:
        if not found.vendor_name and not found.vendor_number:
            line.refuse("vendor_name", "import_work_needed")
        if not found.work_title:
            line.refuse("work_title", "import_work_needed")
    return found


class WorkFinder:
    def __init__(self, tx: Transaction, rows: Sequence[Named]) -> None:
        numbers = [row.work for row in rows]
        by_name = [row for row in rows if not row.work]
        self._by_number: dict[str, set[UUID]] = defaultdict(set)
        own = brought_in.engagements_by_number(tx, (plain_words(each).upper() for each in numbers))
        for number, work in own.items():
            self._by_number[plain_words(number)].add(work)
        for key, work in brought_in.engagements_by_key(tx, numbers).items():
            self._by_number[plain_words(key)].add(work)
        self._vendors = VendorFinder(tx, by_name)
        self._titles: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
        for vendor, title, work in brought_in.titles_of_vendors(tx, self._vendors.ids):
            self._titles[vendor, match_key(title)].append(work)
        found = {*(each for some in self._by_number.values() for each in some)}
        found |= {each for some in self._titles.values() for each in some}
        self._works = brought_in.works(tx, found)

    def of(self, row: Named, told: Line) -> Work | None:
        """None when it isn't there, or not for sure; `told` names the cell then."""
        if row.work:
            return self._by_its_number(row, told)
        if not (row.vendor_name or row.vendor_number) or not row.work_title:
            return None  # named as a flaw already
        vendor = self._vendors.of(row, told)
        if vendor is None:
            return None
        return self._one("work_title", self._titles[vendor.id, match_key(row.work_title)], told)

    def _by_its_number(self, row: Named, told: Line) -> Work | None:
        found = self._one("work", sorted(self._by_number[plain_words(row.work)]), told)
        if found and row.vendor_name and match_key(row.vendor_name) != match_key(found.vendor_name):
            told.refuse("vendor_name", "import_work_of_other", vendor=found.vendor_name)
            return None
        return found

    def _one(self, name: str, found: Sequence[UUID], told: Line) -> Work | None:
        if len(found) > 1:
            told.refuse(name, "import_work_unclear", count=len(found))
        elif not found:
            told.refuse(name, "import_work_unknown")
        return self._works[found[0]] if len(found) == 1 else None
