"""How far a report is on its way to two signatures, and the two ways in which it ends without them."""

from __future__ import annotations

from enum import StrEnum


class ReportState(StrEnum):
    """The auditor certifies, the portal adds time stamp and validation data, then the officer, then again."""

    RENDERING = "rendering"
    AWAITING_AUDITOR = "awaiting_auditor"
    SEALING_AUDITOR = "sealing_auditor"
    AWAITING_OFFICER = "awaiting_officer"
    SEALING_OFFICER = "sealing_officer"
    FINAL = "final"
    OUTDATED = "outdated"  # the check it reports on was returned before it was finished
    WITHDRAWN = "withdrawn"  # a signer's certificate ended before the portal could seal the signature


ENDED = frozenset({ReportState.OUTDATED, ReportState.WITHDRAWN})
UNFINISHED = frozenset(ReportState) - ENDED - {ReportState.FINAL}
