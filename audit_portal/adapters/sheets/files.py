"""Fulfils `ports.Sheets`: tells what a file is by its content, never by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from audit_portal.adapters.sheets import csv_files, xlsx_read, xlsx_write
from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import Book, NewBook

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: old formats, and what a password encrypts
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
_OTHER = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<!DOCTYPE", b"<html", b"GIF8")


class SheetFiles:
    def read(self, content: bytes) -> Book:
        """Raises Invalid with one of the codes sheet_*; never anything else, whatever the bytes are."""
        if len(content) > limits.SHEET_BYTES:
            raise Invalid("sheet_too_large", "file", limit=limits.SHEET_BYTES)
        if not content.strip():
            raise Invalid("sheet_empty", "file")
        if content.startswith(_OLE):
            raise Invalid("sheet_encrypted" if _ENCRYPTED in content else "sheet_old_format", "file")
        if content.startswith(_OTHER):
            raise Invalid("sheet_other_kind", "file")
        if content.startswith(_ZIP):
            return xlsx_read.read(content)
        return csv_files.read(content)

    def write(self, book: NewBook) -> Iterator[bytes]:
        """The xlsx file in pieces, while the rows are being read."""
        return xlsx_write.write(book)

    def write_csv(self, rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
        """UTF-8 with BOM, CRLF (RFC 4180), cells safe from being run as formulas."""
        return csv_files.write(rows)
