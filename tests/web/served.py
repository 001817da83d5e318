"""The shipped server in a process of its own, and what it takes to talk to it over bare sockets."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

from audit_portal import config, server, wiring
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


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """A fresh instance under `folder`, served."""
    port = free_port()
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
