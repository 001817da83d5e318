"""What may come in as evidence: names, types by content, sizes, dates; and how it is named on the way out."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sealing import Sealer

HEAD = 8 * 1024  # bytes that decide the type


@dataclass(frozen=True)
class MediaType:
    """A type as its content shows it. Without extensions it isn't accepted."""

    name: str
    extensions: tuple[str, ...] = ()


_OOXML = "application/vnd.openxmlformats-officedocument."
PDF = MediaType("application/pdf", ("pdf",))
PNG = MediaType("image/png", ("png",))
JPEG = MediaType("image/jpeg", ("jpg", "jpeg"))
WEBP = MediaType("image/webp", ("webp",))
HEIC = MediaType("image/heic", ("heic", "heif"))
XLSX = MediaType(_OOXML + "spreadsheetml.sheet", ("xlsx",))
DOCX = MediaType(_OOXML + "wordprocessingml.document", ("docx",))
PPTX = MediaType(_OOXML + "presentationml.presentation", ("pptx",))
CSV = MediaType("text/csv", ("csv",))
TSV = MediaType("text/tab-separated-values", ("tsv",))
TEXT = MediaType("text/plain", ("txt", "log"))
ACCEPTED = (PDF, PNG, JPEG, WEBP, HEIC, XLSX, DOCX, PPTX, CSV, TSV, TEXT)
EXTENSIONS = {extension: each for each in ACCEPTED for extension in each.extensions}

OLD_OFFICE = MediaType("application/x-ole-storage")  # .doc, .xls, and any Office file with a password
ZIP = MediaType("application/zip")
HTML = MediaType("text/html")
SVG = MediaType("image/svg+xml")
XML = MediaType("application/xml")
UNKNOWN = MediaType("application/octet-stream")

_MAGIC = (
    (re.compile(rb"%PDF-"), PDF),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP),
    (re.compile(rb"....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL), HEIC),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), OLD_OFFICE),
)
_MAGIC_OF_BINARIES = (  # asked only of what isn't text: "MZ" can begin a CSV
    (re.compile(rb"MZ"), MediaType("application/vnd.microsoft.portable-executable")),
    (re.compile(rb"\x7fELF"), MediaType("application/x-executable")),
    (re.compile(rb"GIF8[79]a"), MediaType("image/gif")),
    (re.compile(rb"\x1f\x8b"), MediaType("application/gzip")),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), MediaType("application/x-7z-compressed")),
    (re.compile(rb"Rar!\x1a\x07"), MediaType("application/vnd.rar")),
)
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # WHATWG MIME Sniffing, "binary data byte"
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[A-Za-z!?/]")
_ZIP_ENTRY = re.compile(rb"PK\x03\x04.{22}(?P<size>..)..", re.DOTALL)  # APPNOTE 4.3.7
_OFFICE_FOLDERS = ((b"xl/", XLSX), (b"word/", DOCX), (b"ppt/", PPTX))
_OFFICE_COMMON = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"customXml/")
_MACROS = b"vbaproject.bin"


def extension(name: str) -> str:
    """The ending in lower case without its dot; '' for none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def sniff(head: bytes, name: str) -> MediaType:
    """The type of a file by its first bytes (up to HEAD); the name decides only between kinds of plain text,
    and between Office formats when the head doesn't show which."""
    head = head[:HEAD]
    ending = extension(name)
    for magic, found in _MAGIC:
        if magic.match(head):
            return found
    if head.startswith(b"PK\x03\x04"):
        return _zip(head, ending)
    if _is_text(head):
        return _text(head, ending)
    return next((found for magic, found in _MAGIC_OF_BINARIES if magic.match(head)), UNKNOWN)


def check_type(head: bytes, name: str) -> MediaType:
    """The type of an acceptable file.

    Raises Invalid('file_office_locked') for old or password-protected Office files,
    Invalid('file_type_mismatch', …) when the name claims an accepted type that the content isn't,
    Invalid('file_type_not_allowed', …) for the rest; facts: name, found, allowed.
    """
    found = sniff(head, name)
    ending = extension(name)
    if ending in found.extensions or (found.extensions and not ending):
        return found
    facts = {"name": name, "found": found.name, "allowed": ", ".join(EXTENSIONS)}
    if found is OLD_OFFICE:
        raise Invalid("file_office_locked", field="file", **facts)
    code = "file_type_mismatch" if ending in EXTENSIONS else "file_type_not_allowed"
    raise Invalid(code, field="file", **facts)


def _zip(head: bytes, ending: str) -> MediaType:
    names = [
        head[entry.end() : entry.end() + int.from_bytes(entry["size"], "little")]
        for entry in _ZIP_ENTRY.finditer(head)
    ]
    for name in names:
        for folder, office in _OFFICE_FOLDERS:
            if name.startswith(folder):
                return office
    claimed = EXTENSIONS.get(ending)
    # Some writers put the parts that tell the kind behind the first 8 KiB: then the name may say it.
    if claimed in (XLSX, DOCX, PPTX) and names and names[0].startswith(_OFFICE_COMMON):
        return claimed
    return ZIP


