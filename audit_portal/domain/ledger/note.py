"""Signed notes (C2SP signed-note, Ed25519 only): a text, an empty line, and lines of signatures."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit_portal.domain import errors

NOTE_CHARACTERS = 256 * 1024  # room for 16 post-quantum cosignatures, which the specification asks for
NOTE_SIGNATURES = 100

_ED25519 = b"\x01"
_KEY_BYTES = 32
_KEY_ID_BYTES = 4
_DASH = "— "
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_KEY_ID_HEX = re.compile("[0-9a-f]{8}")


@dataclass(frozen=True)
class _Signature:
    name: str
    key_id: bytes
    value: bytes


def key_id(name: str, public_key: bytes) -> bytes:
    """SHA-256(name || 0x0A || 0x01 || 32-byte public key), first 4 bytes."""
    return sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:_KEY_ID_BYTES]


def verifier_key(name: str, public_key: Ed25519PublicKey) -> str:
    """`name+hexid+base64(0x01 || public key)`: what to hand to whoever shall check notes.

    Raises Invalid('note_name_malformed').
    """
    _check_name(name)
    raw = public_key.public_bytes_raw()
    return f"{name}+{key_id(name, raw).hex()}+{base64.b64encode(_ED25519 + raw).decode()}"


def parse_verifier_key(text: str) -> tuple[str, bytes, Ed25519PublicKey]:
    """(name, 4-byte key id, public key). Raises Invalid('verifier_key_malformed')."""
    name, _, rest = text.partition("+")  # a name has no plus, base64 may
    identifier, _, encoded = rest.partition("+")
    material = decode_base64(encoded)
    wrong = material is None or len(material) != 1 + _KEY_BYTES or material[:1] != _ED25519
    if wrong or not is_key_name(name) or not _KEY_ID_HEX.fullmatch(identifier):
        raise errors.Invalid("verifier_key_malformed")
    raw = material[1:]  # type: ignore[index]  # None was refused above
    if key_id(name, raw).hex() != identifier:
        raise errors.Invalid("verifier_key_malformed")
    return name, bytes.fromhex(identifier), Ed25519PublicKey.from_public_bytes(raw)


def sign_note(body: str, name: str, private_key: Ed25519PrivateKey) -> str:
    """The note over `body`, which ends in a newline, with one signature under the key name `name`.

    Raises Invalid('note_body_malformed' | 'note_name_malformed').
    """
    _check_name(name)
    if not body.endswith("\n") or not _is_clean(body) or len(body) > NOTE_CHARACTERS // 2:
        raise errors.Invalid("note_body_malformed")
    identifier = key_id(name, private_key.public_key().public_bytes_raw())
    signature = base64.b64encode(identifier + private_key.sign(body.encode())).decode()
    return f"{body}\n{_DASH}{name} {signature}\n"


def open_note(text: str | bytes, verifier_keys: Iterable[str]) -> str:
    """The text of a note, once a known key's signature over it is found good.

    Signatures by unknown keys are passed over; one bad signature by a known key refuses the note.
    Raises Invalid('note_malformed' | 'note_key_unknown' | 'note_signature_bad' | 'verifier_key_malformed').
    """
    known: dict[tuple[str, bytes], Ed25519PublicKey] = {}
    for key in verifier_keys:
        name, identifier, public_key = parse_verifier_key(key)
        if known.setdefault((name, identifier), public_key) != public_key:
            raise errors.Invalid("verifier_key_malformed")  # two keys that a signature line can't tell apart
    body, signatures = _split(_decoded(text))
    good = 0
    for signature in signatures:
        if holder := known.get((signature.name, signature.key_id)):
            _check_signature(holder, signature, body)
            good += 1
    if not good:
        raise errors.Invalid("note_key_unknown")
    return body


def is_key_name(name: str) -> bool:
    """Not empty, no white space, plus or control character."""
    return bool(name) and _is_clean(name) and "+" not in name and not any(map(str.isspace, name))


def decode_base64(text: str) -> bytes | None:
    """Bytes of standard base64 in its one canonical spelling (RFC 4648 section 4), else None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _check_name(name: str) -> None:
    if not is_key_name(name):
        raise errors.Invalid("note_name_malformed", name=name)


def _check_signature(public_key: Ed25519PublicKey, signature: _Signature, body: str) -> None:
    try:
        public_key.verify(signature.value, body.encode())
    except InvalidSignature:
        raise errors.Invalid("note_signature_bad", name=signature.name) from None


def _decoded(text: str | bytes) -> str:
    try:
        note = text.decode() if isinstance(text, bytes) else text
    except UnicodeDecodeError:
        raise errors.Invalid("note_malformed") from None
    if len(note) > NOTE_CHARACTERS or not _is_clean(note):
        raise errors.Invalid("note_malformed")
    return note


def _split(note: str) -> tuple[str, list[_Signature]]:
    """Text and signatures; the text may hold empty lines, so the last one divides."""
    head, divider, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not divider or lines.pop() or not 0 < len(lines) <= NOTE_SIGNATURES:
        raise errors.Invalid("note_malformed")
    return head + "\n", [_parse_signature(line) for line in lines]


def _parse_signature(line: str) -> _Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    value = decode_base64(encoded)
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise errors.Invalid("note_malformed")
    if value is None or len(value) <= _KEY_ID_BYTES:
        raise errors.Invalid("note_malformed")
    return _Signature(name, value[:_KEY_ID_BYTES], value[_KEY_ID_BYTES:])


def _is_clean(text: str) -> bool:
    """Well-formed Unicode without control characters other than the newline."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return not _CONTROL.search(text)
