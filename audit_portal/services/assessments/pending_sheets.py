"""An uploaded spreadsheet between preview and application: its rows sealed in the person's own row, for a day.

Not a temporary file (it would lie in the clear on disk), not a hidden field (a few megabytes with every post),
and not uploaded twice (the second file could be another one than the one that was looked at).
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit_portal.domain import limits
from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict, Invalid, Misconfigured
from audit_portal.domain.evidence import clean_file_name
from audit_portal.domain.sealing import Sealer, new_data_key, unseal
from audit_portal.domain.sheets import Book, Row, Sheet
from audit_portal.services.house import Context, House
from audit_portal.storage import sheets
from audit_portal.storage.tables.sheets import PendingSheet
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("sheets")


@dataclass(frozen=True)
class Pending:
    name: str
    sha256: str
    uploaded_at: datetime
    book: Book


def keep(ctx: Context, place: str, name: str, content: bytes) -> Pending:
    """Reads a file and keeps its rows. Raises Invalid('sheet_…')."""
    return keep_read(ctx, place, name, content, ctx.house.sheets.read(content))


def keep_read(ctx: Context, place: str, name: str, content: bytes, book: Book) -> Pending:
    """Keeps what was read for this person and place; an older one is replaced."""
    shown = clean_file_name(name)
    packed = zlib.compress(_packed(shown, book), 1)
    if len(packed) > limits.SHEET_BYTES:
        raise Invalid("sheet_too_large", "file", limit=limits.SHEET_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    wrapped, body = _sealed(ctx, place, packed)
    with ctx.begin() as tx:
        row = sheets.pending(tx, place)
        if row is None:
            row = PendingSheet(
                account_id=ctx.actor.person,
                place=place,
                sha256=digest,
                wrapped_key=wrapped,
                body=body,
                uploaded_at=tx.now,
            )
            tx.add(row)
        else:
            row.sha256, row.wrapped_key, row.body, row.uploaded_at = digest, wrapped, body, tx.now
    return Pending(shown, digest, row.uploaded_at, book)


def held(ctx: Context, place: str) -> Pending | None:
    """What waits at this place, if it was left within the day."""
    with ctx.read() as tx:
        row = sheets.pending(tx, place)
    if row is None or row.uploaded_at < ctx.now - timedelta(seconds=limits.SHEET_LIFE):
        return None
    try:
        key = ctx.house.keys.unwrap(row.wrapped_key, _context(ctx, place))
        packed = b"".join(unseal(io.BytesIO(row.body), key, _context(ctx, place)))
    except (Invalid, Misconfigured):
        return None  # sealed under a key that is gone: as good as over
    name, book = _unpacked(zlib.decompress(packed))
    return Pending(name, row.sha256, row.uploaded_at, book)


def the_one_shown(ctx: Context, place: str, sha256: str) -> Pending:
    """What the person saw and now confirms. Raises Conflict('sheet_gone') when another file came or the day is over."""
    found = held(ctx, place)
    if found is None or found.sha256 != sha256:
        raise Conflict("sheet_gone")
    return found


def drop(tx: Transaction, place: str) -> None:
    sheets.drop(tx, place)


def discard(ctx: Context, place: str) -> None:
    with ctx.begin() as tx:
        drop(tx, place)


def sweep(house: House) -> int:
    """Deletes what nobody came back for; returns how many."""
    with house.db.begin(_SYSTEM) as tx:
        return sheets.forget(tx, house.clock.now() - timedelta(seconds=limits.SHEET_LIFE))


def _context(ctx: Context, place: str) -> bytes:
    return f"audit-portal pending sheet\0{ctx.actor.person}\0{place}".encode()


def _sealed(ctx: Context, place: str, packed: bytes) -> tuple[bytes, bytes]:
    key, out = new_data_key(), _Memory()
    sealer = Sealer(out, key, _context(ctx, place))
    sealer.write(packed)
    sealer.finish()
    return ctx.house.keys.wrap(key, _context(ctx, place)), bytes(out.content)


class _Memory:
    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: bytes | memoryview) -> None:
        self.content += data


def _packed(name: str, book: Book) -> bytes:
    found = [
        [
            sheet.name,
            sheet.hidden,
            [[row.number, list(row.texts.items()), list(row.flaws.items())] for row in sheet.rows],
        ]
        for sheet in book.sheets
    ]
    return json.dumps([name, found], ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _unpacked(body: bytes) -> tuple[str, Book]:
    name, found = json.loads(body)
    return name, Book(
        tuple(
            Sheet(
                title, tuple(Row(number, dict(texts), dict(flaws)) for number, texts, flaws in rows), hidden
            )
            for title, hidden, rows in found
        )
    )
