"""Items that nobody is asked: what the portal's own records say of them."""

from __future__ import annotations

from audit_portal.domain.checklist import AnsweredBy, AnswerValue
from audit_portal.domain.checklist.derived import derived
from audit_portal.domain.report import Bilingual, DecisionFacts, DecisionOutcome, PortalItem
from audit_portal.services.assessments.sheets import Sheet

_ALWAYS = Bilingual(
    "ポータルのどのチェックも、会社の規模や前回の回答にかかわらず、このとおりに動きます。",
    "Every check of the portal works this way, whatever the vendor's size or its earlier answers.",
)


def portal_items(found: Sheet, made: DecisionFacts | None, documents: int) -> tuple[PortalItem, ...]:
    """`made`: the decision on this check; `documents`: how many the contracts in use have."""
    values = {code: (value, _ALWAYS) for code, value in derived(found.items).items()}
    if made is not None:
        approved = made.outcome is DecisionOutcome.APPROVED
        said = AnswerValue.YES if approved else AnswerValue.NO
        how = Bilingual(f"決裁 {made.number} の記録", f"Record of decision {made.number}")
        values["SEL-039"] = (said, how)
    if documents:
        how = Bilingual(
            f"契約の文書 {documents} 件の版、登録者、登録日時と変更の記録",
            f"Versions, registrants, times and changes on record for {documents} contract documents",
        )
        values["CON-049"] = (AnswerValue.YES, how)
    return tuple(
        PortalItem(item.id, Bilingual(item.question.ja, item.question.en), *values[item.id])
        for item in found.items
        if item.answered_by is AnsweredBy.PORTAL and item.id in values
    )
