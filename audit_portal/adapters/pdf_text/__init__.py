"""The text layer of a PDF that a stranger made, read in a process of its own.

The process gets the bytes through a pipe and has little memory, little time, and nothing of the portal: no
settings, no keys, no files to write. Whatever a hostile file does to it, the portal reads a bounded answer or
none. Nothing of the document touches the disk: no core is dumped, no log is written.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from audit_portal.domain import limits
from audit_portal.domain.preview import PageText, Unshown, tidy

CHILD = Path(__file__).with_name("child.py")
_MEMORY = 512 * 1024**2  # bytes of address space
_CPU = 6  # seconds
_WALL = 12.0  # seconds
_AT_ONCE = 2  # in one web process
_PATIENCE = 5.0  # seconds until a place is free
_PER_CHARACTER = 4  # bytes of UTF-8
_ROOM = 1024  # bytes of the answer beside the text
_WHY = {"locked": Unshown.LOCKED, "heavy": Unshown.HEAVY}


class PdfTextReader:
    """`child`, `wall` and `patience` (seconds) are for tests."""

    def __init__(self, child: Path = CHILD, wall: float = _WALL, patience: float = _PATIENCE) -> None:
        self._child, self._wall, self._patience = child, wall, patience
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    def __call__(self, pdf: bytes, page: int) -> PageText | Unshown:
        if not self._places.acquire(timeout=self._patience):
            return Unshown.BUSY
        try:
            answer, stopped = self._run(pdf, page)
        finally:
            self._places.release()
        if not answer:
            return Unshown.HEAVY if stopped else Unshown.UNREADABLE
        return _page(answer)

    def _run(self, pdf: bytes, page: int) -> tuple[bytes, bool]:
        """What the process answered, and whether it was stopped by a limit."""
        most = limits.PREVIEW_TEXT * _PER_CHARACTER * 2 + _ROOM  # JSON doubles quotes and line ends
        child = subprocess.Popen(  # noqa: S603 - our own script, numbers as arguments
            _command(self._child, page),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may quote the document
            cwd="/",
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        timer = threading.Timer(self._wall, child.kill)
        writer = threading.Thread(target=_hand_over, args=(child, pdf), daemon=True)
        timer.start()
        try:
            writer.start()
            answer = child.stdout.read(most + 1) if child.stdout else b""
            if len(answer) > most:
                child.kill()
                answer = b""
            status = child.wait()
        finally:
            timer.cancel()
            child.kill()  # harmless when it has ended
            child.wait()
            writer.join()
            if child.stdout:
                child.stdout.close()
        return (answer, False) if status == 0 else (b"", status < 0)


def _command(child: Path, page: int) -> Sequence[str]:
    numbers = (page, limits.PREVIEW_PAGES, limits.PREVIEW_TEXT, _MEMORY, _CPU)
    # -B -P -s: writes no bytecode, imports nothing from the folder it stands in nor from anybody's home.
    return (sys.executable, "-B", "-P", "-s", "-X", "utf8", str(child), *map(str, numbers))


def _hand_over(child: subprocess.Popen[bytes], pdf: bytes) -> None:
    try:
        if child.stdin:
            with child.stdin as pipe:
                pipe.write(pdf)
    except (BrokenPipeError, OSError):
        return  # it ended before it had read everything


def _page(answer: bytes) -> PageText | Unshown:
    """What a process that may have been taken over answered: nothing of it is taken on trust."""
    try:
        found = json.loads(answer)
        if "why" in found:
            return _WHY.get(found["why"], Unshown.UNREADABLE)
        page, pages, text = int(found["page"]), int(found["pages"]), str(found["text"])
    except (ValueError, KeyError, TypeError):
        return Unshown.UNREADABLE
    if not 1 <= page <= pages <= limits.PREVIEW_PAGES:
        return Unshown.UNREADABLE
    shown = tidy(text)[: limits.PREVIEW_TEXT]
    return PageText(page, pages, shown, bool(found.get("cut")))
