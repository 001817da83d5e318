"""Readings of names in one spelling, so that lists sort by them and searches find them."""

from __future__ import annotations

import re
import unicodedata

from audit_portal.domain import limits
from audit_portal.domain.search import KATAKANA

_KANA_ALONE = re.compile("[\u3041-\u3096\u30a1-\u30fc\uff66-\uff9f\\s]+")
# ASCII to its full-width forms, 0xFEE0 apart (block FF00), and full-width katakana to half-width ones.
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_NARROW = {ord(unicodedata.normalize("NFKC", chr(code))): code for code in range(0xFF61, 0xFFA0)}


def reading(raw: str) -> str:
    """One spelling of a reading, so that lists sort by it: full-width katakana, however it was typed."""
    return unicodedata.normalize("NFKC", raw).translate(KATAKANA).strip()[: limits.KANA]


def spellings(typed: str) -> frozenset[str]:
    """The ways in which what was typed may be stored: as it is, half or full width, kana as a reading.

    Empty when nothing is looked for.
    """
    wanted = typed.replace("\0", "").strip()[: limits.NAME]
    if not wanted:
        return frozenset()
    plain = unicodedata.normalize("NFKC", wanted).strip()
    # Neither SQLite nor LIKE knows that full-width capitals are capitals: both are looked for.
    wide = {each.translate(_WIDE) for each in (plain, plain.upper(), plain.lower())}
    found = {wanted, plain, *wide, "".join(map(_half_width, plain))}
    if _KANA_ALONE.fullmatch(wanted):
        found.add(reading(wanted))
    return frozenset(found - {""})


def _half_width(letter: str) -> str:
    """A katakana letter as its half-width form, its voicing mark behind it; any other as it is."""
    if not "\u3001" <= letter <= "\u30ff" or "\u3041" <= letter <= "\u3096":
        return letter
    return unicodedata.normalize("NFD", letter).translate(_NARROW)
