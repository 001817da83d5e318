"""A real portal of its own: a fresh instance, the shipped command, a worker, and a mail box that records."""

from __future__ import annotations

import email
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

PROGRAM = Path(sys.executable).parent / "audit-portal"
PATIENCE = 180.0  # seconds until something that has to happen counts as not happening


class Mails:
    """An SMTP server's handler that keeps what it is given."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.received.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    def link_to(self, address: str, part: str) -> str:
        """The newest link with `part` in it that was sent to this address; waits for the mail."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for mail in reversed(self.received):
                found = re.search(rf"https?://\S*{part}\S*", mail.get_content())
                if mail["To"] == address and found:
                    return found[0]
            time.sleep(0.2)
        raise TimeoutError(f"no mail with {part} came to {address}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Portal:
    """One installation. `folder` is empty; without an address of a database it uses SQLite."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.instance = folder / "instance"
        self.base = f"http://127.0.0.1:{_free_port()}"
        self.mails = Mails()
        self._smtp = Controller(self.mails, hostname="127.0.0.1", port=_free_port())
        self._process: subprocess.Popen[bytes] | None = None
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AUDIT_PORTAL_")}
        self.env = {
            **kept,
            "AUDIT_PORTAL_INSTANCE": str(self.instance),
            "AUDIT_PORTAL_BASE_URL": self.base,
            "AUDIT_PORTAL_SMTP_URL": f"smtp://127.0.0.1:{self._smtp.port}",
            **({"AUDIT_PORTAL_DATABASE_URL": database_url} if database_url else {}),
        }

    def run(self, *args: str | Path) -> str:
        """What a command prints; fails with what it said on error."""
        done = subprocess.run([PROGRAM, *args], env=self.env, capture_output=True, text=True, timeout=400)
        assert done.returncode == 0, f"audit-portal {args}: {done.stdout}{done.stderr}"
        return done.stdout

    def told(self, *args: str | Path) -> dict[str, Any]:
        """The object a command prints under --json, which must say ok."""
        found: dict[str, Any] = json.loads(self.run(*args, "--json"))
        assert found["ok"], found
        return found

    def init(self) -> str:
        """The one-time set-up link."""
        return self.run("init").split()[-1]

    def start(self) -> None:
        self._smtp.start()
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "--worker", "--port", self.base.rpartition(":")[2]],
                env=self.env,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < until, f"the server doesn't answer: {self.log()}"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/sign-in", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def stop(self) -> None:
        """Ends the very process that was started; it ends its worker."""
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._smtp.stop()