def _is_text(head: bytes) -> bool:
    if _BINARY.search(head):
        return False
    for encoding in ("utf-8", "cp932"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _text(head: bytes, ending: str) -> MediaType:
    if _MARKUP.match(head):
        lower = head.lower()
        if b"<svg" in lower:
            return SVG
        return XML if b"<?xml" in lower and b"<html" not in lower else HTML
    claimed = EXTENSIONS.get(ending)
    return claimed if claimed in (CSV, TSV) else TEXT


_PATH = re.compile(r"[/\\]")
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LONGEST_EXTENSION = 16
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, bidirectional and invisible marks, surrogates, line ends


def clean_file_name(raw: str) -> str:
    """The name as data for people: one line, NFC, no path, nothing invisible, at most limits.FILE_NAME."""
    seen = "".join(each for each in raw if unicodedata.category(each) not in _HIDDEN)
    name = unicodedata.normalize("NFC", _PATH.split(seen)[-1])
    name = name.lstrip(_SPACES).rstrip(_SPACES + ".")
    if not name or name.startswith("."):
        name = "file" + name
    if len(name) <= limits.FILE_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _LONGEST_EXTENSION:
        return name[: limits.FILE_NAME].rstrip(_SPACES + ".")
    return stem[: limits.FILE_NAME - len(dot + ending)] + dot + ending


def content_disposition(name: str) -> str:
    """Header value for a download under this name (RFC 6266; RFC 8187 with an ASCII fallback)."""
    name = clean_file_name(name)
    plain = re.sub(r"[^ -~]|[\"\\%;]", "_", name)
    if plain == name:
        return f'attachment; filename="{name}"'
    if not re.search(r"[A-Za-z0-9]", plain.rpartition(".")[0] or plain):
        plain = "file." + plain.rpartition(".")[2] if "." in plain else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='!#$&+^`|')}"


def check_dates(observed: date, expires: date | None, today: date) -> None:
    """Dates in the installation's zone.

    Raises Invalid('observed_in_future' | 'expires_not_after_observed').
    """
    if observed > today:
        raise Invalid("observed_in_future", field="observed", today=today)
    if expires is not None and expires <= observed:
        raise Invalid("expires_not_after_observed", field="expires", observed=observed)


_RETENTION_CLASS = re.compile(r"[a-z][a-z0-9-]{0,39}")


def class_key_id(vendor_id: UUID, retention_class: str, expires: date | None) -> str:
    """The key that all evidence of a vendor with one fate shares: `<vendor>.<class>.<YYYY-MM>`.

    `.open` stands for no end. Raises ValueError for a retention class that can't stand in a file name.
    """
    if not _RETENTION_CLASS.fullmatch(retention_class):
        raise ValueError(f"{retention_class!r} is no retention class")
    return f"{vendor_id}.{retention_class}.{f'{expires:%Y-%m}' if expires else 'open'}"


@dataclass(frozen=True)
class Received:
    """One accepted file: digest and size of the plaintext, size of the sealed object."""

    sha256: str
    size: int
    sealed_size: int
    media_type: str
    name: str


class Intake:
    """Stands before the sealer and refuses what may not come in; nothing passes before the type is known.

    `limit` and `expected` (the announced length) are bytes. After a refusal abort the sink.
    Raises Invalid: 'file_too_large', 'file_empty', 'file_macros', 'upload_incomplete', those of check_type.
    """

    def __init__(self, sealer: Sealer, name: str, limit: int, expected: int | None = None) -> None:
        self.name = clean_file_name(name)
        self._sealer = sealer
        self._limit = limit
        self._expected = expected
        self._size = 0
        self._head = bytearray()
        self._type: MediaType | None = None
        self._tail = b""
        if expected is not None:
            self._check_size(expected)

    def write(self, data: bytes | memoryview) -> None:
        self._size += len(data)
        self._check_size(self._size)
        if self._type is None:
            self._head += data
            if len(self._head) >= HEAD:
                self._release()
        else:
            self._pass_on(data)

    def finish(self) -> Received:
        self._check_size(self._size)
        if self._expected is not None and self._size != self._expected:
            raise Invalid("upload_incomplete", field="file", expected=self._expected, received=self._size)
        if self._size == 0:
            raise Invalid("file_empty", field="file", name=self.name)
        media = self._type or self._release()
        self._refuse_macros(b"")
        sealed = self._sealer.finish()
        name = self.name if extension(self.name) else clean_file_name(f"{self.name}.{media.extensions[0]}")
        return Received(sealed.sha256, sealed.plain_size, sealed.sealed_size, media.name, name)

    def _check_size(self, size: int) -> None:
        if size > self._limit:
            raise Invalid("file_too_large", field="file", name=self.name, limit=self._limit)

    def _release(self) -> MediaType:
        media = check_type(bytes(self._head), self.name)
        self._type = media
        self._pass_on(self._head)
        self._head = bytearray()
        return media

    def _pass_on(self, data: bytes | bytearray | memoryview) -> None:
        if self._type in (XLSX, DOCX, PPTX):
            self._refuse_macros(bytes(data))
        self._sealer.write(memoryview(data))

    def _refuse_macros(self, data: bytes) -> None:
        """Names of parts stand readable in a zip: a macro workbook renamed .xlsx shows itself on the way."""
        seen = self._tail + data.lower()
        if _MACROS in seen:
            self._tail = _MACROS  # a caller who goes on is refused again
            raise Invalid("file_macros", field="file", name=self.name)
        self._tail = seen[-len(_MACROS) + 1 :]
