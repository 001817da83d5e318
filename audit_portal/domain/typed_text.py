"""Cleaning of text that people type, paste or keep in cells of a spreadsheet."""

from __future__ import annotations

import re
from unicodedata import category, is_normalized, normalize

# Marks that turn the direction of text: a file or company name could be made to read as another.
BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_BREAKS = re.compile(r"[\n\t]+")
LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def clean_text(text: str) -> str:
    """NFC, LF line ends, no control or direction marks, no space around."""
    if text.isprintable() and is_normalized("NFC", text):  # nothing to take out: by far the usual case
        return text.strip()
    kept = normalize("NFC", LINE_ENDS.sub("\n", text).translate(BIDI))
    return "".join(c for c in kept if c in "\n\t" or category(c) not in ("Cc", "Cs")).strip()


def clean_line(text: str) -> str:
    """As `clean_text`, on one line: what becomes a mail header or a table cell holds no line end."""
    cleaned = clean_text(text)
    return cleaned if cleaned.isprintable() else _BREAKS.sub(" ", cleaned)
