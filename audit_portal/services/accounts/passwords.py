"""Passwords: Argon2id with the parameters of RFC 9106 (second recommendation), alike for known and unknown."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid

_hasher = PasswordHasher()


def prepared(password: str) -> str:
    """The same password typed on another keyboard is the same password (NFKC, NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def check_new(password: str, email: str, field: str = "password") -> None:
    """Raises Invalid when a new password is too short, too long, or just the address again."""
    password = prepared(password)
    if len(password) < limits.PASSWORD_MIN:
        raise Invalid("password_too_short", field=field, least=limits.PASSWORD_MIN)
    if len(password) > limits.PASSWORD_MAX:
        raise Invalid("password_too_long", field=field, most=limits.PASSWORD_MAX)
    if password.casefold() in (email.casefold(), email.split("@")[0].casefold()) or len(set(password)) < 4:
        raise Invalid("password_too_simple", field=field)


def hashed(password: str) -> str:
    return _hasher.hash(prepared(password))


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def matches(stored: str | None, password: str) -> bool:
    """Takes as long for an account that doesn't exist."""
    try:
        return _hasher.verify(stored or _nobody(), prepared(password)[: limits.PASSWORD_MAX]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False
