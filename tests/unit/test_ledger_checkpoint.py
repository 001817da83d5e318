"""Checkpoints (C2SP tlog-checkpoint): their one spelling, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import errors
from audit_portal.domain.ledger import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    sign_note,
    verifier_key,
)

ORIGIN = "portal.example/ledger"
ROOT = bytes(range(32))
ROOT64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = verifier_key(ORIGIN, PRIVATE.public_key())

LINES = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32), min_size=1)
TIMES = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
CHECKPOINTS = st.builds(
    Checkpoint,
    LINES,
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.none() | TIMES,
    st.lists(LINES.filter(lambda line: not line.startswith("time ")), max_size=3).map(tuple),
)


def refused(text: str) -> bool:
    with pytest.raises(errors.Invalid) as caught:
        parse_checkpoint(text)
    return caught.value.code == "checkpoint_malformed"


def test_a_checkpoint_reads_as_the_specification_lays_it_out() -> None:
    assert Checkpoint(ORIGIN, 42, ROOT).body() == f"{ORIGIN}\n42\n{ROOT64}\n"
    assert Checkpoint(ORIGIN, 42, ROOT, AT, ("more",)).body() == (
        f"{ORIGIN}\n42\n{ROOT64}\ntime 2026-11-21T03:00:00Z\nmore\n"
    )


def test_the_specifications_example_is_read() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    read = parse_checkpoint(text)
    assert (read.origin, read.size, read.time) == ("example.com/behind-the-sofa", 20852163, None)
    assert read.body() == text


@given(CHECKPOINTS)
def test_any_checkpoint_reads_back_equal(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(checkpoint.body()) == checkpoint


@given(
    st.text() | st.lists(st.sampled_from(["0", "7", "\n", ORIGIN, ROOT64, "time ", "-", "2026"])).map("".join)
)
def test_whatever_is_read_is_refused_or_spelt_in_the_one_way(text: str) -> None:
    try:
        read = parse_checkpoint(text)
    except errors.Invalid as error:
        assert error.code == "checkpoint_malformed"
    else:
        assert read.body() == text


def test_a_moment_is_kept_as_whole_seconds_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    taken = Checkpoint(ORIGIN, 1, ROOT, datetime(2026, 11, 21, 12, 0, 0, 999_999, tokyo))
    assert taken == Checkpoint(ORIGIN, 1, ROOT, AT)
    assert "\ntime 2026-11-21T03:00:00Z\n" in taken.body()


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n42\n{ROOT64}",
        f"{ORIGIN}\n42\n",
        f"{ORIGIN}\n42\n{ROOT64}\nunfinished line",
        f"\n42\n{ROOT64}\n",
        f"{ORIGIN}\n042\n{ROOT64}\n",
        f"{ORIGIN}\n-1\n{ROOT64}\n",
        f"{ORIGIN}\n+1\n{ROOT64}\n",
        f"{ORIGIN}\n1_0\n{ROOT64}\n",
        f"{ORIGIN}\n４２\n{ROOT64}\n",
        f"{ORIGIN}\n{2**63}\n{ROOT64}\n",
        f"{ORIGIN}\n{'9' * 5000}\n{ROOT64}\n",
        f"{ORIGIN}\n42\n{ROOT64[:-4]}\n",
        f"{ORIGIN}\n42\n{ROOT64[:-2]}9=\n",
        f"{ORIGIN}\n42\n{ROOT64} \n",
        f"{ORIGIN}\n42\n{ROOT64}\n\n",
        f"{ORIGIN}\n42\n{ROOT64}\n\nmore\n",
        f"{ORIGIN}\r\n42\r\n{ROOT64}\r\n",
        f"{ORIGIN}\n42\n{ROOT64}\ntime 2026-02-30T00:00:00Z\n",
        f"{ORIGIN}\n42\n{ROOT64}\ntime 2026-11-21T03:00:00+09:00\n",
        f"{ORIGIN}\n42\n{ROOT64}\ntime 2026-11-21T03:00:60Z\n",
        f"{ORIGIN}\n42\n{ROOT64}\ntime 0026-11-21T03:00:00Z\n",
        f"{ORIGIN}\n42\n{ROOT64}\ntime now\n",
        f"{ORIGIN}\n42\n{ROOT64}\ntime 2026-11-21T03:00:00Z\ntime 2026-11-22T03:00:00Z\n",
        f"{ORIGIN}\n42\n{ROOT64}\nmore\ntime 2026-11-21T03:00:00Z\n",
    ],
)
def test_another_spelling_is_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "facts",
    [
        {"origin": ""},
        {"origin": "a\n7"},
        {"size": -1},
        {"size": 2**63},
        {"root": b"x" * 31},
        {"time": datetime(2026, 11, 21)},
        {"extensions": ("",)},
        {"extensions": ("a\nb",)},
        {"extensions": ("time 2026-11-21T03:00:00Z",)},
    ],
)
def test_a_checkpoint_that_could_not_be_read_back_is_not_made(facts: dict) -> None:
    with pytest.raises(errors.Invalid, match="checkpoint_malformed"):
        Checkpoint(**{"origin": ORIGIN, "size": 1, "root": ROOT, **facts})


def test_a_signed_checkpoint_opens_with_its_key_and_origin() -> None:
    checkpoint = Checkpoint(ORIGIN, 42, ROOT, AT)
    assert open_checkpoint(sign_checkpoint(checkpoint, PRIVATE), [KEY], ORIGIN) == checkpoint


def test_a_checkpoint_of_another_ledger_under_the_same_key_is_refused() -> None:
    note = sign_note(Checkpoint("other.example/ledger", 42, ROOT).body(), ORIGIN, PRIVATE)
    with pytest.raises(errors.Invalid, match="checkpoint_of_other_ledger"):
        open_checkpoint(note, [KEY], ORIGIN)


def test_a_signed_note_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(errors.Invalid, match="checkpoint_malformed"):
        open_checkpoint(sign_note("hello\n", ORIGIN, PRIVATE), [KEY], ORIGIN)


def test_a_note_is_not_read_as_a_checkpoint_without_being_opened() -> None:
    assert refused(sign_checkpoint(Checkpoint(ORIGIN, 42, ROOT), PRIVATE))
