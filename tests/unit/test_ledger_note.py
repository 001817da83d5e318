"""Signed notes (C2SP signed-note): published vector, what is refused and why, and fuzzing."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from audit_portal.domain import errors
from audit_portal.domain.ledger import key_id, open_note, parse_verifier_key, sign_note, verifier_key

# Example of the specification (section "Verifier keys").
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)

NAME = "portal.example/ledger"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEY = verifier_key(NAME, PRIVATE.public_key())
BODY = "first line\n\nthird line\n"
NOTE = sign_note(BODY, NAME, PRIVATE)
SIGNATURE_LINE = NOTE.splitlines(keepends=True)[-1]

CLEAN = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32) if c != 10])
)
CODES = {"note_malformed", "note_key_unknown", "note_signature_bad"}


def code_of(note: str | bytes, *keys: str) -> str:
    with pytest.raises(errors.Invalid) as caught:
        open_note(note, keys or (KEY,))
    return caught.value.code


def line(name: str, value: bytes) -> str:
    return f"— {name} {base64.b64encode(value).decode()}\n"


def test_the_specifications_example_opens() -> None:
    assert open_note(SPEC_NOTE, [SPEC_KEY]) == "This is an example message.\n"
    assert code_of(SPEC_NOTE.replace("example message", "Example message"), SPEC_KEY) == "note_signature_bad"


def test_the_specifications_key_id_is_reproduced() -> None:
    name, identifier, public = parse_verifier_key(SPEC_KEY)
    assert (name, identifier.hex()) == ("example.com/foo", "530d903a")
    assert verifier_key(name, public) == SPEC_KEY


def test_a_key_id_is_the_start_of_the_hash_the_specification_names() -> None:
    raw = PRIVATE.public_key().public_bytes_raw()
    assert key_id(NAME, raw) == sha256(NAME.encode() + b"\n\x01" + raw).digest()[:4]


def test_a_signed_note_has_the_body_an_empty_line_and_one_signature_line() -> None:
    value = key_id(NAME, PRIVATE.public_key().public_bytes_raw()) + PRIVATE.sign(BODY.encode())
    assert BODY + "\n" + line(NAME, value) == NOTE
    assert open_note(NOTE, [KEY]) == open_note(NOTE.encode(), [KEY]) == BODY


@given(CLEAN)
def test_any_text_survives_signing_and_opening(text: str) -> None:
    body = text + "\n"
    assert open_note(sign_note(body, NAME, PRIVATE), [KEY]) == body


@given(st.data())
def test_any_change_to_the_text_is_noticed(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(BODY) - 2))
    instead = data.draw(st.characters(exclude_categories=["Cs"]))
    assume(instead != BODY[at])
    assert code_of(BODY[:at] + instead + NOTE[at + 1 :]) in CODES


@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_any_flipped_bit_of_a_note_is_noticed(bit: int) -> None:
    note = bytearray(NOTE.encode())
    note[bit // 8] ^= 1 << bit % 8
    assert code_of(bytes(note)) in CODES


@given(st.text() | st.binary() | CLEAN.map(lambda text: text + "\n\n" + SIGNATURE_LINE))
def test_whatever_is_read_opens_to_nothing_or_is_refused_with_a_known_code(note: str | bytes) -> None:
    assume(note != NOTE)
    assert code_of(note) in CODES


@given(
    st.lists(st.sampled_from(["\n", "\n\n", "— ", NAME, " ", "AAAA", SIGNATURE_LINE, "text\n", "\r", "+"]))
)
def test_notes_put_together_from_their_own_parts_never_open_to_another_text(parts: list[str]) -> None:
    note = "".join(parts)
    assert code_of(note) in CODES


def test_a_text_cut_at_an_earlier_empty_line_is_not_the_signed_one() -> None:
    assert code_of("first line\n\n" + SIGNATURE_LINE) == "note_signature_bad"
    assert code_of(BODY + "\nmore\n\n" + SIGNATURE_LINE) == "note_signature_bad"


def test_a_note_by_a_stranger_is_refused_even_under_the_same_name() -> None:
    assert code_of(sign_note(BODY, NAME, OTHER)) == "note_key_unknown"


def test_a_strangers_signature_under_the_known_key_id_is_bad() -> None:
    identifier = key_id(NAME, PRIVATE.public_key().public_bytes_raw())
    assert code_of(BODY + "\n" + line(NAME, identifier + OTHER.sign(BODY.encode()))) == "note_signature_bad"
    assert code_of(BODY + "\n" + line(NAME, identifier + b"short")) == "note_signature_bad"


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    witness = sign_note(BODY, "witness.example", OTHER).splitlines(keepends=True)[-1]
    post_quantum = line("pq.example", bytes(4 + 4627))
    note = BODY + "\n" + witness + post_quantum * 15 + SIGNATURE_LINE
    assert open_note(note, [KEY]) == BODY


def test_one_bad_signature_of_a_known_key_refuses_the_note() -> None:
    identifier = key_id(NAME, PRIVATE.public_key().public_bytes_raw())
    bad = line(NAME, identifier + bytes(64))
    assert code_of(NOTE + bad) == code_of(BODY + "\n" + bad + SIGNATURE_LINE) == "note_signature_bad"


def test_during_a_key_change_either_key_opens_the_note() -> None:
    new_key = verifier_key(NAME, OTHER.public_key())
    both = NOTE + sign_note(BODY, NAME, OTHER).splitlines(keepends=True)[-1]
    assert open_note(both, [KEY]) == open_note(both, [new_key]) == open_note(both, [KEY, new_key]) == BODY


def test_without_any_key_nothing_opens() -> None:
    with pytest.raises(errors.Invalid, match="note_key_unknown"):
        open_note(NOTE, [])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        BODY,
        BODY + "\n",
        NOTE[:-1],
        NOTE + "unfinished line",
        NOTE + "\n",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—"),
        BODY + "\n— " + NAME + "\n",
        BODY + "\n— " + NAME + " AAAA\n",
        BODY + "\n— " + NAME + " AAAAAAA\n",
        BODY + "\n— " + NAME + " AAAAAAF=\n",
        BODY + "\n— a+b AAAAAAA=\n",
        BODY + "\n—  AAAAAAA=\n",
        NOTE.replace(NAME, "two\u3000words"),
        NOTE + SIGNATURE_LINE * 100,
        "x" * 300_000 + NOTE,
        "\ud800" + NOTE,
        b"\xff" + NOTE.encode(),
        "\x07" + NOTE,
    ],
)
def test_a_malformed_note_is_refused(note: str | bytes) -> None:
    assert code_of(note) == "note_malformed"


@pytest.mark.parametrize("body", ["", "no newline", "a\r\n", "a\x00\n", "\ud800\n", "x" * 200_000 + "\n"])
def test_a_text_that_no_note_can_carry_is_not_signed(body: str) -> None:
    with pytest.raises(errors.Invalid, match="note_body_malformed"):
        sign_note(body, NAME, PRIVATE)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "a\u00a0b", "a\u3000b", "\x07", "\udfff"])
def test_a_name_with_space_or_plus_is_refused(name: str) -> None:
    with pytest.raises(errors.Invalid, match="note_name_malformed"):
        sign_note(BODY, name, PRIVATE)
    with pytest.raises(errors.Invalid, match="note_name_malformed"):
        verifier_key(name, PRIVATE.public_key())


def test_no_part_of_a_verifier_key_passes_for_a_key() -> None:
    for start in range(len(SPEC_KEY)):
        for end in range(start, len(SPEC_KEY) + 1):
            if SPEC_KEY[start:end] != SPEC_KEY:
                with pytest.raises(errors.Invalid, match="verifier_key_malformed"):
                    parse_verifier_key(SPEC_KEY[start:end])


@given(st.data())
def test_any_changed_character_of_a_verifier_key_is_noticed(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(KEY) - 1))
    instead = data.draw(st.characters(exclude_categories=["Cs"]))
    assume(instead != KEY[at])
    with pytest.raises(errors.Invalid, match="verifier_key_malformed"):
        open_note(NOTE, [KEY[:at] + instead + KEY[at + 1 :]])


def test_a_key_of_another_algorithm_is_refused() -> None:
    raw = b"\x04" + PRIVATE.public_key().public_bytes_raw()
    identifier = sha256(NAME.encode() + b"\n" + raw).digest()[:4].hex()
    with pytest.raises(errors.Invalid, match="verifier_key_malformed"):
        parse_verifier_key(f"{NAME}+{identifier}+{base64.b64encode(raw).decode()}")
    with pytest.raises(errors.Invalid, match="verifier_key_malformed"):
        parse_verifier_key(f"{NAME}+{KEY.split('+')[1]}+{base64.b64encode(raw).decode()}")


def test_a_key_whose_base64_holds_a_plus_is_read() -> None:
    keys = (Ed25519PrivateKey.from_private_bytes(bytes([n] * 32)).public_key() for n in range(256))
    texts = [text for text in (verifier_key(NAME, each) for each in keys) if text.count("+") > 2]
    assert texts
    for text in texts:
        name, _, public = parse_verifier_key(text)
        assert verifier_key(name, public) == text
