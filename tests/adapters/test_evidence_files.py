"""Evidence on disk: durable, never overwritten, nothing left behind, nothing in the clear."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit_portal.adapters import evidence_files
from audit_portal.adapters.evidence_files import FileEvidenceStore
from audit_portal.domain import sealing
from audit_portal.domain.errors import Conflict, Unavailable
from audit_portal.domain.evidence import Intake
from audit_portal.ports import EvidenceStore, ObjectSink

KEY = "evidence/01920000-0000-7000-8000-000000000001/1"
MARKER = b"THE-PLAINTEXT-MARKER-0123456789"


@pytest.fixture(params=["tmpfile", "named"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FileEvidenceStore:
    if request.param == "named":
        forbid_tmpfile(monkeypatch)
    return FileEvidenceStore(tmp_path / "instance" / "evidence")


def forbid_tmpfile(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a filesystem without O_TMPFILE."""
    real = os.open

    def limited(path: str, flags: int, *args: int, **kwargs: int) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "not here")
        return real(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", limited)


def put(store: FileEvidenceStore, key: str, data: bytes) -> None:
    with store.create(key) as sink:
        sink.write(data)
        sink.commit()


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def descriptors() -> set[str]:
    return {each.name for each in Path("/proc/self/fd").iterdir()}


def test_what_was_committed_can_be_read_measured_listed_and_deleted(store: FileEvidenceStore) -> None:
    fits: EvidenceStore = store
    put(store, KEY, b"sealed")
    with fits.open(KEY) as stream:
        stream.seek(2)
        assert stream.read() == b"aled"
    assert fits.size(KEY) == 6
    assert list(fits.keys()) == [KEY]
    fits.delete(KEY)
    assert list(fits.keys()) == []
    for gone in (fits.open, fits.size, fits.delete):
        with pytest.raises(KeyError, match="evidence"):
            gone(KEY)


def test_an_object_has_no_name_before_commit_and_none_after_abort(store: FileEvidenceStore) -> None:
    before = descriptors()
    sink: ObjectSink = store.create(KEY)
    sink.write(b"x")
    assert list(store.keys()) == []
    sink.abort()
    sink.abort()
    assert files(store._root) == []
    with pytest.raises(RuntimeError), store.create(KEY) as left:
        left.write(b"x")
        raise RuntimeError
    with store.create(KEY) as left:
        left.write(b"x")
    assert files(store._root) == []
    assert descriptors() == before


def test_an_object_is_never_overwritten(store: FileEvidenceStore) -> None:
    before = descriptors()
    first, second = store.create(KEY), store.create(KEY)
    first.write(b"first")
    second.write(b"second")
    first.commit()
    with pytest.raises(Conflict, match="object_exists"):
        second.commit()
    with store.open(KEY) as stream:
        assert stream.read() == b"first"
    assert len(files(store._root)) == 1
    assert descriptors() == before


def test_a_finished_sink_takes_nothing_more(store: FileEvidenceStore) -> None:
    sink = store.create(KEY)
    sink.commit()
    sink.abort()
    assert store.size(KEY) == 0
    for late in (lambda: sink.write(b"x"), sink.commit):
        with pytest.raises(ValueError, match="committed or aborted"):
            late()


def test_a_short_write_is_carried_on(store: FileEvidenceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, bytes(data[:3])))
    put(store, KEY, b"0123456789")
    monkeypatch.undo()
    with store.open(KEY) as stream:
        assert stream.read() == b"0123456789"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync", "link", "mkdir", "open"])
def test_a_full_disk_is_told_and_nothing_is_left_behind(
    store: FileEvidenceStore, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    put(store, "other/1", b"stays")
    before = descriptors()

    def full(*_: object, **__: object) -> int:
        raise OSError(number, "full")

    real = os.open

    def open_full(path: str, flags: int, *args: int, **kwargs: int) -> int:
        return real(path, flags, *args, **kwargs) if flags & os.O_WRONLY == 0 else full()

    monkeypatch.setattr(os, call, open_full if call == "open" else full)
    with pytest.raises(Unavailable, match="disk_full"), store.create(KEY) as sink:
        sink.write(b"x" * 100)
        sink.commit()
    monkeypatch.undo()
    assert [each.read_bytes() for each in files(store._root)] == [b"stays"]
    assert list(store.keys()) == ["other/1"]
    assert descriptors() == before


def test_after_a_failed_write_a_commit_is_refused(
    store: FileEvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = store.create(KEY)

    def broken(*_: object) -> int:
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", broken)
        with pytest.raises(OSError, match="broken"):
            sink.write(b"x")
    with pytest.raises(ValueError, match="aborted"):
        sink.commit()
    assert files(store._root) == []


def test_an_object_whose_folder_cant_be_made_durable_is_not_acknowledged(
    store: FileEvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = store.create(KEY)
    real = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, "broken")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    with pytest.raises(OSError, match="broken"):
        sink.commit()
    assert files(store._root) == []


def test_commit_writes_then_syncs_then_names_then_syncs_the_folder(
    store: FileEvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def noted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: Any, **kwargs: Any) -> object:
            is_folder = name == "fsync" and stat.S_ISDIR(os.fstat(args[0]).st_mode)
            calls.append("fsync folder" if is_folder else name)
            return real(*args, **kwargs)

        return call

    for name in ("mkdir", "write", "fsync", "link"):
        monkeypatch.setattr(os, name, noted(name, getattr(os, name)))
    put(store, KEY, b"x")
    assert calls == ["mkdir", "fsync folder", "write", "fsync", "link", "fsync folder"]
    calls.clear()
    another_process = FileEvidenceStore(store._root)
    calls.clear()
    with another_process.create(
        KEY
    ) as sink:  # the shard is there: made durable once more, by this process too
        sink.write(b"y")
    assert calls == ["mkdir", "fsync folder", "write"]
    calls.clear()
    store.delete(KEY)
    assert calls == ["fsync folder"]


def test_files_and_folders_are_the_services_own(store: FileEvidenceStore) -> None:
    old = os.umask(0)
    try:
        fresh = FileEvidenceStore(store._root.parent.parent / "second" / "evidence")
        put(fresh, KEY, b"x")
    finally:
        os.umask(old)
    found = {stat.S_IMODE(each.stat().st_mode) for each in fresh._root.rglob("*") if each.is_dir()}
    assert found | {stat.S_IMODE(fresh._root.stat().st_mode)} == {0o700}
    assert [stat.S_IMODE(each.stat().st_mode) for each in files(fresh._root)] == [0o600]


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "..", "a/../b", "a.b", "A", "a b", "a\0", "a\n", "確認", "a\\b", "x" * 201],
)
def test_a_malformed_key_touches_nothing(store: FileEvidenceStore, key: str) -> None:
    for use in (store.create, store.open, store.size, store.delete):
        with pytest.raises(ValueError, match="no object key"):
            use(key)
    assert list(store._root.iterdir()) == []


