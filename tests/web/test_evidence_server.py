"""Uploads over real sockets to the server as it is shipped: cut connections, plaintext, damage on the way out."""

from __future__ import annotations

import http.client
import os
import socket
import struct
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from audit_portal.domain.evidence import content_disposition
from tests.web.desk import BOUNDARY
from tests.web.served import (
    CONTENT,
    MARKER,
    Served,
    everything,
    holds_marker,
    serving,
    status_of,
    wait_for,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as found:
        yield found


def cuts(method: str, body: bytes) -> list[int]:
    """How much of a body arrives, at the places where a parser could be taken in."""
    everywhere = [0, 1, 9, len(body) // 2, len(body) - 1]
    if method == "PUT":
        return everywhere
    begins, ends = body.index(b"%PDF"), body.index(b"\r\n--" + BOUNDARY.encode(), body.index(b"%PDF"))
    return [
        *everywhere,
        begins - 30,
        begins,
        begins + 1,
        ends,
        ends + 2,
        ends + 10,
        len(body) - 4,
        len(body) - 2,
    ]


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("how", ["closed", "reset"])
def test_a_connection_cut_in_mid_upload_never_leaves_a_version(served: Served, method: str, how: str) -> None:
    head, body = served.put_request() if method == "PUT" else served.post_request()
    for cut in cuts(method, body):
        with served.connect() as connection:
            connection.sendall(head + body[:cut])
            if how == "closed":
                connection.shutdown(socket.SHUT_WR)
                assert status_of(everything(connection)) in (400, 422), cut
            else:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert not served.desk.versions(), cut
    wait_for(lambda: not served.uploads_open())
    assert served.desk.nothing_stored()


def test_a_body_in_chunks_is_refused(served: Served) -> None:
    with served.connect() as connection:
        chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(CONTENT), CONTENT)
        with suppress(ConnectionError):
            connection.sendall(served.head("PUT", None, Transfer_Encoding="chunked") + chunk)
        connection.shutdown(socket.SHUT_WR)
        assert status_of(everything(connection)) == 411
    assert served.desk.nothing_stored()


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_no_plaintext_is_on_disk_or_in_an_open_file_during_an_upload(served: Served, method: str) -> None:
    with tempfile.NamedTemporaryFile() as control:
        control.write(MARKER)
        control.flush()
        assert holds_marker([os.getpid()]), "the search itself works"
    head, body = served.put_request() if method == "PUT" else served.post_request()
    with served.connect() as connection:
        connection.sendall(head + body[: len(body) - 1000])
        wait_for(lambda: any(size > 1024**2 for size in served.uploads_open()))
        instance = served.desk.house.settings.instance
        assert holds_marker(served.processes(), instance, served.scratch) == []
        connection.shutdown(socket.SHUT_WR)
        everything(connection)
    assert served.desk.nothing_stored()


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_whole_upload_is_kept_and_read_again_sealed_on_disk(served: Served, method: str) -> None:
    before = len(served.desk.versions())
    head, body = served.put_request() if method == "PUT" else served.post_request()
    with served.connect() as connection:
        connection.sendall(head + body)
        assert status_of(connection.recv(65536)) in (201, 303)
    versions = served.desk.versions()
    assert len(versions) == before + 1
    assert served.get(f"/evidence/{versions[-1].id}") == (200, CONTENT)
    instance = served.desk.house.settings.instance
    assert holds_marker(served.processes(), instance, served.scratch) == []
    assert content_disposition(versions[-1].file_name).startswith("attachment")


def test_damage_behind_the_first_piece_cuts_the_answer_short(served: Served) -> None:
    head, body = served.put_request()
    with served.connect() as connection:
        connection.sendall(head + body)
        connection.recv(65536)
    version = served.desk.versions()[-1]
    folder = Path(served.desk.house.settings.evidence_url.removeprefix("file:"))
    path = next(each for each in folder.rglob("*") if each.name == version.store_key.replace("/", "."))
    whole = path.read_bytes()
    place = len(whole) - 600_000  # the first MiB and the end, which are looked at first, are sound
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    with pytest.raises(http.client.IncompleteRead):
        served.get(f"/evidence/{version.id}")
    path.write_bytes(whole)
