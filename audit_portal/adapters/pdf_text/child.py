"""Runs as a process of its own: one PDF in on stdin, one JSON object out on stdout. See the package.

Arguments: page, most pages, most characters, bytes of memory, seconds of processor time.
Answers {"page", "pages", "text", "cut"} or {"why": "locked" | "heavy" | "unreadable"}. A page behind the last
is the last. Imports nothing of the portal.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import resource
import sys
from io import BytesIO, TextIOBase
from typing import Any, TextIO, cast

from pdfminer.converter import TextConverter
from pdfminer.layout import LAParams
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

# Boxes are put in order by where they stand (boxes_flow None): comparing each with each takes too long.
_LAYOUT = LAParams(boxes_flow=None, detect_vertical=True, all_texts=True)


class Full(Exception):
    """There is more text than is asked for."""


class _Paper(TextIOBase):
    """Takes text up to a limit."""

    def __init__(self, most: int) -> None:
        self._room, self.parts, self.full = most, list[str](), False

    def write(self, text: str) -> int:
        self.parts.append(text[: self._room])
        if len(text) > self._room:
            self.full = True
            raise Full
        self._room -= len(text)
        return len(text)


def limit(memory: int, seconds: int) -> None:
    """From here on: so much memory and time, no file written, no core dumped, no process started."""
    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(which, (most, most))


def read(pdf: bytes, page: int, most_pages: int, most_text: int) -> dict[str, Any]:
    document = PDFDocument(PDFParser(BytesIO(pdf)))
    wanted, pages = None, 0
    for each in itertools.islice(PDFPage.create_pages(document), most_pages):
        pages += 1
        if pages <= page:
            wanted = each
    if wanted is None:
        return {"why": "unreadable"}
    resources, paper = PDFResourceManager(), _Paper(most_text)
    device = TextConverter(resources, cast(TextIO, paper), laparams=_LAYOUT)
    with contextlib.suppress(Full):
        PDFPageInterpreter(resources, device).process_page(wanted)
    return {"page": min(page, pages), "pages": pages, "text": "".join(paper.parts), "cut": paper.full}


def main() -> None:
    page, most_pages, most_text, memory, seconds = map(int, sys.argv[1:])
    limit(memory, seconds)
    logging.disable()
    try:
        answer = read(sys.stdin.buffer.read(), max(page, 1), most_pages, most_text)
    except PDFPasswordIncorrect:
        answer = {"why": "locked"}
    except MemoryError:
        answer = {"why": "heavy"}
    except Exception:  # a hostile file: whatever it stumbles over
        answer = {"why": "unreadable"}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
