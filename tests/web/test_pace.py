"""How long a client may take: a clock of its own, and a line that brings so much at a time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from io import BytesIO
from typing import IO, cast

import pytest

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.web.pace import PacedSocket, TooSlow
from audit_portal.web.uploads import Body


class Line(socket.socket):
    """Every read and write takes `takes` seconds of the clock and moves `moves` bytes."""

    now, takes, moves = 0.0, 59.0, 1

    def recv(self, size: int, flags: int = 0) -> bytes:
        self.now += self.takes
        return bytes(min(self.moves, size))

    def send(self, data: object, flags: int = 0) -> int:
        self.now += self.takes
        return min(self.moves, len(cast(memoryview, data)))


@pytest.fixture
def line() -> Iterator[Line]:
    with Line() as found:
        yield found


@pytest.fixture
def paced(line: Line) -> PacedSocket:
    return PacedSocket(line, 60, clock=lambda: line.now)


def test_a_byte_a_minute_is_given_up_and_stays_so_until_the_next_request(
    line: Line, paced: PacedSocket
) -> None:
    assert paced.recv(1000) == b"\0"
    for _ in range(2):
        with pytest.raises(TooSlow):
            paced.recv(1000)
    assert line.now == 2 * 59, "what was given up is not waited for again"
    paced.begin()
    assert paced.recv(1000) == b"\0"


def test_a_fast_beginning_buys_no_time(line: Line, paced: PacedSocket) -> None:
    line.takes, line.moves = 0.1, 1024**2
    for _ in range(1000):
        paced.recv(1024**2)
    line.takes, line.moves = 59.0, 1
    with pytest.raises(TooSlow):
        for _ in range(4):
            paced.recv(1000)


def test_a_poor_line_at_the_least_pace_is_waited_for(line: Line, paced: PacedSocket) -> None:
    line.takes, line.moves = 1.0, limits.PACE_BYTES // 30
    for _ in range(24 * 3600):
        paced.recv(1024**2)
    paced.sendall(bytes(10 * limits.PACE_BYTES))


def test_what_the_server_takes_itself_does_not_count(line: Line, paced: PacedSocket) -> None:
    line.takes = 0.0
    for _ in range(10):
        line.now += 3600
        paced.recv(1000)


def test_who_reads_an_answer_byte_by_byte_is_given_up_too(line: Line, paced: PacedSocket) -> None:
    with pytest.raises(TooSlow):
        paced.sendall(bytes(1000))
    line.moves, line.takes = 1000, 0.0
    assert len(paced.recv(1000)) == 1000, "the other direction stands on its own"


def test_a_client_that_is_given_up_in_reading_is_still_answered() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        paced = PacedSocket(ours, 0.01)
        with pytest.raises(TooSlow):
            paced.recv(1000)
        paced.sendall(b"answer")
        assert theirs.recv(1000) == b"answer"


def test_an_upload_that_comes_too_slowly_is_refused_with_that_reason() -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise TooSlow()

    for stream, code in ((Slow(), "upload_too_slow"), (BytesIO(b"half"), "upload_incomplete")):
        with pytest.raises(Invalid, match=code):
            list(Body(cast(IO[bytes], stream), 10).pieces())
