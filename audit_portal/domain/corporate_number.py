"""Japan's corporate number (法人番号): 13 digits, the first a check digit.

Source: 法人番号の指定等に関する省令 第2条 (check digit = 9 - (Σ Pn × Qn mod 9)).
"""

from __future__ import annotations

import unicodedata

from audit_portal.domain.errors import Invalid


def corporate_number(raw: str, field: str = "corporate_number") -> str | None:
    """The 13 digits, or None for nothing typed. Raises Invalid('corporate_number_wrong')."""
    digits = unicodedata.normalize("NFKC", raw).replace("-", "").replace(" ", "")
    if not digits:
        return None
    if (
        len(digits) != 13
        or not digits.isdecimal()
        or not digits.isascii()
        or digits[0] != check_digit(digits[1:])
    ):
        raise Invalid("corporate_number_wrong", field=field)
    return digits


def check_digit(base: str) -> str:
    """The digit that stands before the twelve digits of `base`."""
    total = sum(map(int, base[::-2])) + 2 * sum(map(int, base[-2::-2]))  # every second digit counts twice
    return str(9 - total % 9)
