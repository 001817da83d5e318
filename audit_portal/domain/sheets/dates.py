"""Dates as they stand in Japanese ledgers: western, by era, or as a spreadsheet's serial number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from unicodedata import normalize

from audit_portal.domain.errors import Invalid

# First day of each era (元号を改める政令). A year past an era's end is taken: contracts were written so.
_ERAS = {
    "明治": date(1868, 10, 23), "M": date(1868, 10, 23), "大正": date(1912, 7, 30), "T": date(1912, 7, 30),
    "昭和": date(1926, 12, 25), "S": date(1926, 12, 25), "平成": date(1989, 1, 8), "H": date(1989, 1, 8),
    "令和": date(2019, 5, 1), "R": date(2019, 5, 1),
}  # fmt: skip
_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])\.?(元|\d{1,2})[年./-](\d{1,2})[月./-](\d{1,2})日?")
_WESTERN = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:[T ]\d{1,2}:\d{2}.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[1-9]\d{4}")  # 10000 … 99999: 1927-05-18 … 2173-10-13
_WEEKDAY = re.compile(r"[(][日月火水木金土](曜日?)?[)]$")
EPOCH = date(1899, 12, 30)  # with the 29 February 1900 that never was, for all days after it


def day(text: str) -> date:
    """The date a cell means. Raises Invalid('date_not_understood')."""
    plain = _WEEKDAY.sub("", normalize("NFKC", text).strip().upper()).strip()
    squeezed = re.sub(r"\s+(?!\d{1,2}:)", "", plain)
    try:
        if found := _WESTERN.fullmatch(squeezed) or _COMPACT.fullmatch(squeezed):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _ERA.fullmatch(squeezed):
            return _of_era(found)
        if _SERIAL.fullmatch(squeezed):
            return EPOCH + timedelta(days=int(squeezed))
    except ValueError:
        pass
    raise Invalid("date_not_understood")


def _of_era(found: re.Match[str]) -> date:
    first = _ERAS[found[1]]
    year = 1 if found[2] == "元" else int(found[2])
    if year < 1:
        raise ValueError("eras begin with their first year")
    day = date(first.year + year - 1, int(found[3]), int(found[4]))
    if day < first:
        raise ValueError("before the era began")
    return day


def from_serial(serial: float, from_1904: bool = False) -> str:
    """ISO text of a spreadsheet's day number; with the time when there is one. Raises ValueError."""
    if from_1904:
        serial += 1462
    if not 0 <= serial < 2_958_466:  # 9999-12-31
        raise ValueError("no day has this number")
    whole = int(serial)
    minutes = round((serial - whole) * 1440)
    shown = EPOCH + timedelta(days=whole + (whole < 60))
    clock = f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
    if whole == 0:
        return clock
    return shown.isoformat() if not minutes else f"{shown.isoformat()} {clock}"
