"""Evidence objects as files below one folder: written once, durable before they are known, never overwritten.

`<root>/<shard>/<key with dots for slashes>`; the shard is the first byte of the key's SHA-256, so that no
folder grows without bounds. A file has no name before it is complete: `O_TMPFILE` where the system has it,
else a name beginning with `.new-` that `sweep` removes after a crash.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from audit_portal.domain.errors import Conflict, Unavailable

_KEY = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")
_KEY_LENGTH = 200
_SHARD = re.compile(r"[0-9a-f]{2}")
_UNFINISHED = ".new-"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_TMPFILE = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}


class FileEvidenceStore:
    """`ports.EvidenceStore` on a local or network filesystem. A malformed key is a ValueError."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known_shards: set[str] = set()
        missing = [each for each in (root, *root.parents) if not each.exists()]
        for each in reversed(missing):
            _make_folder(each)
        _fsync_folder(root.parent)

    def create(self, key: str) -> FileSink:
        """Raises Unavailable('disk_full'); the sink's `commit` Conflict('object_exists')."""
        path = self._path(key)
        with _disk_full_told():
            self._make_shard(path.parent)
            return FileSink(path)

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        with _no_such_object(key):
            return self._path(key).open("rb")

    def size(self, key: str) -> int:
        """Bytes. Raises KeyError when there is no such object."""
        with _no_such_object(key):
            return self._path(key).stat().st_size

    def delete(self, key: str) -> None:
        """Gone for good when this returns. Raises KeyError when there is no such object."""
        path = self._path(key)
        with _no_such_object(key):
            path.unlink()
        _fsync_folder(path.parent)

    def keys(self) -> Iterator[str]:
        """Every object's key, in no order; files that are no objects are passed over."""
        for shard in self._shards():
            for name in os.listdir(shard):  # noqa: PTH208 - a million Path objects for nothing
                key = name.replace(".", "/")
                if _KEY.fullmatch(key) and self._path(key).parent == shard:
                    yield key

    def sweep(self, before: datetime) -> int:
        """Removes what a crash left unfinished, last written before that moment; how many files."""
        removed = 0
        for shard in self._shards():
            for path in shard.glob(f"{_UNFINISHED}*"):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()
                        removed += 1
        return removed

    def _shards(self) -> list[Path]:
        return [each for each in self._root.iterdir() if _SHARD.fullmatch(each.name)]

    def _path(self, key: str) -> Path:
        if len(key) > _KEY_LENGTH or not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no object key")
        shard = hashlib.sha256(key.encode()).hexdigest()[:2]
        return self._root / shard / key.replace("/", ".")

    def _make_shard(self, folder: Path) -> None:
        # Another process may have made it and not yet fsynced: once per process we do so ourselves.
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if folder.name in self._known_shards:
                return
        _fsync_folder(self._root)
        self._known_shards.add(folder.name)


class FileSink:
    """`ports.ObjectSink`: one new file. As a context manager it aborts unless it was committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        self._temporary: str | None = None
        try:
            self._file: int | None = self._open()
        except BaseException:
            os.close(self._folder)
            raise

    def __enter__(self) -> FileSink:
        return self

    def __exit__(self, *_: object) -> None:
        self.abort()

    def write(self, data: bytes | memoryview) -> None:
        """Raises Unavailable('disk_full'). After any error only `abort` is left to do."""
        rest = memoryview(data).cast("B")
        with self._or_abort():
            while rest:
                rest = rest[os.write(self._descriptor(), rest) :]

    def commit(self) -> None:
        """Raises Conflict('object_exists'), Unavailable('disk_full'); nothing is left behind then."""
        with self._or_abort():
            os.fsync(self._descriptor())
            try:
                self._link()
            except FileExistsError as error:
                raise Conflict("object_exists") from error
            try:
                os.fsync(self._folder)
            except OSError:
                os.unlink(self._path.name, dir_fd=self._folder)
                raise
        self.abort()

    def abort(self) -> None:
        """Leaves nothing behind but what `commit` named; harmless twice."""
        if self._file is not None:
            self._drop_temporary()
            os.close(self._file)
            os.close(self._folder)
            self._file = None

    def _open(self) -> int:
        if Path("/proc/self/fd").is_dir() and hasattr(os, "O_TMPFILE"):
            try:
                return os.open(".", os.O_TMPFILE | os.O_WRONLY, 0o600, dir_fd=self._folder)
            except OSError as error:
                if error.errno not in _NO_TMPFILE:
                    raise
        name = _UNFINISHED + secrets.token_hex(8)
        descriptor = os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600, dir_fd=self._folder)
        self._temporary = name
        return descriptor

    def _link(self) -> None:
        name = self._path.name
        if self._temporary:
            os.link(self._temporary, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        else:
            os.link(f"/proc/self/fd/{self._file}", name, dst_dir_fd=self._folder, follow_symlinks=True)

    def _descriptor(self) -> int:
        if self._file is None:
            raise ValueError("the object is committed or aborted")
        return self._file

    @contextmanager
    def _or_abort(self) -> Iterator[None]:
        try:
            with _disk_full_told():
                yield
        except BaseException:
            self.abort()
            raise

    def _drop_temporary(self) -> None:
        if self._temporary:
            with suppress(FileNotFoundError):
                os.unlink(self._temporary, dir_fd=self._folder)
            self._temporary = None


@contextmanager
def _disk_full_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Unavailable("disk_full") from error
        raise


@contextmanager
def _no_such_object(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise KeyError(key) from error


def _make_folder(path: Path) -> None:
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    _fsync_folder(path.parent)


def _fsync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
