"""Keys as files that only the service may read: the root key, and class keys wrapped by it.

`<folder>/root.key` is 32 random bytes as hex or base64 text; to lose it is to lose all evidence, so it is
never overwritten. `<folder>/classes/<class id>.key` is hex text of a class key wrapped by the provider.
Wrapping key and key id come from the root key by HKDF (RFC 5869, SHA-256): neither tells about the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit_portal.domain.errors import Conflict, Misconfigured
from audit_portal.domain.sealing import KEY, new_data_key, unwrap_key, wrap_key
from audit_portal.ports import KeyProvider

ROOT = "root.key"
_LARGEST = 1024  # bytes of a key file
_CLASS_ID = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


class FileKeyProvider:
    """`ports.KeyProvider` over `root.key` in a folder.

    Raises Misconfigured('key_missing' | 'key_unreadable' | 'key_too_open' | 'key_wrong', path=…, key_id=…).
    """

    def __init__(self, folder: Path) -> None:
        path = folder / ROOT
        root = _decode(_read_private(path, path.name), path)
        self._wrapping_key = _derive(root, b"audit-portal wrapping key")
        self._mac_key = _derive(root, b"audit-portal mac key")
        self._key_id = hashlib.sha256(_derive(root, b"audit-portal key id")).hexdigest()[:16]

    @classmethod
    def create(cls, folder: Path) -> FileKeyProvider:
        """A new root key, durable when this returns. Raises Conflict('key_exists', path=…)."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / ROOT
        try:
            _write_new(path, secrets.token_bytes(KEY).hex())
        except FileExistsError as error:
            raise Conflict("key_exists", path=str(path)) from error
        _fsync_folder(folder.parent)
        return cls(folder)

    def key_id(self) -> str:
        return self._key_id

    def wrap(self, secret: bytes, context: bytes) -> bytes:
        return wrap_key(self._wrapping_key, secret, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        return unwrap_key(self._wrapping_key, wrapped, context, self._key_id)

    def mac(self, message: bytes, purpose: bytes) -> bytes:
        return hmac.digest(_derive(self._mac_key, b"audit-portal mac\0" + purpose), message, "sha256")


class ClassKeys:
    """One key per vendor, retention class and expiry month, kept outside the database and its log.

    A class id is what `domain.evidence.class_key_id` makes; a malformed one is a ValueError.
    """

    def __init__(self, folder: Path, provider: KeyProvider) -> None:
        self._folder = folder / "classes"
        self._provider = provider
        self._folder.mkdir(mode=0o700, exist_ok=True)
        _fsync_folder(folder)

    def get(self, class_id: str) -> bytes:
        """32 bytes. Raises Misconfigured with the codes of FileKeyProvider, path and key_id=class_id."""
        path = self._path(class_id)
        text = _read_private(path, class_id)
        try:
            return self._provider.unwrap(bytes.fromhex(text), _context(class_id))
        except (ValueError, Misconfigured) as error:
            raise Misconfigured("key_wrong", path=str(path), key_id=class_id) from error

    def get_or_create(self, class_id: str) -> bytes:
        """The class's key, durable when this returns; of several who create at once all get the same."""
        path = self._path(class_id)
        if not path.exists():
            with suppress(FileExistsError):  # another was first: its key holds
                _write_new(path, self._provider.wrap(new_data_key(), _context(class_id)).hex())
        # Another process may have named the file and not yet fsynced the folder: we rely on it from here on.
        _fsync_folder(self._folder)
        return self.get(class_id)

    def destroy(self, class_id: str) -> None:
        """What only this key opens is erased once its backups have expired.

        Raises Misconfigured('key_missing').
        """
        path = self._path(class_id)
        try:
            path.unlink()
        except FileNotFoundError as error:
            raise Misconfigured("key_missing", path=str(path), key_id=class_id) from error
        _fsync_folder(self._folder)

    def ids(self) -> Iterator[str]:
        """Ids of all class keys, sorted."""
        yield from sorted(path.stem for path in self._folder.glob("*.key") if _CLASS_ID.fullmatch(path.stem))

    def _path(self, class_id: str) -> Path:
        if len(class_id) > 200 or not _CLASS_ID.fullmatch(class_id):
            raise ValueError(f"{class_id!r} is no class id")
        return self._folder / f"{class_id}.key"


def _context(class_id: str) -> bytes:
    return f"audit-portal class key\0{class_id}".encode()


def _derive(root: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=purpose).derive(root)


def _decode(text: str, path: Path) -> bytes:
    try:
        key = bytes.fromhex(text) if len(text) == 2 * KEY else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY:
        raise Misconfigured("key_wrong", path=str(path), key_id=path.name)
    return key


def _read_private(path: Path, key_id: str) -> str:
    """The text of a key file that no group or other may read (POSIX mode bits)."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise Misconfigured("key_too_open", path=str(path), key_id=key_id)
            return file.read(_LARGEST).decode("ascii", "replace").strip()
    except FileNotFoundError as error:
        raise Misconfigured("key_missing", path=str(path), key_id=key_id) from error
    except OSError as error:
        raise Misconfigured("key_unreadable", path=str(path), key_id=key_id) from error


def _write_new(path: Path, text: str) -> None:
    """Complete and durable under its name, or not there. Raises FileExistsError."""
    temporary = path.with_name(f".new-{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(f"{text}\n".encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)
    finally:
        temporary.unlink()
    _fsync_folder(path.parent)


def _fsync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
