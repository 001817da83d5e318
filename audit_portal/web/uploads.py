"""Files from browsers go straight to where they belong, piece by piece; nothing is ever spooled.

Werkzeug's own parser writes larger parts to a temporary file, in the clear. Here it takes no file at all:
a view that expects one reads the body itself, with the fields that came before the file already in hand.
A client that dies in mid-upload looks like a clean end to the server, so every byte promised is counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import IO, Protocol
from urllib.parse import parse_qsl, unquote

from flask import Request
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, Forbidden, LengthRequired, UnsupportedMediaType
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData
from wtforms.validators import ValidationError

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.web.pace import TooSlow

PIECE = 512 * 1024
FORM_ROOM = 64 * 1024  # what boundaries, part headers and the fields before a file may take in a body
_FIELDS = 50
_DRAIN = 32 * 1024**2
_DRAIN_SECONDS = 30.0

Fields = MultiDict[str, str]


class Sink(Protocol):
    def write(self, data: bytes) -> object: ...


class Body:
    """The body of one request, read once, with a count that must come out."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self._stream = stream
        self.length = length
        self.received = 0
        self._too_slow = False

    def pieces(self, size: int = PIECE) -> Iterator[bytes]:
        """All of it. Raises Invalid('upload_incomplete') when less arrives than was promised,
        Invalid('upload_too_slow') when it comes too slowly."""
        while self.received < self.length:
            piece = self._read(min(size, self.length - self.received))
            if not piece:
                code = "upload_too_slow" if self._too_slow else "upload_incomplete"
                raise Invalid(code, "file", expected=self.length, received=self.received)
            yield piece

    def drain(self) -> None:
        """Takes in what a refused client is still sending, within bounds: else it would see a broken
        connection and never the reason."""
        until, most = time.monotonic() + _DRAIN_SECONDS, self.received + _DRAIN
        while self.received < min(self.length, most) and time.monotonic() < until:
            if not self._read(min(PIECE, self.length - self.received)):
                return

    def _read(self, size: int) -> bytes:
        try:
            piece = self._stream.read(size)
        except OSError as error:  # reset by the client: the same as an early end
            piece = b""
            self._too_slow = isinstance(error, TooSlow)
        self.received += len(piece)
        return piece


class SealingRequest(Request):
    """A request whose form never holds a file; `take_body` is the only way to one."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        raise UnsupportedMediaType()

    def take_body(self) -> Body:
        """The body for a view that reads it itself; from now on `form`, `files` and `stream` are empty.

        Raises LengthRequired for chunked encoding, which can't be told from a cut connection.
        """
        length = self.content_length
        if self.headers.get("Transfer-Encoding") or length is None:
            raise LengthRequired()
        body = Body(self.environ["wsgi.input"], length)
        self.max_content_length = length  # the view holds it to its own limit
        self.__dict__.update(stream=BytesIO(), form=ImmutableMultiDict(), files=ImmutableMultiDict())
        return body


OpenFile = Callable[[Fields, str], "Sink | None"]  # fields so far, file name → where the bytes go


def read_form(request: Request, body: Body, open_file: OpenFile, button: str) -> Fields:
    """Reads multipart/form-data to its closing boundary; the one file streams into what `open_file` gives.

    `open_file` is called before the first byte of the file; None drops the bytes (no file was chosen).
    Returns the fields. Raises BadRequest for what isn't such a form and for a field behind the file (only the
    form's `button` stands there), Invalid('one_file_at_a_time') and what `Body.pieces` raises.
    """
    return _Reader(request, open_file, button).read(body)


class _Reader:
    def __init__(self, request: Request, open_file: OpenFile, button: str) -> None:
        kind, options = parse_options_header(request.headers.get("Content-Type"))
        boundary = options.get("boundary", "")
        if kind != "multipart/form-data" or not boundary or not boundary.isascii():
            raise UnsupportedMediaType()
        self._decoder = MultipartDecoder(boundary.encode("ascii"), limits.FORM_BYTES, max_parts=_FIELDS)
        self._open_file, self._button = open_file, button
        self._fields: Fields = MultiDict()
        self._name = ""
        self._value: bytearray | None = None
        self._room = FORM_ROOM
        self._sink: Sink | None = None
        self._file_seen = self._closed = False

    def read(self, body: Body) -> Fields:
        for piece in body.pieces(128 * 1024):
            self._decoder.receive_data(piece)
            self._take()
        self._decoder.receive_data(None)
        self._take()
        if not self._closed:
            raise BadRequest()
        return self._fields

    def _take(self) -> None:
        while not isinstance(event := self._next(), NeedData):
            match event:
                case Field(name=name):
                    self._begin_field(name)
                case File(name=name, filename=filename):
                    self._begin_file(name, filename)
                case Data():
                    self._data(event)
                case Epilogue():
                    self._closed = True
                    return

    def _next(self) -> Event:
        try:
            return self._decoder.next_event()
        except (ValueError, AttributeError, TypeError) as error:  # whatever a broken form makes of it
            raise BadRequest() from error

    def _begin_field(self, name: str) -> None:
        if self._file_seen and name != self._button:
            raise BadRequest()  # what comes behind the file came too late to be heeded
        self._name, self._value = name, bytearray()

    def _begin_file(self, name: str, filename: str) -> None:
        if self._file_seen:
            raise Invalid("one_file_at_a_time", "file")
        if name != "file":
            raise BadRequest()
        self._file_seen, self._value = True, None
        self._sink = self._open_file(self._fields, filename)

    def _data(self, event: Data) -> None:
        if self._value is None:
            if self._sink is not None:
                self._sink.write(event.data)
            return
        self._room -= len(event.data)
        if self._room < 0:
            raise BadRequest()
        self._value += event.data
        if not event.more_data:
            self._fields.add(self._name, self._value.decode("utf-8", "replace"))


def header_fields(request: Request) -> Fields:
    """The other fields of a form whose file is the whole body: `X-Form-Fields`, URL-encoded."""
    try:
        return MultiDict(
            parse_qsl(
                request.headers.get("X-Form-Fields", ""), keep_blank_values=True, max_num_fields=_FIELDS
            )
        )
    except ValueError as error:
        raise BadRequest() from error


def header_file_name(request: Request) -> str:
    """`X-File-Name`, percent-encoded UTF-8."""
    return unquote(request.headers.get("X-File-Name", ""), errors="replace")


def refuse_other_sites(request: Request, proven: bool = False) -> None:
    """For a view that sees the form's token late or has none. Raises Forbidden for what other pages send.

    Fetch Metadata (Sec-Fetch-Site), for browsers without it the Origin header (RFC 6454). A request with
    neither passes, unless its origin must be `proven`.
    """
    if proven and not {"Sec-Fetch-Site", "Origin"}.intersection(dict(request.headers)):
        raise Forbidden()
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden()
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise Forbidden()


def require_token(token: str | None) -> None:
    """The form's token, for views exempt from the check of every form. Raises CSRFError."""
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise CSRFError(str(error)) from error
