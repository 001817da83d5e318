"""A file for the reader, sent piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from werkzeug.wrappers import Response

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def attachment(pieces: Iterator[bytes], name: str) -> Response:
    """Named by RFC 6266; the pieces are made while they are sent."""
    kind = name.rpartition(".")[2]
    plain = f"file.{kind}"
    return Response(
        pieces,
        content_type=_TYPES[kind],
        headers={
            "Content-Disposition": f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}"
        },
    )
