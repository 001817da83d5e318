"""A client's socket that is given up when too little moves: no client holds a thread for as long as it likes."""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from audit_portal.domain import limits

T = TypeVar("T")


class TooSlow(ConnectionResetError):
    """The client fell silent or moves too little. To the web server it is a connection that the client reset."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "the client is too slow")


class _Pace:
    """One direction. Only the time the client is waited for counts, and nothing is saved up."""

    def __init__(self, seconds: float, least: int, clock: Callable[[], float]) -> None:
        self._seconds, self._least, self._clock = seconds, least, clock
        self.begin()

    def begin(self) -> None:
        self._waited, self._moved, self._given_up = 0.0, 0, False

    def step(self, move: Callable[[], T], count: Callable[[T], int]) -> T:
        """What `move` gives, `count`ed in bytes. Raises TooSlow, from then on at once."""
        if self._given_up:
            raise TooSlow()
        begun = self._clock()
        try:
            moved = move()
        except BlockingIOError as silence:  # the kernel's own limit
            self._given_up = True
            raise TooSlow() from silence
        self._waited += self._clock() - begun
        self._moved += count(moved)
        if self._waited >= self._seconds:
            if self._moved < self._least:
                self._given_up = True
                raise TooSlow()
            self._waited, self._moved = 0.0, 0
        return moved


class PacedSocket:
    """`sock`, where `least` bytes move in every `seconds` that the client is waited for; else TooSlow.

    One wait without a byte ends after `seconds` too. That is told to the kernel: Python's own timeout would ask
    before every read, which costs an upload a sixth of its speed. Who sets a timeout has seen to a bound himself.
    """

    def __init__(
        self,
        sock: socket.socket,
        seconds: float,
        least: int = limits.PACE_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sock = sock
        self._reading, self._writing = _Pace(seconds, least, clock), _Pace(seconds, least, clock)
        limit = struct.pack("@ll", int(seconds), int(seconds % 1 * 1_000_000))
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, direction, limit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def begin(self) -> None:
        """A new request: what the one before it took is forgotten."""
        self._reading.begin()
        self._writing.begin()

    def recv(self, size: int) -> bytes:
        if self._sock.gettimeout() is not None:
            return self._sock.recv(size)
        return self._reading.step(partial(self._sock.recv, size), len)

    def sendall(self, data: bytes) -> None:
        if self._sock.gettimeout() is not None:
            self._sock.sendall(data)
            return
        rest = memoryview(data)
        while rest:
            rest = rest[self._writing.step(partial(self._sock.send, rest), int) :]
