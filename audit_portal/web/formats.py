"""Dates, numbers and sizes as people read them, in the language and time zone of the request.

The order of a date's parts is a translation like any other: the patterns are CLDR's (UTS #35).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask_babel import format_date, format_datetime, format_decimal, format_percent, ngettext
from flask_babel import gettext as _

UNITS = ("KB", "MB", "GB", "TB")


def day(value: date | None) -> str:
    """`2026年11月24日（火）`; a dash for no date."""
    return format_date(value, _("y年M月d日（E）")) if value else "–"


def short_day(value: date | None) -> str:
    """`11月24日（火）`, where the year is plain from the page."""
    return format_date(value, _("M月d日（E）")) if value else "–"


def month(value: date) -> str:
    """`2026年11月`."""
    return format_date(value, _("y年M月"))


def moment(value: datetime | None) -> str:
    """`2026年11月24日 10:12` in the installation's zone; `value` is aware."""
    return format_datetime(value, _("y年M月d日 HH:mm")) if value else "–"


def number(value: int | float | Decimal | None) -> str:
    """`48,000`; a dash for none."""
    return "–" if value is None else format_decimal(value)


def percent(part: int, whole: int) -> str:
    """`64%`, rounded down so that only all of it reads as 100%; of nothing, a dash."""
    return format_percent(part * 100 // whole / 100) if whole else "–"


def size(octets: int) -> str:
    """`4.8 MB`: steps of 1024, as the file managers people compare with count."""
    if octets < 1024:
        return ngettext("%(num)d バイト", "%(num)d バイト", octets)
    steps = 1
    while steps < len(UNITS) and round(octets / 1024**steps, 1) >= 1024:
        steps += 1
    return f"{format_decimal(round(octets / 1024**steps, 1))} {UNITS[steps - 1]}"


def days(count: int) -> str:
    """`6日`."""
    return ngettext("%(num)d日", "%(num)d日", count)


def due(value: date, today: date) -> str:
    """How far off a due date is: `あと 3日`, `あす`, `今日`, `12日 超過`."""
    left = (value - today).days
    if left < 0:
        return ngettext("%(num)d日 超過", "%(num)d日 超過", -left)
    if left < 2:
        return _("あす") if left else _("今日")
    return ngettext("あと %(num)d日", "あと %(num)d日", left)


def seat(title: str) -> str:
    """The title of a seat of a decision; the only seat where no route is laid is named by the role it needs."""
    return title or _("個人情報保護管理者")


FILTERS = {
    "day": day,
    "short_day": short_day,
    "month": month,
    "moment": moment,
    "number": number,
    "size": size,
    "days": days,
    "seat": seat,
}
