"""One file of 1 GiB over HTTP into the vault, against a raw socket into the same sealing sink."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from audit_portal import config, wiring
from audit_portal.services import sample
from audit_portal.services.accounts import sessions, setup
from audit_portal.services.assessments import assessment_view, sending
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.checklists import publish_all
from audit_portal.services.engagements import engagements
from audit_portal.services.evidence.vault import Deposit
from audit_portal.services.house import Context, House
from audit_portal.storage import schema
from tests.benchmarks.figures import Figure
from tests.factories.world import work

SIZE = 1024**3
PIECE = 1024 * 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _content() -> bytes:
    return b"%PDF-1.7\n" + os.urandom(PIECE - 9)


def _raw_socket(house: House, owner: UUID) -> float:
    """Seconds to send SIZE bytes through a socket into a sealing sink, and to make them durable."""
    server = socket.create_server(("127.0.0.1", 0))
    done: list[float] = []

    def take() -> None:
        connection, _ = server.accept()
        view = memoryview(bytearray(PIECE))
        with Deposit(house, "bench", uuid4(), 1, owner) as deposit:
            while count := connection.recv_into(view):
                deposit.sealer.write(view[:count])
            deposit.sealer.finish()
            deposit.commit()
        done.append(time.perf_counter())

    thread = threading.Thread(target=take)
    thread.start()
    piece = _content()
    start = time.perf_counter()
    with socket.create_connection(server.getsockname()) as out:
        for _ in range(SIZE // PIECE):
            out.sendall(piece)
    thread.join()
    server.close()
    return done[0] - start


def _memory(pid: int) -> float:
    """Peak resident memory in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def _worker_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _put(port: int, cookie: str, token: str, path: str, size: int) -> float:
    """Seconds from the first byte to the answer. Raises when the server refuses."""
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: audit_portal={cookie}\r\nX-CSRFToken: {token}\r\n"
        f"X-File-Name: big.pdf\r\nX-Form-Fields: idempotency_key={uuid4().hex}\r\nAccept: application/json\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    )
    piece = _content()
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as out:
        out.sendall(head.encode())
        for _ in range(size // PIECE):
            out.sendall(piece)
        answer = b""
        while more := out.recv(65536):
            answer += more
    took = time.perf_counter() - start
    if b" 200 " not in answer[:20] and b" 201 " not in answer[:20]:
        raise RuntimeError(answer[:500])
    return took


def run() -> Iterator[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    port = _free_port()
    environment = {"AUDIT_PORTAL_INSTANCE": str(folder), "AUDIT_PORTAL_BASE_URL": f"http://127.0.0.1:{port}"}
    settings = config.load(environment)
    wiring.prepare_files(settings)
    db = wiring.database(settings)
    schema.migrate(db)
    house = wiring.build(settings)
    setup.prepare(house)
    publish_all(house)
    sample.load(house)
    lead, assessment_id, code = _open_item(house)
    cookie = sessions.start(house, lead.actor.person, {"csrf_token": "b" * 40})
    command = [str(Path(sys.executable).parent / "audit-portal"), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait(port)
        token = _token(port, cookie, f"/assessments/{assessment_id}/items/{code}")
        path = f"/assessments/{assessment_id}/items/{code}/evidence"
        _put(port, cookie, token, path, 8 * PIECE)
        before = _memory(_worker_of(server.pid))
        raw, http = [], []
        for _ in range(3):
            raw.append(_raw_socket(house, lead.actor.party_id or uuid4()))
            http.append(_put(port, cookie, token, path, SIZE))
        grown = _memory(_worker_of(server.pid)) - before
    finally:
        server.terminate()
        server.wait()
    ratios = sorted(one / other for one, other in zip(raw, http, strict=True))
    yield Figure(
        "upload of 1 GiB over HTTP, speed against a raw socket into the same sink (median of 3)",
        ratios[1],
        0.85,
        True,
    )
    yield Figure("upload of 1 GiB, growth of the server's memory in MiB", grown, 16)
    yield Figure("upload of 1 GiB, MB/s", SIZE / sorted(http)[1] / 1e6)


def _open_item(house: House) -> tuple[Context, UUID, str]:
    """A vendor with a fresh assessment."""
    from audit_portal.domain.access import Role, system
    from audit_portal.services.accounts.sessions import person_in
    from audit_portal.storage import accounts

    with house.db.read(system("bench")) as tx:
        officer = accounts.by_email(tx, "hanako@sample-shoji.example")
        lead = accounts.by_email(tx, "kato@minato-fukushi.example")
    if officer is None or lead is None or Role.VENDOR_LEAD.value not in lead.roles:
        raise RuntimeError("the sample has changed")
    sender, answerer = (Context(house, person_in(house, each.id).actor) for each in (officer, lead))
    engagement_id = engagements.register(sender, lead.party_id, work())
    order = SendOrder(sending.sendable(sender)[0].id, house.today() + timedelta(days=7))
    assessment_id = sending.send(sender, engagement_id, order)
    return answerer, assessment_id, assessment_view.get_assessment(answerer, assessment_id).mine[0].code


def _wait(port: int) -> None:
    for _ in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _token(port: int, cookie: str, path: str) -> str:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Cookie": f"audit_portal={cookie}"})
    page = connection.getresponse().read().decode()
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]  # type: ignore[index]
