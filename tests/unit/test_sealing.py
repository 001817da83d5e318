"""Sealing: every flip, truncation and swap is noticed, memory stays flat, ranges agree with the whole."""

from __future__ import annotations

import hashlib
import io
import random
from uuid import UUID

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_portal.domain import sealing
from audit_portal.domain.errors import Invalid, Misconfigured, PortalError

KEY = bytes(range(32))
CONTEXT = b"place"
# around the ends of one, two, three chunks and of one and two pieces
SIZES = sorted(
    {0, 1, 100}
    | {count * sealing.CHUNK + by for count in (1, 2, 3, 64, 128) for by in (-1, 0, 1)}
    | {sealing.PIECE + sealing.CHUNK + 7}
)


class Recorder:
    """A sink that keeps what it gets and notes the largest write."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.largest = 0

    def write(self, data: bytes | memoryview) -> None:
        self.largest = max(self.largest, len(data))
        self.data += data


class ShortReads(io.BytesIO):
    """A network-like stream: gives at most 1,000 bytes at once."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(1000 if size is None or size < 0 else min(size, 1000))


def plaintext(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def sealed(plain: bytes, key: bytes = KEY, context: bytes = CONTEXT, step: int = 100_000) -> bytes:
    sink = Recorder()
    sealer = sealing.Sealer(sink, key, context)
    for at in range(0, len(plain), step):
        sealer.write(plain[at : at + step])
    told = sealer.finish()
    assert told == sealing.Sealed(hashlib.sha256(plain).hexdigest(), len(plain), len(sink.data))
    return bytes(sink.data)


def opened(data: bytes, key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    return b"".join(sealing.unseal(io.BytesIO(data), key, context))


def ranged(data: bytes, start: int, length: int, key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    return b"".join(sealing.read_range(io.BytesIO(data), len(data), key, context, start, length))


def whole_by_range(data: bytes, key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    return ranged(data, 0, sealing.plain_size(len(data)), key, context)


READERS = pytest.mark.parametrize("read", [opened, whole_by_range])


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens_with_the_stock_decryptor_and_with_both_readers(size: int) -> None:
    plain = plaintext(size)
    data = sealed(plain)
    stock = Cobblestone256Decryptor(KEY, CONTEXT)
    assert stock.update(data) + stock.finalize() == plain
    assert opened(data) == plain
    assert sealing.plain_size(len(data)) == size
    assert whole_by_range(data) == plain


@settings(max_examples=60, deadline=None)
@given(
    chunks=st.lists(st.integers(0, 3 * sealing.PIECE // 2) | st.integers(0, 40_000), max_size=6),
    as_view=st.booleans(),
)
def test_any_cut_of_the_input_gives_the_same_plaintext_and_digest(chunks: list[int], as_view: bool) -> None:
    plain = plaintext(sum(chunks))
    sink = Recorder()
    sealer = sealing.Sealer(sink, KEY, CONTEXT)
    at = 0
    for size in chunks:
        piece = plain[at : at + size]
        sealer.write(memoryview(bytearray(piece)) if as_view else piece)
        at += size
    told = sealer.finish()
    assert told.sha256 == hashlib.sha256(plain).hexdigest()
    assert (told.plain_size, told.sealed_size) == (len(plain), len(sink.data))
    assert opened(bytes(sink.data)) == plain


def test_a_callers_buffer_may_be_used_again_after_each_write() -> None:
    plain = plaintext(5 * sealing.PIECE)
    sink = Recorder()
    sealer = sealing.Sealer(sink, KEY, CONTEXT)
    buffer = bytearray(sealing.PIECE)
    for at in range(0, len(plain), sealing.PIECE):
        buffer[:] = plain[at : at + sealing.PIECE]
        sealer.write(memoryview(buffer))
    assert sealer.finish().sha256 == hashlib.sha256(plain).hexdigest()
    assert opened(bytes(sink.data)) == plain


def test_a_huge_write_reaches_the_sink_in_pieces() -> None:
    sink = Recorder()
    sealer = sealing.Sealer(sink, KEY, CONTEXT)
    sealer.write(bytes(8 * sealing.PIECE))
    sealer.finish()
    assert sink.largest <= sealing.HEADER + sealing.PIECE // sealing.CHUNK * sealing.SEALED_CHUNK


def test_an_error_in_the_sink_reaches_the_caller() -> None:
    class Full:
        def write(self, data: bytes | memoryview) -> None:
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        sealing.Sealer(Full(), KEY, CONTEXT).write(bytes(sealing.PIECE))


EDGES = sorted(
    {
        max(0, at + by)
        for at in (0, sealing.CHUNK, 2 * sealing.CHUNK, sealing.PIECE, sealing.PIECE + sealing.CHUNK)
        for by in (-1, 0, 1)
    }
)


@pytest.mark.parametrize("start", EDGES)
def test_ranges_agree_with_the_stock_decryptor_at_every_boundary(start: int) -> None:
    size = sealing.PIECE + 2 * sealing.CHUNK + 5
    data = sealed(plaintext(size))
    stock = Cobblestone256Decryptor(KEY, CONTEXT)
    plain = stock.update(data) + stock.finalize()
    for end in [*EDGES, size - 1, size]:
        if end >= start:
            assert ranged(data, start, end - start) == plain[start:end]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_range_is_that_part_of_the_plaintext(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([0, 1, sealing.CHUNK, sealing.CHUNK + 1, 3 * sealing.CHUNK]))
    start = data.draw(st.integers(0, size))
    length = data.draw(st.integers(0, size - start))
    plain = plaintext(size)
    stream = ShortReads(sealed(plain))
    found = sealing.read_range(stream, len(stream.getvalue()), KEY, CONTEXT, start, length)
    assert b"".join(found) == plain[start : start + length]


@pytest.mark.parametrize(("start", "length"), [(-1, 1), (0, -1), (0, 101), (101, 0), (100, 1)])
def test_a_range_outside_the_plaintext_is_an_error(start: int, length: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        ranged(sealed(bytes(100)), start, length)


def damaged(data: bytes, read: object, key: bytes = KEY, context: bytes = CONTEXT) -> bool:
    try:
        read(data, key, context)  # type: ignore[operator]
    except Invalid as error:
        return error.code == "evidence_damaged"
    return False


@READERS
def test_every_flipped_bit_is_noticed(read: object) -> None:
    data = sealed(b"short")
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        assert damaged(bytes(flipped), read), f"bit {bit}"


@READERS
def test_a_flip_in_every_chunk_and_every_tag_is_noticed(read: object) -> None:
    data = sealed(plaintext(3 * sealing.CHUNK + 9))
    starts = range(sealing.HEADER, len(data), sealing.SEALED_CHUNK)
    for at in {0, 23, 24, 55, *starts, *(each - 1 for each in starts), len(data) - 1, len(data) - 17}:
        flipped = bytearray(data)
        flipped[at] ^= 0x80
        assert damaged(bytes(flipped), read), f"byte {at}"


@READERS
@pytest.mark.parametrize("size", [0, 1, sealing.CHUNK, 3 * sealing.CHUNK, 3 * sealing.CHUNK + 9])
def test_a_truncation_at_every_boundary_is_noticed(read: object, size: int) -> None:
    data = sealed(plaintext(size))
    boundaries = [0, 24, *range(sealing.HEADER, len(data) + 1, sealing.SEALED_CHUNK), len(data)]
    cuts = {at + by for at in boundaries for by in (-17, -16, -15, -1, 0, 1, 15, 16, 17)}
    for cut in sorted(each for each in cuts if 0 <= each < len(data)):
        assert damaged(data[:cut], read), f"cut to {cut} of {len(data)}"


@READERS
@pytest.mark.parametrize("more", [b"\0", bytes(16), bytes(sealing.SEALED_CHUNK)])
def test_bytes_added_at_the_end_are_noticed(read: object, more: bytes) -> None:
    assert damaged(sealed(plaintext(sealing.CHUNK + 1)) + more, read)


@READERS
def test_swapped_and_repeated_chunks_are_noticed(read: object) -> None:
    data = sealed(plaintext(3 * sealing.CHUNK))
    head, step = sealing.HEADER, sealing.SEALED_CHUNK
    chunks = [data[at : at + step] for at in range(head, len(data), step)]
    for order in ([1, 0, 2, 3], [0, 0, 2, 3], [0, 2, 3], [0, 1, 2, 2, 3]):
        assert damaged(data[:head] + b"".join(chunks[each] for each in order), read), order


@READERS
def test_a_ciphertext_opens_only_in_its_place_and_with_its_key(read: object) -> None:
    evidence, other = UUID(int=1), UUID(int=2)
    places = [
        sealing.evidence_context(evidence, 1),
        sealing.evidence_context(evidence, 1, part=2),
        sealing.evidence_context(evidence, 2),
        sealing.evidence_context(evidence, 11),
        sealing.evidence_context(other, 1),
    ]
    assert len(set(places)) == len(places)
    data = sealed(plaintext(sealing.CHUNK), context=places[0])
    assert not damaged(data, read, context=places[0])
    assert all(damaged(data, read, context=place) for place in places[1:])
    assert damaged(data, read, key=sealing.new_data_key(), context=places[0])


def test_chunks_of_another_message_under_the_same_key_are_noticed() -> None:
    first, second = sealed(plaintext(3 * sealing.CHUNK)), sealed(plaintext(3 * sealing.CHUNK))
    assert first != second
    cut = sealing.HEADER + sealing.SEALED_CHUNK
    assert damaged(first[:cut] + second[cut:], opened)
    assert damaged(first[:cut] + second[cut:], whole_by_range)


def test_a_range_far_from_the_cut_notices_the_truncation_before_it_gives_a_byte() -> None:
    data = sealed(plaintext(4 * sealing.CHUNK + 100))
    cut = data[: sealing.HEADER + 2 * sealing.SEALED_CHUNK + 50]
    with pytest.raises(Invalid, match="evidence_damaged"):
        sealing.read_range(io.BytesIO(cut), len(cut), KEY, CONTEXT, 0, 10)


def test_a_range_notices_that_the_object_is_longer_than_the_store_says() -> None:
    data = sealed(plaintext(sealing.CHUNK + 100))
    with pytest.raises(Invalid, match="evidence_damaged"):
        sealing.read_range(io.BytesIO(data + b"x"), len(data), KEY, CONTEXT, 0, 10)


@settings(max_examples=300)
@given(st.integers(0, 10 * sealing.SEALED_CHUNK))
def test_a_size_is_possible_exactly_when_some_plaintext_has_it(sealed_size: int) -> None:
    try:
        plain = sealing.plain_size(sealed_size)
    except Invalid:
        last = (sealed_size - sealing.HEADER) % sealing.SEALED_CHUNK
        assert sealed_size < sealing.HEADER or last < sealing.TAG
    else:
        chunks = plain // sealing.CHUNK + 1
        assert sealing.HEADER + plain + chunks * sealing.TAG == sealed_size


def test_a_wrapped_key_opens_again_and_never_looks_the_same_twice() -> None:
    wrapping, key = sealing.new_data_key(), sealing.new_data_key()
    wrapped = [sealing.wrap_key(wrapping, key, b"row") for _ in range(50)]
    assert len(set(wrapped)) == 50
    assert {len(each) for each in wrapped} == {61}
    assert all(sealing.unwrap_key(wrapping, each, b"row") == key for each in wrapped)


def key_wrong(wrapping: bytes, wrapped: bytes, aad: bytes) -> bool:
    try:
        sealing.unwrap_key(wrapping, wrapped, aad, "k1")
    except PortalError as error:
        return (
            isinstance(error, Misconfigured) and error.code == "key_wrong" and error.facts["key_id"] == "k1"
        )
    return False


def test_a_wrapped_key_that_was_changed_cut_or_moved_to_another_row_is_refused() -> None:
    wrapping, key = sealing.new_data_key(), sealing.new_data_key()
    vendor, evidence, other = UUID(int=1), UUID(int=2), UUID(int=3)
    aad = sealing.data_key_aad("class", vendor, evidence, 1)
    wrapped = sealing.wrap_key(wrapping, key, aad)
    for bit in range(8 * len(wrapped)):
        flipped = bytearray(wrapped)
        flipped[bit // 8] ^= 1 << bit % 8
        assert key_wrong(wrapping, bytes(flipped), aad), f"bit {bit}"
    assert all(key_wrong(wrapping, wrapped[:cut], aad) for cut in range(len(wrapped)))
    assert key_wrong(sealing.new_data_key(), wrapped, aad)
    for moved in (
        sealing.data_key_aad("class2", vendor, evidence, 1),
        sealing.data_key_aad("class", other, evidence, 1),
        sealing.data_key_aad("class", vendor, other, 1),
        sealing.data_key_aad("class", vendor, evidence, 2),
    ):
        assert key_wrong(wrapping, wrapped, moved)
    assert sealing.unwrap_key(wrapping, wrapped, aad) == key
