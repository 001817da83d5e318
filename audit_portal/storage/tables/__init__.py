"""All tables; importing this registers every one of them with the metadata."""

from audit_portal.storage.tables import (
    accounts,
    assessments,
    contracts,
    engagement_facts,
    process,
    register,
    rounds,
    supervision,
    system,
)

__all__ = [
    "accounts",
    "assessments",
    "contracts",
    "engagement_facts",
    "process",
    "register",
    "rounds",
    "supervision",
    "system",
]
