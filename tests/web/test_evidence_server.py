"""Uploads over real sockets to the server as it is shipped: cut connections, plaintext, damage on the way out."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from audit_portal import config, server, wiring
from audit_portal.domain.evidence import content_disposition
from audit_portal.services.accounts import sessions, setup
from audit_portal.storage import schema
from tests.web.desk import BOUNDARY, Desk, form_parts, make_desk, multipart

MARKER = b"plaintext-marker-8c1f"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
CONTENT = b"%PDF-1.7\n" + MARKER * 150_000  # 3 MB


class Served:
    """The shipped server on an instance of its own, and a signed-in vendor."""

    def __init__(self, desk: Desk, process: subprocess.Popen[bytes], port: int, scratch: Path) -> None:
        self.desk, self.process, self.port, self.scratch = desk, process, port, scratch
        session = sessions.start(desk.house, desk.everyone.vendor_lead, {})
        self.cookie = f"audit_portal={session}"
        found = TOKEN.search(self.get("/account")[1].decode())
        assert found
        self.token = found[1]

    def get(self, url: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", url, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def head(self, method: str, length: int | None, **headers: str) -> bytes:
        lines = {
            "Host": f"127.0.0.1:{self.port}",
            "Cookie": self.cookie,
            "X-CSRFToken": self.token,
            **headers,
        }
        if length is not None:
            lines["Content-Length"] = str(length)
        typed = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
        return f"{method} {self.desk.url()} HTTP/1.1\r\n{typed}\r\n".encode()

    def put_request(self) -> tuple[bytes, bytes]:
        name = {"X-File-Name": quote("規程.pdf"), "X-Form-Fields": urlencode({"expires": ""})}
        return self.head("PUT", len(CONTENT), **name), CONTENT

    def post_request(self) -> tuple[bytes, bytes]:
        body = multipart(form_parts(self.token, CONTENT))
        return self.head("POST", len(body), Content_Type=f"multipart/form-data; boundary={BOUNDARY}"), body

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def processes(self) -> list[int]:
        found = [self.process.pid]
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                if int(stat.read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    found.append(int(stat.parent.name))
        return found

    def uploads_open(self) -> list[int]:
        """Sizes of the objects that are being written now."""
        root = self.desk.house.settings.evidence_url.removeprefix("file:")
        return [size for target, size in open_files(self.processes()) if target.startswith(root)]


def open_files(processes: list[int]) -> list[tuple[str, int]]:
    found = []
    for pid in processes:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if link.is_file():
                    found.append((str(link.readlink()), link.stat().st_size))
    return found


def holds_marker(processes: list[int], *folders: Path) -> list[str]:
    """Names of all files with plaintext, those without a name that a process holds open too."""
    paths = [link for pid in processes for link in Path(f"/proc/{pid}/fd").iterdir()]
    paths += [path for folder in folders for path in folder.rglob("*")]
    found = []
    for path in paths:
        with suppress(OSError):
            if path.is_file() and MARKER in path.read_bytes():
                found.append(str(path))
    return found


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until, "nothing happened in two minutes"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(
    port: int, instance: Path, scratch: Path, patience: float = server.PATIENCE
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "AUDIT_PORTAL_INSTANCE": str(instance),
        "AUDIT_PORTAL_BASE_URL": f"http://127.0.0.1:{port}",
        "TMPDIR": str(scratch),
    }
    serve = f"server.run(config.load(), '127.0.0.1', {port}, 4, {patience})"
    code = f"from audit_portal import config, server; {serve}"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment)

    def answers() -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        return False

    try:
        wait_for(answers)
        yield process
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    instance, scratch = folder / "instance", folder / "scratch"
    scratch.mkdir()
    settings = config.load(
        {"AUDIT_PORTAL_INSTANCE": str(instance), "AUDIT_PORTAL_BASE_URL": f"http://127.0.0.1:{port}"}
    )
    wiring.prepare_files(settings)
    empty = wiring.database(settings)
    schema.migrate(empty)
    empty.dispose()
    house = wiring.build(settings)
    setup.prepare(house)
    desk = make_desk(house, folder)
    with running(port, instance, scratch) as process:
        yield Served(replace(desk, house=house), process, port, scratch)
    house.db.dispose()


def status_of(raw: bytes) -> int:
    return int(raw.split(b" ", 2)[1]) if raw.startswith(b"HTTP/1.1 ") else 0


def everything(connection: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionError):
        while piece := connection.recv(65536):
            found += piece
    return found


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
