"""The columns of the tables people bring in, as they are called in Japanese ledgers."""

from __future__ import annotations

from collections.abc import Mapping

from audit_portal.domain.imports.columns.contracts import CONTRACTS
from audit_portal.domain.imports.columns.engagements import ENGAGEMENTS
from audit_portal.domain.imports.columns.evaluations import EVALUATIONS
from audit_portal.domain.imports.columns.vendors import VENDORS
from audit_portal.domain.imports.table import Column, ImportKind

COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.VENDORS: VENDORS,
    ImportKind.ENGAGEMENTS: ENGAGEMENTS,
    ImportKind.CONTRACTS: CONTRACTS,
    ImportKind.EVALUATIONS: EVALUATIONS,
}
SHEET_NAMES: Mapping[ImportKind, str] = {
    ImportKind.VENDORS: "委託先",
    ImportKind.ENGAGEMENTS: "委託業務",
    ImportKind.CONTRACTS: "契約",
    ImportKind.EVALUATIONS: "過去の評価",
}
