"""Clients that fall silent or send byte by byte, over real sockets to the server as it is shipped."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.web.served import (
    Served,
    everything,
    free_port,
    running,
    serving,
    status_of,
    wait_for,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="module")
def hasty(served: Served) -> Iterator[Served]:
    """The same instance, served with hardly any patience."""
    port, instance = free_port(), served.desk.house.settings.instance
    with running(port, instance, served.scratch, patience=0.5) as process:
        yield Served(served.desk, process, port, served.scratch)


@pytest.mark.parametrize("begun", ["PUT", "POST", "line", "head"])
def test_a_client_that_falls_silent_gives_its_thread_back(hasty: Served, begun: str) -> None:
    head, body = hasty.post_request() if begun == "POST" else hasty.put_request()
    halves = {"line": head[:7], "head": head[:-2]}
    silent = [hasty.connect() for _ in range(4)]  # as many as there are threads
    for connection in silent:
        connection.sendall(halves.get(begun, head + body[: len(body) // 2]))
    assert hasty.get("/account")[0] == 200
    for connection in silent:
        assert status_of(everything(connection)) == (0 if begun in halves else 422)
        connection.close()
    wait_for(lambda: not hasty.uploads_open())


@pytest.mark.parametrize("begun", ["PUT", "head"])
def test_a_client_that_sends_byte_by_byte_gives_its_thread_back(hasty: Served, begun: str) -> None:
    head, body = hasty.put_request()
    with hasty.connect() as connection:
        connection.sendall(head + body[:10] if begun == "PUT" else head[:-2] + b"X-Long: ")
        connection.settimeout(0.05)  # between one byte and the next

        def ended() -> bool:
            with suppress(TimeoutError):
                answer.append(connection.recv(65536))
                return True
            connection.sendall(b"x")
            return False

        answer: list[bytes] = []
        with suppress(ConnectionError):
            wait_for(ended)
    if begun == "PUT":
        assert status_of(answer[0]) == 422
        assert "遅すぎる" in json.loads(answer[0].partition(b"\r\n\r\n")[2])["error"]
    assert hasty.get("/account")[0] == 200


def test_a_connection_that_is_kept_serves_the_next_request_too(hasty: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=30)
    for _ in range(3):
        connection.request("GET", "/account", headers={"Cookie": hasty.cookie})
        answer = connection.getresponse()
        assert (answer.status, answer.will_close, len(answer.read()) > 0) == (200, False, True)
        time.sleep(0.6)  # longer than the server waits within a request
    connection.close()
