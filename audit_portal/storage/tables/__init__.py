"""All tables; importing this registers every one of them with the metadata."""

from audit_portal.storage.tables import accounts, assessments, contracts, process, rounds, supervision, system

__all__ = ["accounts", "assessments", "contracts", "process", "rounds", "supervision", "system"]
