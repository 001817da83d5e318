"""Signatures of a finished report as a stranger takes them out, and what OpenSSL says to them.

Nothing here uses the portal's or pyHanko's reading of the file: the byte ranges are found as text.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.require import require

PERSON, STAMP = "ETSI.CAdES.detached", "ETSI.RFC3161"
_SIGNATURE = re.compile(
    rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)\s*\]\s*/Type /\w+\s*/Filter /\S+\s*/SubFilter /([\w.]+)"
)


@dataclass(frozen=True)
class Signature:
    """One of the file: its kind (SubFilter), the bytes of its /ByteRange, and its /Contents."""

    kind: str
    covered: bytes
    contents: bytes


def signatures(pdf: bytes) -> list[Signature]:
    """Oldest first. Each covers its revision of the file from the first byte to the last, but for /Contents."""
    found = []
    for match in _SIGNATURE.finditer(pdf):
        start, length, behind, rest = (int(number) for number in match.groups()[:4])
        gap = pdf[start + length : behind]
        assert start == 0
        assert re.fullmatch(rb"\s*<[0-9A-F]+>\s*", gap), gap[:20]
        assert pdf[: behind + rest].rstrip().endswith(b"%%EOF")
        contents = bytes.fromhex(gap.strip().strip(b"<>").decode())
        found.append(Signature(match[5].decode(), pdf[:length] + pdf[behind : behind + rest], contents))
    return found


def cms_verifies(signature: Signature, root: Path, folder: Path, at: datetime | None = None) -> bool:
    """`openssl cms -verify` of a person's signature (CAdES) under this root alone; `at` instead of now."""
    content, container = _save(signature, folder)
    command: list[str | Path] = [require("openssl"), "cms", "-verify", "-cades", "-binary", "-inform", "DER"]
    command += [
        "-in",
        container,
        "-content",
        content,
        "-CAfile",
        root,
        "-no-CApath",
        "-out",
        folder / "out",
        *_time(at),
    ]
    return subprocess.run(command, capture_output=True).returncode == 0


def stamp_verifies(signature: Signature, root: Path, folder: Path, at: datetime | None = None) -> bool:
    """`openssl ts -verify` of the time stamp that seals the document."""
    content, container = _save(signature, folder)
    command: list[str | Path] = [require("openssl"), "ts", "-verify", "-data", content]
    command += ["-in", container, "-token_in", "-CAfile", root, *_time(at)]
    return subprocess.run(command, capture_output=True).returncode == 0


def _save(signature: Signature, folder: Path) -> tuple[Path, Path]:
    content, container = folder / "content", folder / "container"
    content.write_bytes(signature.covered)
    container.write_bytes(signature.contents)
    return content, container


def _time(at: datetime | None) -> list[str]:
    return ["-attime", str(int(at.timestamp()))] if at else []
