"""Just enough DER (ITU-T X.690) to write a container byte by byte and to refuse a loose encoding."""

from __future__ import annotations

from collections.abc import Iterator

SEQUENCE, SET, INTEGER, OCTETS = 0x30, 0x31, 0x02, 0x04
_DEPTH = 40


def tlv(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + body


def context(number: int, *contents: bytes) -> bytes:
    """Context-specific, constructed."""
    return tlv(0xA0 | number, *contents)


def is_canonical(data: bytes, depth: int = 0) -> bool:
    """Whether every length, to the last nested value, is written in the one way DER allows."""
    try:
        return depth < _DEPTH and all(
            not tag & 0x20 or is_canonical(body, depth + 1) for tag, body in _values(data)
        )
    except ValueError:
        return False


def length_of(data: bytes) -> int:
    """Bytes of the first value with its head. Raises ValueError."""
    return _head(data, 0)[1]


def _values(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        start, end = _head(data, at)
        yield data[at], data[start:end]
        at = end


def _head(data: bytes, at: int) -> tuple[int, int]:
    """Where the content at `at` starts and ends."""
    if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
        raise ValueError("no value with a short tag here")
    start, length = at + 2, data[at + 1]
    if length >= 0x80:
        octets = length & 0x7F
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
        if not 1 <= octets <= 4 or length < 0x80 or length < 1 << 8 * (octets - 1):
            raise ValueError("a length not in its shortest form")
    if start + length > len(data):
        raise ValueError("a value beyond the end")
    return start, start + length
