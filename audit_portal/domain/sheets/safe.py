"""Text that a spreadsheet would take for a formula, made safe (OWASP: CSV injection).

In CSV such a cell gets an apostrophe in front; in xlsx it is typed as text and marked by the cell's style.
"""

from __future__ import annotations

_BEGINS = tuple("=+-@\t\r\n＝＋－＠")
_NUMBERS = frozenset("0123456789.,")


def begins_formula(text: str) -> bool:
    return text.startswith(_BEGINS)


def csv_safe(text: str) -> str:
    """With an apostrophe before what could be run; a negative number stays a number."""
    if not text.startswith(_BEGINS) or (text[0] == "-" and len(text) > 1 and _NUMBERS.issuperset(text[1:])):
        return text
    return f"'{text}"


def csv_unsafe(text: str) -> str:
    """What `csv_safe` was given: a file of ours comes back as it left."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_BEGINS) else text
