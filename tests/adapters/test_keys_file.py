"""Key files: private, never overwritten, refused when anything about them is wrong."""

from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest

from audit_portal.adapters import keys_file
from audit_portal.adapters.keys_file import ClassKeys, FileKeyProvider
from audit_portal.domain.errors import Conflict, Misconfigured
from audit_portal.domain.evidence import class_key_id
from audit_portal.ports import KeyProvider

CLASS = class_key_id(UUID(int=7), "contract", None)


def write_root(folder: Path, text: str | bytes, mode: int = 0o600) -> Path:
    path = folder / "root.key"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return path


def refused(code: str, call: object, *args: object) -> dict[str, object]:
    with pytest.raises(Misconfigured) as caught:
        call(*args)  # type: ignore[operator]
    assert caught.value.code == code
    return dict(caught.value.facts)


def test_a_created_key_is_private_loads_again_and_is_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made: KeyProvider = FileKeyProvider.create(folder)
    path = folder / "root.key"
    text = path.read_text()
    assert len(bytes.fromhex(text)) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert FileKeyProvider(folder).key_id() == made.key_id()
    with pytest.raises(Conflict, match="key_exists"):
        FileKeyProvider.create(folder)
    assert path.read_text() == text
    assert [each.name for each in folder.iterdir()] == ["root.key"]


def test_two_created_keys_differ(tmp_path: Path) -> None:
    first, second = FileKeyProvider.create(tmp_path / "a"), FileKeyProvider.create(tmp_path / "b")
    assert first.key_id() != second.key_id()
    wrapped = first.wrap(b"k" * 32, b"here")
    assert refused("key_wrong", second.unwrap, wrapped, b"here") == {"key_id": second.key_id()}


def test_hex_and_base64_text_are_the_same_key(tmp_path: Path) -> None:
    root = bytes(range(32))
    ids = set()
    for text in (root.hex(), root.hex().upper() + "\n", base64.b64encode(root).decode() + "\r\n"):
        write_root(tmp_path, text)
        ids.add(FileKeyProvider(tmp_path).key_id())
    assert len(ids) == 1


def test_the_key_id_tells_nothing_of_the_key_and_has_16_hex_digits(tmp_path: Path) -> None:
    write_root(tmp_path, bytes(range(32)).hex())
    provider = FileKeyProvider(tmp_path)
    assert len(bytes.fromhex(provider.key_id())) == 8
    root = keys_file._derive(bytes(range(32)), b"audit-portal wrapping key")
    assert provider._wrapping_key == root
    assert provider._wrapping_key != bytes(range(32))
    assert provider.key_id() not in provider._wrapping_key.hex()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "00" * 31,
        "00" * 33,
        "zz" * 32,
        "not a key",
        "A" * 43,
        "é" * 44,
        b"\xff" * 32,
        b"\0" * 32,
        "00 " * 32,
    ],
)
def test_a_malformed_root_key_is_refused(tmp_path: Path, text: str | bytes) -> None:
    path = write_root(tmp_path, text)
    assert refused("key_wrong", FileKeyProvider, tmp_path)["path"] == str(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o610])
def test_a_root_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = write_root(tmp_path, "00" * 32, mode)
    assert refused("key_too_open", FileKeyProvider, tmp_path)["path"] == str(path)


