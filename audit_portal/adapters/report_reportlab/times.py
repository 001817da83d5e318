"""Times and dates as people write them, in the installation's zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def day(value: date | None, language: str) -> str:
    if value is None:
        return "–"
    if language == "ja":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime, zone: str, language: str) -> str:
    """Minutes are enough for people; the manifest holds seconds and UTC."""
    local = value.astimezone(ZoneInfo(zone))
    if language == "ja":
        return f"{day(local, language)} {local:%H:%M}（{local.tzname()}）"
    return f"{day(local, language)}, {local:%H:%M} ({local.tzname()})"
