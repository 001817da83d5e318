"""All tables; importing this registers every one of them with the metadata."""

from audit_portal.storage.tables import (
    accounts,
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
    sheets,
    supervision,
    system,
)

__all__ = [
    "accounts",
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
    "sheets",
    "supervision",
    "system",
]
