"""Checkpoints (C2SP tlog-checkpoint): size and root of the ledger at a moment, the text of a signed note."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_portal.domain import errors
from audit_portal.domain.ledger.merkle import HASH_BYTES, SIZE_MAX
from audit_portal.domain.ledger.note import decode_base64, open_note, sign_note

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TIME_LINE = re.compile(r"time ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)")
_SIZE_LINE = re.compile("0|[1-9][0-9]{0,18}")
_LINE_BREAKING = re.compile("[\x00-\x1f\ud800-\udfff]")


@dataclass(frozen=True)
class Checkpoint:
    """What the ledger held: `size` entries with this `root`. Raises Invalid('checkpoint_malformed').

    `origin` names the ledger (a URL without scheme, such as portal.example/ledger). `time` is cut to whole
    seconds in UTC. `extensions` are further lines that this portal doesn't read.
    """

    origin: str
    size: int
    root: bytes
    time: datetime | None = None
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        sound = _is_line(self.origin) and 0 <= self.size <= SIZE_MAX and len(self.root) == HASH_BYTES
        if not sound or not all(_is_line(line) and not line.startswith("time ") for line in self.extensions):
            raise errors.Invalid("checkpoint_malformed")
        if self.time is not None:
            if self.time.tzinfo is None or self.time.year < 1000:  # strftime doesn't pad years everywhere
                raise errors.Invalid("checkpoint_malformed")
            object.__setattr__(self, "time", self.time.astimezone(UTC).replace(microsecond=0))

    def body(self) -> str:
        """The note text: origin, size, root in base64, the time line if any, extension lines."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.time is not None:
            lines.append("time " + self.time.strftime(_TIME))
        return "\n".join((*lines, *self.extensions)) + "\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Reads the body of an *opened* note; `parse_checkpoint(c.body()) == c`, and no other spelling is taken.

    Raises Invalid('checkpoint_malformed').
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop():
        raise errors.Invalid("checkpoint_malformed")
    origin, size, encoded, *extensions = lines
    root = decode_base64(encoded)
    if root is None or not _SIZE_LINE.fullmatch(size):
        raise errors.Invalid("checkpoint_malformed")
    time = _parse_time(extensions.pop(0)) if extensions and extensions[0].startswith("time ") else None
    return Checkpoint(origin, int(size), root, time, tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, private_key: Ed25519PrivateKey) -> str:
    """The note of a checkpoint; the key's name is the origin. Raises as `sign_note`."""
    return sign_note(checkpoint.body(), checkpoint.origin, private_key)


def open_checkpoint(note: str | bytes, verifier_keys: Iterable[str], origin: str) -> Checkpoint:
    """The checkpoint in a signed note of the ledger `origin`.

    Raises as `open_note` and `parse_checkpoint`, and Invalid('checkpoint_of_other_ledger', origin=…,
    expected=…): a key may sign for several ledgers, and a checkpoint of one proves nothing about another.
    """
    checkpoint = parse_checkpoint(open_note(note, verifier_keys))
    if checkpoint.origin != origin:
        raise errors.Invalid("checkpoint_of_other_ledger", origin=checkpoint.origin, expected=origin)
    return checkpoint


def _parse_time(line: str) -> datetime:
    match = _TIME_LINE.fullmatch(line)
    try:
        if match:
            return datetime.strptime(match[1], _TIME).replace(tzinfo=UTC)
    except ValueError:  # 30 February
        pass
    raise errors.Invalid("checkpoint_malformed")


def _is_line(text: str) -> bool:
    return bool(text) and not _LINE_BREAKING.search(text)
