"""Readings of names in one spelling, so that lists sort by them and searches find them."""

from __future__ import annotations

import re
import unicodedata

from audit_portal.domain import limits

_KANA_ALONE = re.compile("[\u3041-\u3096\u30a1-\u30fc\uff66-\uff9f\\s]+")
# Hiragana to katakana: the two rows stand 0x60 apart (Unicode blocks 3040 and 30A0).
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def reading(raw: str) -> str:
    """One spelling of a reading, so that lists sort by it: full-width katakana, however it was typed."""
    return unicodedata.normalize("NFKC", raw).translate(_KATAKANA).strip()[: limits.KANA]


def searched(typed: str) -> str:
    """What a search looks for: typed in kana alone, it looks for the reading."""
    wanted = typed.strip()[: limits.NAME]
    return reading(wanted) if _KANA_ALONE.fullmatch(wanted) else wanted
