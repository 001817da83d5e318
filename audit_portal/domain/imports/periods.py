"""Periods of contracts as ledgers write them: how long one renews itself, until when notice can be given."""

from __future__ import annotations

import re
from datetime import date

from audit_portal.domain.contracts import add_months
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import plain_words, truth

_YEARS = r"(?:(?P<years>\d{1,3})(?:年間?|years?))?"
_MONTHS = r"(?:(?P<months>\d{1,4})(?:[かヶケカヵ]月間?|箇月間?|個月間?|months?))?"
_DAYS = r"(?:(?P<days>\d{1,5})(?:日間?|days?))?"
_RENEWAL = re.compile(rf"{_YEARS}{_MONTHS}(?:ごと|毎|ずつ|更新)*")
_NOTICE = re.compile(
    rf"(?:期間)?(?:満了の?|終了の?|末日の)?{_YEARS}{_MONTHS}と?{_DAYS}(?:以上)?(?:前|まで(?:に)?|beforetheend|before)*"
)
_NUMBER = re.compile(r"\d{1,4}")


def renewal_months(text: str) -> int | None:
    """`12`, `１年`, `6か月` → months; `なし` → None.

    Raises Invalid('renewal_length_needed') for a mere yes, Invalid('renewal_not_understood').
    """
    plain = plain_words(text)
    if found := _matched(_RENEWAL, plain):
        return found["years"] * 12 + found["months"]
    if _NUMBER.fullmatch(plain):
        return int(plain) or None
    try:
        renews = truth(text)
    except Invalid:
        raise Invalid("renewal_not_understood") from None
    if renews:
        raise Invalid("renewal_length_needed")
    return None


def notice_period(text: str) -> tuple[int, int]:
    """`3か月前`, `30日前`, `1か月と15日前` → (months, days). A bare number may be either, and is refused.

    Raises Invalid('notice_not_understood').
    """
    plain = plain_words(text)
    if found := _matched(_NOTICE, plain):
        return found["years"] * 12 + found["months"], found["days"]
    try:
        if not truth(text):
            return 0, 0
    except Invalid:
        pass
    raise Invalid("notice_not_understood")


def notice_by_day(ends_on: date, last: date) -> tuple[int, int]:
    """The period whose last day for notice, counted back from the end, is this one: whole months where it can
    be. Raises Invalid('notice_after_end')."""
    if last >= ends_on:
        raise Invalid("notice_after_end")
    months = (ends_on.year - last.year) * 12 + ends_on.month - last.month
    if months and add_months(ends_on, -months) == last:
        return months, 0
    return 0, (ends_on - last).days


def _matched(pattern: re.Pattern[str], plain: str) -> dict[str, int] | None:
    match = pattern.fullmatch(plain)
    if match is None or not any(match.groupdict().values()):
        return None
    return {"years": 0, "months": 0, "days": 0} | {
        name: int(text) for name, text in match.groupdict().items() if text
    }
