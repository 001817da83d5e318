"""All tables; importing this registers every one of them with the metadata."""

from audit_portal.storage.tables import (
    accounts,
    approvals,
    assessments,
    brought_in,
    contracts,
    engagement_facts,
    given,
    on_behalf,
    process,
    register,
    reviewing,
    rounds,
    routes,
    sheets,
    supervision,
    system,
)

__all__ = [
    "accounts",
    "approvals",
    "assessments",
    "brought_in",
    "contracts",
    "engagement_facts",
    "given",
    "on_behalf",
    "process",
    "register",
    "reviewing",
    "rounds",
    "routes",
    "sheets",
    "supervision",
    "system",
]