def test_keys_spread_over_shards_and_foreign_files_are_no_objects(store: FileEvidenceStore) -> None:
    keys = {f"evidence/{number}/1" for number in range(200)} | {"a", "a/b", "a-b"}
    for key in keys:
        put(store, key, b"")
    shard = next(store._root.iterdir())
    (shard / ".new-left").touch()
    (shard / "Foreign.TXT").touch()
    (shard / "wrong-shard-for-this").touch()
    (store._root / "README").touch()
    found = list(store.keys())
    assert len(found) == len(keys)
    assert set(found) == keys
    assert len([each for each in store._root.iterdir() if each.is_dir()]) > 100


def test_a_sweep_removes_what_a_crash_left_and_nothing_younger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_tmpfile(monkeypatch)
    store = FileEvidenceStore(tmp_path)
    put(store, KEY, b"stays")
    os.utime(store._path(KEY), (0, 0))
    store.create("evidence/old/1").write(b"left by a crash")
    (left,) = tmp_path.rglob(".new-*")
    os.utime(left, (1000, 1000))
    running = store.create("evidence/new/1")
    running.write(b"still coming")
    assert store.sweep(datetime.fromtimestamp(999, UTC)) == 0
    assert store.sweep(datetime.fromtimestamp(1001, UTC)) == 1
    running.commit()
    assert set(store.keys()) == {KEY, "evidence/new/1"}


def readable_bytes(root: Path) -> Iterator[bytes]:
    """Every file below root and every regular file this process has open, named or not."""
    for path in files(root):
        yield path.read_bytes()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            is_file = stat.S_ISREG(entry.stat().st_mode)
        except FileNotFoundError:
            continue
        if is_file and str(root) in str(entry.readlink()):
            yield entry.read_bytes()


def in_the_clear(root: Path) -> bool:
    return any(MARKER in data for data in readable_bytes(root))


def test_no_plaintext_is_on_disk_during_or_after_an_upload(store: FileEvidenceStore, tmp_path: Path) -> None:
    plain = b"%PDF-1.7 " + MARKER * 100_000
    sink = store.create(KEY)
    intake = Intake(sealing.Sealer(sink, sealing.new_data_key(), b"place"), "a.pdf", 10**8, len(plain))
    for at in range(0, len(plain), 70_000):
        intake.write(plain[at : at + 70_000])
        assert not in_the_clear(tmp_path)
    assert sum(map(len, readable_bytes(tmp_path))) > sealing.PIECE  # the scan sees the unfinished object
    intake.finish()
    sink.commit()
    assert not in_the_clear(tmp_path)
    assert store.size(KEY) > len(plain)


def test_the_scan_for_plaintext_would_find_it(store: FileEvidenceStore, tmp_path: Path) -> None:
    with store.create(KEY) as sink:
        sink.write(MARKER)
        assert in_the_clear(tmp_path)
    assert not in_the_clear(tmp_path)


def test_what_was_stored_opens_whole_and_by_range(store: FileEvidenceStore) -> None:
    key, place, plain = sealing.new_data_key(), b"place", os.urandom(3 * sealing.PIECE + 5)
    with store.create(KEY) as sink:
        sealer = sealing.Sealer(sink, key, place)
        sealer.write(plain)
        sealer.finish()
        sink.commit()
    with store.open(KEY) as stream:
        assert b"".join(sealing.unseal(stream, key, place)) == plain
        part = sealing.read_range(stream, store.size(KEY), key, place, 1_000_000, 70_000)
        assert b"".join(part) == plain[1_000_000:1_070_000]


def test_the_module_uses_unnamed_files_where_the_system_has_them(tmp_path: Path) -> None:
    try:
        os.close(os.open(tmp_path, os.O_TMPFILE | os.O_WRONLY, 0o600))
    except OSError:
        pytest.skip("this filesystem has no O_TMPFILE")
    with FileEvidenceStore(tmp_path / "e").create(KEY) as sink:
        sink.write(b"x")
        assert files(tmp_path) == []
    assert evidence_files._UNFINISHED.startswith(".")
