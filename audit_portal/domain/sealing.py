"""Encryption of evidence and wrapping of keys. Pure computation: bytes in, bytes out.

Evidence: Cobblestone-256 (https://c2sp.org/chunked-encryption with SHA-512 and AES-256-GCM). A sealed object
is a 24-byte salt, a 32-byte key commitment, then chunks of 16 KiB + 16-byte tag, the last one always shorter:
the length is part of what is authenticated. Keys: AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol
from uuid import UUID

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from audit_portal.domain.errors import Invalid, Misconfigured

KEY = 32
SALT = 24
COMMITMENT = 32
HEADER = SALT + COMMITMENT
CHUNK = 16 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG
PIECE = 64 * CHUNK  # 1 MiB: what goes through the cipher in one call

_DERIVE = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"
_NONCE = 12
_WRAP_FORMAT = b"\x01"  # AES-256-GCM: format byte, nonce, ciphertext with tag


class Sink(Protocol):
    def write(self, data: bytes | memoryview) -> None: ...


@dataclass(frozen=True)
class Sealed:
    """What was sealed: digest and size of the plaintext, size of the sealed object, in bytes."""

    sha256: str
    plain_size: int
    sealed_size: int


class Sealer:
    """Encrypts and hashes one message in one pass, with two buffers of 1 MiB whatever its size.

    A key and context are for one message. After an error in the sink the object is lost; begin a new one.
    """

    def __init__(self, sink: Sink, data_key: bytes, context: bytes) -> None:
        self._sink = sink
        self._encryptor = Cobblestone256Encryptor(data_key, context)
        self._sha256 = hashlib.sha256()
        self._piece = memoryview(bytearray(PIECE))
        self._filled = 0
        self._sealed_piece = memoryview(bytearray(HEADER + PIECE // CHUNK * SEALED_CHUNK))
        self._plain_size = 0
        self._sealed_size = 0

    def write(self, data: bytes | memoryview) -> None:
        """Takes the next bytes; they reach the sink, encrypted, at the latest with `finish`."""
        rest = memoryview(data).cast("B")
        while rest:
            if not self._filled and len(rest) >= PIECE:
                taken = PIECE
                self._seal(rest[:PIECE])  # no copy
            else:
                taken = min(len(rest), PIECE - self._filled)
                self._piece[self._filled : self._filled + taken] = rest[:taken]
                self._filled += taken
                if self._filled == PIECE:
                    self._seal(self._piece)
                    self._filled = 0
            rest = rest[taken:]

    def finish(self) -> Sealed:
        """Seals the last, short chunk. The sink holds the whole object afterwards, not yet committed."""
        last = self._piece[: self._filled]
        self._sha256.update(last)
        self._plain_size += len(last)
        self._put(self._encryptor.update(last) + self._encryptor.finalize())
        return Sealed(self._sha256.hexdigest(), self._plain_size, self._sealed_size)

    def _seal(self, piece: memoryview) -> None:
        # Hashing in a second thread gains little on an idle machine and loses much on a busy one.
        self._sha256.update(piece)
        self._plain_size += len(piece)
        size = self._encryptor.update_into(piece, self._sealed_piece)
        self._put(self._sealed_piece[:size])

    def _put(self, sealed: bytes | memoryview) -> None:
        self._sink.write(sealed)
        self._sealed_size += len(sealed)


def unseal(stream: BinaryIO, data_key: bytes, context: bytes) -> Iterator[bytes]:
    """The plaintext of a whole sealed object, in pieces of about 1 MiB, each authenticated first.

    Raises Invalid('evidence_damaged') at the first piece that isn't what was sealed; a truncation shows only
    after the last piece, so act on the whole only once the iterator has ended.
    """
    decryptor = Cobblestone256Decryptor(data_key, context)
    try:
        while sealed := stream.read(PIECE):
            if plain := decryptor.update(sealed):
                yield plain
        if plain := decryptor.finalize():
            yield plain
    except InvalidTag as error:
        raise Invalid("evidence_damaged") from error


def plain_size(sealed_size: int) -> int:
    """Bytes of plaintext in a sealed object of this size. Raises Invalid('evidence_damaged').

    Trust it only after `read_range` or `unseal` has authenticated the object's end.
    """
    chunks, last = divmod(sealed_size - HEADER, SEALED_CHUNK)
    if sealed_size < HEADER or last < TAG:
        raise Invalid("evidence_damaged")
    return chunks * CHUNK + last - TAG


def read_range(
    stream: BinaryIO, sealed_size: int, data_key: bytes, context: bytes, start: int, length: int
) -> Iterator[bytes]:
    """`length` bytes of plaintext from offset `start`, in pieces of at most 1 MiB.

    `sealed_size` is what the store says; the header and the last chunk, and with it the length, are checked
    before this returns. Raises Invalid('evidence_damaged'), ValueError for a range outside the plaintext.
    """
    size = plain_size(sealed_size)
    if start < 0 or length < 0 or start + length > size:
        raise ValueError(f"range {start}+{length} lies outside {size} bytes")
    stream.seek(0)
    chunks = _Chunks(_exactly(stream, HEADER), data_key, context)
    last = size // CHUNK
    stream.seek(HEADER + last * SEALED_CHUNK)
    chunks.open(last, _exactly(stream, size % CHUNK + TAG))
    if stream.read(1):
        raise Invalid("evidence_damaged")
    return _range(stream, chunks, size, start, length)


def _range(stream: BinaryIO, chunks: _Chunks, size: int, start: int, length: int) -> Iterator[bytes]:
    end = start + length
    number = start // CHUNK
    stream.seek(HEADER + number * SEALED_CHUNK)
    while number * CHUNK < end:
        here = number * CHUNK
        count = min(PIECE // CHUNK, -(-(end - here) // CHUNK))  # chunks in this piece
        plain_here = min(count * CHUNK, size - here)
        sealed = memoryview(_exactly(stream, plain_here + count * TAG))
        plain = b"".join(
            chunks.open(number + each, sealed[each * SEALED_CHUNK : (each + 1) * SEALED_CHUNK])
            for each in range(count)
        )
        yield plain[max(start - here, 0) : end - here]
        number += count


class _Chunks:
    """Opens single chunks of one sealed object, once its header has shown that the key is the right one."""

    def __init__(self, header: bytes, data_key: bytes, context: bytes) -> None:
        salt, commitment = header[:SALT], header[SALT:]
        derived = HKDFExpand(SHA512(), KEY + _NONCE + COMMITMENT, _DERIVE + salt + context).derive(data_key)
        if not hmac.compare_digest(derived[KEY + _NONCE :], commitment):
            raise Invalid("evidence_damaged")
        self._cipher = AESGCM(derived[:KEY])
        self._nonce = int.from_bytes(derived[KEY : KEY + _NONCE], "big")

    def open(self, number: int, sealed: bytes | memoryview) -> bytes:
        try:
            return self._cipher.decrypt((self._nonce ^ number).to_bytes(_NONCE, "big"), sealed, None)
        except InvalidTag as error:
            raise Invalid("evidence_damaged") from error


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    while len(data) < size:  # a network stream may give less than asked
        more = stream.read(size - len(data))
        if not more:
            raise Invalid("evidence_damaged")
        data += more
    return data


def new_data_key() -> bytes:
    """A random key for one evidence version."""
    return os.urandom(KEY)


def evidence_context(evidence_id: UUID, version: int, part: int = 1) -> bytes:
    """Binds a ciphertext to its place: moved to another one it doesn't open."""
    return f"audit-portal evidence\0{evidence_id}\0{version}\0{part}".encode()


