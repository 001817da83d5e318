"""The shipped web server: gunicorn with threads, whose input reaches the sealing sink unspooled."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from audit_portal import wiring, worker
from audit_portal.app import create_app
from audit_portal.config import Settings
from audit_portal.services.accounts import setup
from audit_portal.web.pace import PacedSocket

PATIENCE = 60.0  # seconds; a client that lost its power or its line says nothing any more, and keeps a thread

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


def application(settings: Settings) -> Flask:
    """The WSGI application of this installation, its keys checked."""
    house = wiring.build(settings, wake=worker.waker(settings))
    setup.check_keys(house)
    app = create_app(house, wiring.web_secret(settings))
    app.config["SAMPLE_INSTANCE"] = setup.is_sample(house)
    return app


class _Worker(ThreadWorker):
    """gunicorn itself waits for a request's head and body without end; its `timeout` is about the worker as a
    whole."""

    patience = PATIENCE

    def handle(self, conn: Any) -> Any:
        if not isinstance(conn.sock, PacedSocket):
            conn.sock = PacedSocket(conn.sock, self.patience)
        conn.sock.begin()
        return super().handle(conn)


class _Server(BaseApplication):
    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Iterable[bytes]]:
        app = application(self._settings)
        settle()
        return app


def settle() -> None:
    """Leaves what the process has loaded out of every later search for garbage: it stays to the end, and going
    through it takes a fifth of the time of bringing a large file in."""
    gc.collect()
    gc.freeze()


def _keep_freed_memory() -> None:
    """glibc hands each large buffer back to the system and asks for it anew; an upload, half a MiB at a time, then
    spends most of its time on page faults. With another C library there is nothing to tell."""
    libc = ctypes.CDLL(None)
    if tune := getattr(libc, "mallopt", None):
        tune(_M_MMAP_THRESHOLD, 16 * 1024**2)
        tune(_M_TRIM_THRESHOLD, 64 * 1024**2)


def run(settings: Settings, host: str, port: int, threads: int, patience: float = PATIENCE) -> None:
    """Serves until stopped. What is wrong with the installation is said before the server starts."""
    house = wiring.build(settings)
    setup.check_keys(house)
    house.db.dispose()
    _keep_freed_memory()
    worker_class = type("PatientWorker", (_Worker,), {"patience": patience})
    _Server(
        settings,
        {
            "bind": f"{host}:{port}", "worker_class": worker_class, "workers": 1, "threads": threads, "timeout": 120,
            "keepalive": 15, "graceful_timeout": 20, "loglevel": "warning", "control_socket_disable": True,
            "sendfile": False,  # the kernel would wait for the client without end
        },
    ).run()  # fmt: skip
