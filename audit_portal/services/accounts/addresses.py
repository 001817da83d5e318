"""E-mail addresses in the one spelling under which they are known."""

from __future__ import annotations

import re
import unicodedata

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid

_LABEL = "[a-z0-9](?:[a-z0-9]{0,61}[a-z0-9])?"  # without hyphens: what they may mean the library knows
_USUAL = re.compile(rf"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:{_LABEL}\.)+[a-z]{{2,63}}")
_SPECIAL = frozenset(SPECIAL_USE_DOMAIN_NAMES)


def normal_email(raw: str, field: str = "email") -> str:
    """Raises Invalid('email_wrong')."""
    typed = unicodedata.normalize("NFKC", raw).strip()
    if _is_usual(typed.lower()):
        return typed.lower()
    try:
        found = validate_email(typed, check_deliverability=False)
    except EmailNotValidError as error:
        raise Invalid("email_wrong", field=field) from error
    address = found.normalized.lower()
    if len(address) > limits.EMAIL:  # a letter may become two when it is made small
        raise Invalid("email_wrong", field=field)
    return address


def _is_usual(address: str) -> bool:
    """Letters and digits of ASCII in the usual places, as the library would take them; a ledger has thousands."""
    if not address.isascii() or len(address) > limits.EMAIL or not _USUAL.fullmatch(address):
        return False
    local, _, domain = address.partition("@")
    labels = domain.split(".")
    ends = (".".join(labels[place:]) for place in range(len(labels)))
    return len(local) <= 64 and not _SPECIAL.intersection(ends)
