"""Time stamps: the portal's own, and an outside authority's over HTTP."""

from __future__ import annotations

import hashlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import cms

from audit_portal.adapters.pdf_verify import verify_report
from audit_portal.adapters.timestamp_own import OwnTimestampAuthority
from audit_portal.adapters.timestamp_rfc3161 import HttpTimestampAuthority
from audit_portal.domain.errors import Misconfigured, Unavailable
from tests.adapters.report_sample import NOW
from tests.adapters.signing_house import Hands, House, stages
from tests.require import require

REJECTED = bytes.fromhex("30053003020102")  # PKIStatus 2
DIGEST = hashlib.sha256(b"report").digest()
CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
EXTENSIONS = "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"


@contextmanager
def serving(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa?x=1"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A time-stamp authority of openssl's own making."""
    openssl, folder = require("openssl"), tmp_path_factory.mktemp("tsa")

    def do(*words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    do(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "root.key",
        "-out",
        "root.pem",
        "-days",
        "99",
        "-subj",
        "/CN=Clock root",
    )
    do(
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "tsa.key",
        "-out",
        "tsa.csr",
        "-subj",
        "/CN=Outside clock",
    )
    (folder / "ext").write_text(EXTENSIONS)
    do(
        "x509",
        "-req",
        "-in",
        "tsa.csr",
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-out",
        "tsa.pem",
        "-days",
        "99",
        "-extfile",
        "ext",
    )
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    return folder


def reply(folder: Path, query: bytes) -> tuple[int, bytes]:
    (folder / "query").write_bytes(query)
    words = [
        "ts",
        "-reply",
        "-config",
        "tsa.cnf",
        "-queryfile",
        "query",
        "-signer",
        "tsa.pem",
        "-inkey",
        "tsa.key",
        "-out",
        "reply",
    ]
    subprocess.run([require("openssl"), *words], cwd=folder, check=True, capture_output=True)
    return 200, (folder / "reply").read_bytes()


def test_openssl_accepts_the_portals_own_stamp(tmp_path: Path) -> None:
    house = House(tmp_path)
    certificate, key = house.ca.stamp_credentials()
    (tmp_path / "token").write_bytes(OwnTimestampAuthority(certificate, key, Hands()).stamp(DIGEST))
    (tmp_path / "root.pem").write_bytes(house.ca.root_pem())
    words = ["ts", "-verify", "-digest", DIGEST.hex(), "-in", "token", "-token_in", "-CAfile", "root.pem"]
    done = subprocess.run([require("openssl"), *words, "-attime", str(int(NOW.timestamp()))], cwd=tmp_path, capture_output=True)  # fmt: skip
    assert b"Verification: OK" in done.stdout + done.stderr
    other = hashlib.sha256(b"other").hexdigest()
    words[3] = other
    assert subprocess.run([require("openssl"), *words], cwd=tmp_path, capture_output=True).returncode != 0


def test_own_stamps_show_the_clock_and_never_repeat_a_number(tmp_path: Path) -> None:
    house = House(tmp_path)
    authority = OwnTimestampAuthority(*house.ca.stamp_credentials(), Hands())
    infos = []
    for _ in range(2):
        token = cms.ContentInfo.load(authority.stamp(DIGEST))
        infos.append(token["content"]["encap_content_info"]["content"].parsed)
    assert infos[0]["gen_time"].native == NOW
    assert infos[0]["serial_number"].native != infos[1]["serial_number"].native
    assert authority.own


def test_only_a_sha256_digest_is_stamped(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        OwnTimestampAuthority(*House(tmp_path).ca.stamp_credentials(), Hands()).stamp(b"short")


def test_a_report_sealed_by_an_outside_clock_is_valid_with_its_root_only(
    outside: Path, tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    with serving(lambda query: reply(outside, query)) as url:
        clock = Hands(datetime.now(UTC).replace(microsecond=0))
        stamps, root = HttpTimestampAuthority(url), (outside / "root.pem").read_bytes()
        house = House(tmp_path, clock, stamps, (root,))
        if not NOW - house.clock.now() < house.clock.now() - NOW:
            pytest.skip("the machine's clock is before the sample")
        clock.move = lambda seconds: clock.at  # type: ignore[method-assign]  # the outside clock is real
        final = stages(house).final
    found = verify_report(final, house.roots, house.clock.now(), [root])
    assert (found.ok, found.problems) == (True, ())
    assert [each.stamp_own for each in found.signatures] == [False, False]
    assert found.signatures[0].stamp_by == "Outside clock"
    assert verify_report(final, house.roots, house.clock.now()).problems == ("stamp_untrusted",)
    assert "signer_untrusted" in verify_report(final, [root], house.clock.now(), [root]).problems


def test_an_answer_about_something_else_is_refused(outside: Path) -> None:
    seen: list[bytes] = []

    def stale(query: bytes) -> tuple[int, bytes]:
        seen.append(query)
        return reply(outside, seen[0])

    with serving(stale) as url:
        authority = HttpTimestampAuthority(url)
        authority.stamp(DIGEST)
        for digest in (DIGEST, hashlib.sha256(b"other").digest()):  # a used nonce, another digest
            with pytest.raises(Unavailable, match="tsa_bad_reply"):
                authority.stamp(digest)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, b"not der"), "tsa_bad_reply"),
        ((500, b""), "tsa_bad_reply"),
        ((302, b""), "tsa_bad_reply"),
        ((200, b"0" * 70_000), "tsa_bad_reply"),
        ((200, REJECTED), "tsa_refused"),
    ],
)
def test_a_poor_answer_is_not_a_stamp(answer: tuple[int, bytes], code: str) -> None:
    with serving(lambda _: answer) as url, pytest.raises(Unavailable, match=code):
        HttpTimestampAuthority(url).stamp(DIGEST)


def test_a_silent_authority_is_unavailable() -> None:
    with serving(lambda _: (200, b"")) as url:
        pass
    with pytest.raises(Unavailable, match="tsa_unreachable"):
        HttpTimestampAuthority(url, timeout=2).stamp(DIGEST)


@pytest.mark.parametrize("url", ["ftp://x/", "tsa.example.jp", "", "file:///etc/passwd", "http://"])
def test_an_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="tsa_url_bad"):
        HttpTimestampAuthority(url)
