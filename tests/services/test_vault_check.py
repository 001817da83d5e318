"""`evidence verify`: every way an object can go wrong is noticed and named."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audit_portal.services.evidence import vault_check
from audit_portal.services.house import House
from tests import databases
from tests.clock import SetClock
from tests.factories.house import make_house
from tests.factories.world import attach
from tests.services.steps import VENDOR_ITEM, Case, execute, make_case


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("vault")
    house = make_house(databases.sqlite_url(folder), folder / "instance", SetClock())
    case = make_case(house, folder)
    for content in (b"a" * 200_000, b"b" * 200_000, b"c\n"):
        attach(case.as_("vendor_lead"), case.assessment_id, VENDOR_ITEM, content)
    yield case
    house.db.dispose()


@pytest.fixture
def kept(made: Case) -> Iterator[House]:
    """The house; its objects and keys are put back afterwards."""
    instance = made.house.settings.instance
    for name in ("evidence", "keys"):
        shutil.copytree(instance / name, instance / f"{name}.kept")
    yield made.house
    for name in ("evidence", "keys"):
        shutil.rmtree(instance / name)
        (instance / f"{name}.kept").rename(instance / name)


def keys(house: House) -> list[str]:
    return [key for (key,) in execute(house, "SELECT store_key FROM evidence_version ORDER BY id")]


def file_of(house: House, key: str) -> Path:
    return next((house.settings.instance / "evidence").glob(f"??/{key.replace('/', '.')}"))


def found(house: House) -> set[tuple[str, str]]:
    checked = vault_check.verify(house)
    assert checked.ok is (not checked.problems)
    return {(each.code, each.key) for each in checked.problems}


def test_a_sound_store_has_no_problem(kept: House) -> None:
    checked = vault_check.verify(kept)
    assert (checked.ok, checked.objects) == (True, 3)


def flip(at: int) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        position = at % len(content)
        return content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]

    return change


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "the first bit flipped": flip(0),
    "a bit in the middle flipped": flip(100_000),
    "the last bit flipped": flip(-1),
    "the last byte lost": lambda content: content[:-1],
    "cut in the middle": lambda content: content[: len(content) // 2],
    "cut to a whole chunk": lambda content: content[:65_536],
    "emptied": lambda content: b"",
    "one byte more": lambda content: content + b"\0",
    "zeroes": lambda content: bytes(len(content)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_damaged_object_is_named(kept: House, change: Callable[[bytes], bytes]) -> None:
    key = keys(kept)[0]
    file = file_of(kept, key)
    content = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(change(content))
    assert found(kept) == {("evidence_damaged", key)}


def test_swapped_objects_are_both_named(kept: House) -> None:
    first, second, _ = keys(kept)
    one, other = file_of(kept, first), file_of(kept, second)
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    assert found(kept) == {("evidence_damaged", first), ("evidence_damaged", second)}


def test_a_missing_object_is_named(kept: House) -> None:
    key = keys(kept)[2]
    file_of(kept, key).unlink()
    assert found(kept) == {("object_missing", key)}


def test_a_missing_class_key_is_named_for_all_it_would_open(kept: House) -> None:
    for file in (kept.settings.instance / "keys" / "classes").glob("*.key"):
        file.unlink()
    assert found(kept) == {("key_missing", key) for key in keys(kept)}


def test_a_class_key_of_another_class_is_named(kept: House) -> None:
    [file] = (kept.settings.instance / "keys" / "classes").glob("*.key")
    kept.class_keys.get_or_create("party.other.none")
    other = file.with_name("party.other.none.key")
    file.unlink()
    shutil.copy(other, file)
    assert {code for code, _ in found(kept)} == {"key_wrong"}


def test_an_object_that_no_row_names_is_an_orphan(kept: House) -> None:
    sink = kept.store.create("evidence/orphan/1")
    sink.write(b"x")
    sink.commit()
    assert found(kept) == {("orphan", "evidence/orphan/1")}


def test_a_digest_altered_in_the_database_is_named(kept: House) -> None:
    key = keys(kept)[1]
    [(digest,)] = execute(kept, "SELECT sha256 FROM evidence_version WHERE store_key = :key", key=key)
    change = "UPDATE evidence_version SET sha256 = :digest WHERE store_key = :key"
    execute(kept, change, digest="0" * 64, key=key)
    try:
        assert found(kept) == {("digest_differs", key)}
    finally:
        execute(kept, change, digest=digest, key=key)
