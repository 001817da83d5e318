"""The states of a decision and of a report on its way to two signatures."""

from __future__ import annotations

from enum import StrEnum


class DecisionState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class ReportState(StrEnum):
    """The auditor certifies, the portal adds time stamp and validation data, then the officer, then again."""

    RENDERING = "rendering"
    AWAITING_AUDITOR = "awaiting_auditor"
    SEALING_AUDITOR = "sealing_auditor"
    AWAITING_OFFICER = "awaiting_officer"
    SEALING_OFFICER = "sealing_officer"
    FINAL = "final"
