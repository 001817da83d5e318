"""The container of an xlsx file (ISO/IEC 29500-2): a zip whose parts are opened within bounds."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat  # every DTD is refused below, so no entity is ever declared

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid

_PIECE = 256 * 1024
_MACROS = ("vbaproject.bin", "xl/macrosheets/")
_SPREADSHEET = b"spreadsheetml"
# What the zip and XML readers make of bytes that aren't what they say.
BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, LookupError, ValueError, ArithmeticError, EOFError,
    RuntimeError, NotImplementedError, OSError,
)  # fmt: skip

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Package:
    """The parts by name. Raises Invalid('sheet_macros' | 'sheet_bomb' | 'sheet_encrypted' | 'sheet_other_kind')."""

    def __init__(self, content: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        infos = self._zip.infolist()
        if len(infos) > limits.SHEET_PARTS or sum(info.file_size for info in infos) > limits.SHEET_UNPACKED:
            raise Invalid("sheet_bomb", "file")
        if any(info.flag_bits & 0x1 for info in infos):
            raise Invalid("sheet_encrypted", "file")
        self._infos = {info.filename.lower(): info for info in infos}
        self._left = limits.SHEET_UNPACKED  # what may still be unpacked, whatever the sizes above say
        if any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1]) for name in self._infos):
            raise Invalid("sheet_macros", "file")
        types = b"".join(self.pieces("[content_types].xml")) if self.has("[content_types].xml") else b""
        if b"macroenabled" in types.lower():
            raise Invalid("sheet_macros", "file")
        if _SPREADSHEET not in types:  # a document of another program, xlsb, OpenDocument, any zip
            raise Invalid("sheet_other_kind", "file")

    def has(self, name: str) -> bool:
        return name.lower() in self._infos

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part's bytes. Raises KeyError, Invalid('sheet_bomb')."""
        with self._zip.open(self._infos[name.lower()]) as part:
            while piece := part.read(_PIECE):
                self._left -= len(piece)
                if self._left < 0:
                    raise Invalid("sheet_bomb", "file")
                yield piece

    def parse(self, name: str, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """Reads a part as XML; names come without their prefix. Raises Invalid('sheet_dtd')."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_dtd
        names = _Names()
        parser.StartElementHandler = lambda tag, attributes: start(names[tag], attributes)
        if end is not None:
            parser.EndElementHandler = lambda tag, end=end: end(names[tag])
        if text is not None:
            parser.CharacterDataHandler = text
        for piece in self.pieces(name):
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (last word of its type, target part)."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
                found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

        if self.has(relations):
            self.parse(relations, start)
        return found


class _Names(dict[str, str]):
    """Tags without their prefix, each worked out once: a sheet has few of them, very often."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition(":")[2]
        return name


def _refuse_dtd(*_declared: object) -> None:
    raise Invalid("sheet_dtd", "file")
