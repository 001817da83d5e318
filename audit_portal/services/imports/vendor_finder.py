"""Finds the vendor that a row names: by corporate number, by the other system's number, else by its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from audit_portal.domain.imports import Line
from audit_portal.domain.sheets import match_key
from audit_portal.storage import brought_in
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction


class NamesVendor(Protocol):
    """What a row says of a vendor; empty where it says nothing."""

    @property
    def vendor_name(self) -> str: ...
    @property
    def vendor_number(self) -> str: ...
    @property
    def vendor_key(self) -> str: ...


class VendorFinder:
    def __init__(self, tx: Transaction, lines: Sequence[NamesVendor]) -> None:
        self._numbers = brought_in.vendors_by_number(tx, (line.vendor_number for line in lines))
        self._keys = brought_in.vendors_by_key(tx, (line.vendor_key for line in lines))
        self._names: dict[str, list[Party]] = defaultdict(list)
        if any(not line.vendor_number and not line.vendor_key for line in lines):
            for row in brought_in.all_vendors(tx):  # spellings differ: no query of the database finds them
                self._names[match_key(row.name)].append(row)

    @property
    def ids(self) -> set[UUID]:
        """Of every vendor that a row may mean."""
        named = (row for rows in self._names.values() for row in rows)
        return {row.id for row in (*self._numbers.values(), *self._keys.values(), *named)}

    def of(self, line: NamesVendor, told: Line) -> Party | None:
        """None when it isn't there, or not for sure; `told` names the cell then."""
        if line.vendor_number:
            return self._known("vendor_number", self._numbers.get(line.vendor_number), told)
        if line.vendor_key:
            return self._known("vendor_key", self._keys.get(line.vendor_key), told)
        alike = self._names.get(match_key(line.vendor_name), [])
        if len(alike) > 1:
            told.refuse("vendor_name", "import_vendor_unclear", count=len(alike))
            return None
        return self._known("vendor_name", alike[0] if alike else None, told)

    @staticmethod
    def _known(name: str, row: Party | None, told: Line) -> Party | None:
        if row is None:
            told.refuse(name, "import_vendor_unknown")
        return row
