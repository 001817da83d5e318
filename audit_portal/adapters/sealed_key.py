"""A person's private key, sealed so that only their signing passphrase opens it.

Layout: `APK1` | Argon2id time, memory (KiB), lanes as big-endian 32 bits | salt 16 | nonce 12 | AES-256-GCM
of the PKCS#8 key. The head and the context are authenticated, so a blob moved to another certificate or
with weakened costs does not open. Argon2id: RFC 9106, with t=3, 64 MiB as its second recommendation.
"""

from __future__ import annotations

import os
import struct
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit_portal.domain.errors import Invalid
from audit_portal.domain.limits import PASSWORD_MAX, SIGNING_PASSPHRASE_MIN

_MAGIC = b"APK1"
_COSTS = (3, 64 * 1024, 4)
_HEAD = len(_MAGIC) + 12
_SALT, _NONCE = 16, 12


def check_passphrase(passphrase: str) -> None:
    """Raises Invalid('passphrase_too_short' | 'passphrase_too_long')."""
    length = len(_normal(passphrase))
    if length < SIGNING_PASSPHRASE_MIN:
        raise Invalid("passphrase_too_short", field="passphrase", minimum=SIGNING_PASSPHRASE_MIN)
    if length > PASSWORD_MAX:
        raise Invalid("passphrase_too_long", field="passphrase", maximum=PASSWORD_MAX)


def seal(key: ec.EllipticCurvePrivateKey, passphrase: str, context: bytes) -> bytes:
    """`context` names what the key belongs to: the fingerprint of its certificate."""
    head = _MAGIC + struct.pack(">3I", *_COSTS)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return head + salt + nonce + AESGCM(_derive(passphrase, salt)).encrypt(nonce, plain, head + context)


def open_sealed(sealed: bytes, passphrase: str, context: bytes) -> ec.EllipticCurvePrivateKey:
    """The key. Raises Invalid('passphrase_wrong'), also for a damaged or foreign blob: they look alike."""
    wrong = Invalid("passphrase_wrong", field="passphrase")
    head, rest = sealed[:_HEAD], sealed[_HEAD:]
    if head != _MAGIC + struct.pack(">3I", *_COSTS) or len(_normal(passphrase)) > PASSWORD_MAX:
        raise wrong
    salt, nonce, box = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        plain = AESGCM(_derive(passphrase, salt)).decrypt(nonce, box, head + context)
    except (InvalidTag, ValueError):
        raise wrong from None
    key = serialization.load_der_private_key(plain, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise wrong
    return key


def _normal(passphrase: str) -> str:
    """One form for one text, however it was typed (RFC 8265 4.2.2)."""
    return unicodedata.normalize("NFC", passphrase)


def _derive(passphrase: str, salt: bytes) -> bytes:
    time, memory, lanes = _COSTS
    secret = _normal(passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(secret, salt, time, memory, lanes, 32, Type.ID)
