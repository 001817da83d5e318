"""ECDSA over P-256 with the lower of the two equally valid values of s.

Otherwise anybody could turn a signature into the other valid one, and a file would change without notice.
"""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, SEC 2 2.4.2


def sign_low(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """DER signature over SHA-256 of `data`."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return encode_dss_signature(r, min(s, _ORDER - s))


def is_low(signature: bytes) -> bool:
    try:
        _, s = decode_dss_signature(signature)
    except ValueError:
        return False
    return s <= _ORDER // 2
