"""The embedded fonts, and text made fit for them.

Text in reports comes from outside. `visible` drops what only deceives the eye (controls, bidirectional
overrides, invisible characters) and writes a character the font lacks as [U+1F600], never as an empty box.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "NotoSansJP", "NotoSansJP-Bold"
_FOLDER = Path(__file__).parent.parent / "fonts"
_FILES = {REGULAR: _FOLDER / "NotoSansJP-Regular.ttf", BOLD: _FOLDER / "NotoSansJP-Bold.ttf"}

_DROP = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_ALIKE = str.maketrans({"\t": " ", "\u2011": "-", "\u00a0": " ", "\u202f": " "})
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_LONG_RUN = re.compile(r"\S{40}")


@cache
def register() -> frozenset[int]:
    """Loads both fonts once a process (about 0.4 s each); the code points that both can draw."""
    drawable: list[frozenset[int]] = []
    for name, path in _FILES.items():
        font = TTFont(name, str(path))
        pdfmetrics.registerFont(font)
        drawable.append(frozenset(font.face.charToGlyph))
    for bold in (0, 1):
        for italic in (0, 1):
            addMapping(REGULAR, bold, italic, BOLD if bold else REGULAR)
    return drawable[0] & drawable[1]


def visible(text: str) -> str:
    """The text as it can be drawn. Line feeds stay; everything else without a shape goes or is spelt out."""
    drawable = register()
    text = _DROP.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(_ALIKE))
    if all(ord(char) in drawable or char == "\n" for char in set(text)):
        return text
    return "".join(char if ord(char) in drawable or char == "\n" else f"[U+{ord(char):04X}]" for char in text)


def markup(text: str) -> str:
    """Outside text for reportlab's paragraph markup: nothing in it is a tag."""
    return escape(visible(text), {'"': "&quot;", "'": "&#39;"}).replace("\n", "<br/>")


def breaks_anywhere(text: str) -> bool:
    """Whether lines must break between any two characters: Japanese, or a run without a space."""
    return bool(_WIDE.search(text) or _LONG_RUN.search(text))


def clip(text: str, length: int) -> str:
    """For places of fixed size; the manifest holds the whole."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
