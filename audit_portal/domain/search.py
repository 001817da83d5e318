"""Names as they are looked for: one spelling for all that a person takes for the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit_portal.domain.sheets import match_key

# Kind of row → its columns that a search looks into.
SEARCHED: Mapping[str, tuple[str, ...]] = {
    "party": ("name", "kana", "number"),
    "engagement": ("title",),
    "engagement_link": ("number",),
}
# Hiragana to katakana: the two rows stand 0x60 apart (Unicode blocks 3040 and 30A0).
KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def search_key(text: str) -> str:
    """As `match_key` (half and full width, capitals, variants of characters), and kana of either kind alike."""
    return match_key(text).translate(KATAKANA)


def key_of(kind: str, body: Mapping[str, Any]) -> str:
    """The key of a row of one of the searched kinds: its columns, each on a line; no key has a line end in it."""
    return "\n".join(search_key(body[name]) for name in SEARCHED[kind])