def test_a_missing_or_unreadable_root_key_is_told(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    assert refused("key_missing", FileKeyProvider, tmp_path) == {"path": str(path), "key_id": "root.key"}
    path.mkdir()
    assert refused("key_unreadable", FileKeyProvider, tmp_path)["path"] == str(path)


def test_a_wrapped_secret_opens_only_in_its_context(tmp_path: Path) -> None:
    provider = FileKeyProvider.create(tmp_path)
    wrapped = provider.wrap(b"secret", b"here")
    assert provider.unwrap(wrapped, b"here") == b"secret"
    assert refused("key_wrong", provider.unwrap, wrapped, b"there") == {"key_id": provider.key_id()}


@pytest.fixture
def keys(tmp_path: Path) -> ClassKeys:
    return ClassKeys(tmp_path, FileKeyProvider.create(tmp_path))


def test_a_class_key_is_made_once_and_stays(keys: ClassKeys, tmp_path: Path) -> None:
    assert refused("key_missing", keys.get, CLASS)["key_id"] == CLASS
    made = keys.get_or_create(CLASS)
    assert len(made) == 32
    assert keys.get(CLASS) == keys.get_or_create(CLASS) == made
    assert ClassKeys(tmp_path, FileKeyProvider(tmp_path)).get(CLASS) == made
    other = class_key_id(UUID(int=8), "contract", None)
    assert keys.get_or_create(other) != made
    assert list(keys.ids()) == sorted([CLASS, other])


def test_a_class_key_stands_in_its_file_wrapped_and_private(keys: ClassKeys, tmp_path: Path) -> None:
    made = keys.get_or_create(CLASS)
    (path,) = (tmp_path / "classes").iterdir()
    assert path.name == f"{CLASS}.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made not in bytes.fromhex(path.read_text())


def test_a_class_key_under_another_name_or_root_doesnt_open(keys: ClassKeys, tmp_path: Path) -> None:
    keys.get_or_create(CLASS)
    path = tmp_path / "classes" / f"{CLASS}.key"
    other = class_key_id(UUID(int=8), "contract", None)
    moved = path.with_name(f"{other}.key")
    moved.write_bytes(path.read_bytes())
    moved.chmod(0o600)
    assert refused("key_wrong", keys.get, other) == {"key_id": other, "path": str(moved)}
    stranger = ClassKeys(tmp_path, FileKeyProvider.create(tmp_path / "other"))
    assert refused("key_wrong", stranger.get, CLASS)["key_id"] == CLASS


@pytest.mark.parametrize("text", ["", "zz", "00", "01" * 61])
def test_a_damaged_class_key_file_is_refused_and_not_replaced(
    keys: ClassKeys, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "classes" / f"{CLASS}.key"
    path.write_text(text)
    path.chmod(0o600)
    for use in (keys.get, keys.get_or_create):
        assert refused("key_wrong", use, CLASS)["path"] == str(path)
    assert path.read_text() == text


def test_of_many_who_create_at_once_all_get_the_same_key(keys: ClassKeys, tmp_path: Path) -> None:
    threads, rounds = 8, 20
    barrier = Barrier(threads)

    def race(_: int) -> list[bytes]:
        own = ClassKeys(tmp_path, FileKeyProvider(tmp_path))
        found = []
        for number in range(rounds):
            barrier.wait()
            found.append(own.get_or_create(f"race.{number}"))
        return found

    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(race, range(threads)))
    assert all(each == results[0] for each in results)
    assert len(set(results[0])) == rounds
    assert not list((tmp_path / "classes").glob(".new-*"))


def test_the_loser_of_a_race_takes_the_winners_key(
    keys: ClassKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rival = ClassKeys(tmp_path, FileKeyProvider(tmp_path))
    real, won = keys_file._write_new, []

    def beaten(path: Path, text: str) -> None:
        monkeypatch.setattr(keys_file, "_write_new", real)
        won.append(rival.get_or_create(CLASS))
        real(path, text)

    monkeypatch.setattr(keys_file, "_write_new", beaten)
    assert [keys.get_or_create(CLASS)] == won


def test_a_failed_write_leaves_no_key_file(
    keys: ClassKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError("broken")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="broken"):
        keys.get_or_create(CLASS)
    assert list((tmp_path / "classes").iterdir()) == []


def test_a_destroyed_class_key_is_gone(keys: ClassKeys) -> None:
    old = keys.get_or_create(CLASS)
    keys.destroy(CLASS)
    assert list(keys.ids()) == []
    assert refused("key_missing", keys.get, CLASS)["key_id"] == CLASS
    assert refused("key_missing", keys.destroy, CLASS)["key_id"] == CLASS
    assert keys.get_or_create(CLASS) != old


@pytest.mark.parametrize("class_id", ["", "..", "../root", "a/b", "a..b", "A", ".a", "a.", "a\n", "x" * 201])
def test_a_malformed_class_id_is_an_error(keys: ClassKeys, class_id: str) -> None:
    for use in (keys.get, keys.get_or_create, keys.destroy):
        with pytest.raises(ValueError, match="no class id"):
            use(class_id)
