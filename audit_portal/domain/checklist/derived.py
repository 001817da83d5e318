"""Items the portal answers itself, from what it knows; what isn't here stays unanswered."""

from __future__ import annotations

from audit_portal.domain.checklist.model import AnsweredBy, AnswerValue, Item

# SEL-016: the portal asks every vendor the full list, whatever its size (PPC guideline, 別添10).
# PRV-052: an earlier answer is written into an assessment by its confirmation alone (services: carrying).
_KNOWN = {"SEL-016": AnswerValue.YES, "PRV-052": AnswerValue.YES}


def derived(items: tuple[Item, ...]) -> dict[str, AnswerValue]:
    """The portal's own answers to the portal items among these."""
    return {
        item.id: _KNOWN[item.id]
        for item in items
        if item.answered_by is AnsweredBy.PORTAL and item.id in _KNOWN
    }