def data_key_aad(class_key_id: str, vendor_id: UUID, evidence_id: UUID, version: int) -> bytes:
    """Binds a wrapped data key to its row: swapped with another one it doesn't open."""
    return f"audit-portal data key\0{class_key_id}\0{vendor_id}\0{evidence_id}\0{version}".encode()


def wrap_key(wrapping_key: bytes, key: bytes, aad: bytes) -> bytes:
    """`key` encrypted: format byte, nonce, ciphertext (61 bytes for a 32-byte key)."""
    nonce = os.urandom(_NONCE)
    return _WRAP_FORMAT + nonce + AESGCM(wrapping_key).encrypt(nonce, key, _WRAP_FORMAT + aad)


def unwrap_key(wrapping_key: bytes, wrapped: bytes, aad: bytes, key_id: str = "") -> bytes:
    """The key again. Raises Misconfigured('key_wrong', key_id=…): the id of the wrapping key as given."""
    nonce, sealed = wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :]
    if wrapped[:1] != _WRAP_FORMAT or len(sealed) < TAG:
        raise Misconfigured("key_wrong", key_id=key_id)
    try:
        return AESGCM(wrapping_key).decrypt(nonce, sealed, _WRAP_FORMAT + aad)
    except InvalidTag as error:
        raise Misconfigured("key_wrong", key_id=key_id) from error
