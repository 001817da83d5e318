"""The text of a stranger's PDF: what a page says, and that no file hangs or grows the portal."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from audit_portal.adapters.pdf_text import PdfTextReader
from audit_portal.domain import limits
from audit_portal.domain.preview import PageText, Unshown
from audit_portal.services.sample import pdf

read = PdfTextReader()


def file(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    return pdf.file(objects)


def of_content(content: bytes, filters: bytes = b"") -> bytes:
    """One page with this content stream."""
    return file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), filters, content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def test_each_page_says_what_stands_on_it() -> None:
    made = pdf.document([["第1条（目的）", "甲は、業務を乙に委託する。"], ["第2条（再委託）"]])
    first, second = read(made, 1), read(made, 2)
    assert isinstance(first, PageText) and isinstance(second, PageText)
    assert (first.page, first.pages, first.cut) == (1, 2, False)
    assert first.text.split() == ["第1条（目的）", "甲は、業務を乙に委託する。"]
    assert second.text == "第2条（再委託）"
    assert read(made, 9) == second
    assert read(made, 0) == first


def test_upright_japanese_in_a_font_that_is_not_in_the_file_is_read() -> None:
    out = BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3", isVertical=True))
    page = Canvas(out)
    page.setFont("HeiseiMin-W3", 12)
    page.drawString(300, 700, "秘密保持契約書")
    page.save()
    found = read(out.getvalue(), 1)
    assert isinstance(found, PageText) and "".join(found.text.split()) == "秘密保持契約書"


def test_a_scan_has_no_text() -> None:
    assert read(of_content(b"0 0 100 100 re f"), 1) == PageText(1, 1, "", False)


@pytest.mark.parametrize("password", ["", "geheim"])
def test_only_a_password_that_readers_need_locks_a_file(password: str) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf.document([["第1条"]]))) as found:
        found.save(out, encryption=pikepdf.Encryption(owner="owner", user=password))
    seen = read(out.getvalue(), 1)
    assert seen == (Unshown.LOCKED if password else PageText(1, 1, "第1条", False))


@pytest.mark.parametrize(
    "content",
    [b"", b"not a PDF at all", b"%PDF-1.7\n", pdf.document([["第1条"]])[:200], bytes(range(256)) * 50],
)
def test_what_is_no_sound_pdf_is_unreadable(content: bytes) -> None:
    assert read(content, 1) is Unshown.UNREADABLE


def test_a_page_tree_that_holds_itself_ends() -> None:
    made = file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 9 >>",
        b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R 4 0 R] /Count 9 >>",
        b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 595 842] >>",
    )
    assert read(made, 1) == PageText(1, 1, "", False)


def test_a_form_that_draws_itself_ends() -> None:
    made = file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources 5 0 R >>",
        b"<< /Length 5 >>\nstream\n/X Do\nendstream",
        b"<< /XObject << /X 6 0 R >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 5 0 R /Length 11 >>\nstream\n"
        b"/X Do /X Do\nendstream",
    )
    assert isinstance(read(made, 1), PageText | Unshown)


def test_a_tree_of_very_many_pages_is_counted_to_a_limit() -> None:
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    many = limits.PREVIEW_PAGES + 500
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(many))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, many)
    made = file(b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[leaf] * many)
    found = read(made, many)
    assert found == PageText(limits.PREVIEW_PAGES, limits.PREVIEW_PAGES, "", False)


def test_a_stream_that_unpacks_to_gigabytes_is_given_up() -> None:
    packer = zlib.compressobj()
    zeros = b"\0" * 8 * 1024**2
    head = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    same = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)  # depends on nothing before it
    packed = head + same * 255 + packer.flush()
    assert read(of_content(packed, b" /Filter /FlateDecode"), 1) is Unshown.HEAVY


def test_a_page_that_takes_too_long_is_given_up() -> None:
    content = zlib.compress(b"BT /F 1 Tf " + b"0.01 0.01 Td (x) Tj " * 3_000_000 + b"ET", 9)
    made = of_content(content, b" /Filter /FlateDecode")
    assert PdfTextReader(wall=4)(made, 1) is Unshown.HEAVY


def test_a_page_with_very_much_text_is_cut() -> None:
    lines = b"".join(
        b"BT /F 6 Tf 1 0 0 1 10 %d Tm (%s) Tj ET\n" % (8 * row, b"x" * 400) for row in range(100)
    )
    found = read(of_content(lines), 1)
    assert isinstance(found, PageText) and found.cut
    assert 0 < len(found.text) <= limits.PREVIEW_TEXT


def _child(folder: Path, *lines: str) -> Path:
    """A process that was taken over: it does what it likes with the pipe."""
    path = folder / "child.py"
    path.write_text("\n".join(("import os, sys, time", *lines)), encoding="utf-8")
    return path


TAKEN_OVER: Sequence[tuple[str, Unshown]] = (
    ("time.sleep(600)", Unshown.HEAVY),
    ("while True: sys.stdout.write('x' * 65536)", Unshown.HEAVY),
    ("sys.stdout.write('{}')", Unshown.UNREADABLE),
    ("sys.stdout.write('[]')", Unshown.UNREADABLE),
    ('sys.stdout.write(\'{"page": 1, "pages": 99999999, "text": ""}\')', Unshown.UNREADABLE),
    ("os._exit(3)", Unshown.UNREADABLE),
)


@pytest.mark.parametrize(("line", "why"), TAKEN_OVER)
def test_a_process_that_was_taken_over_gets_nothing_through(line: str, why: Unshown, tmp_path: Path) -> None:
    # More than a pipe holds: the process doesn't even read what it is given.
    assert PdfTextReader(_child(tmp_path, line), wall=2)(b"x" * 1_000_000, 1) is why


def test_the_process_has_limits_and_nothing_of_the_portal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_PORTAL_DATABASE_URL", "postgresql://secret")
    script = _child(
        tmp_path,
        "import json, resource",
        f"sys.path.insert(0, {str(Path(__file__).parents[2] / 'audit_portal/adapters/pdf_text')!r})",
        "import child as real",
        "real.limit(int(sys.argv[4]), int(sys.argv[5]))",
        "wrote = ''",
        "try:",
        f"    os.write(os.open({str(tmp_path / 'left')!r}, os.O_CREAT | os.O_WRONLY), b'the contract')",
        "    wrote = 'something'",
        "except OSError as error: wrote = os.strerror(error.errno)",
        "held = [resource.getrlimit(each)[1] for each in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]",
        "seen = [name for name in os.environ if name.startswith('AUDIT')]",
        "text = json.dumps([held, seen, wrote, os.getcwd()])",
        "print(json.dumps({'page': 1, 'pages': 1, 'text': text, 'cut': False}))",
    )
    # Writing past RLIMIT_FSIZE also sends SIGXFSZ, which Python ignores: the write fails.
    found = PdfTextReader(script)(b"", 1)
    assert isinstance(found, PageText)
    assert found.text == '[[536870912, 6], [], "File too large", "/"]'
    assert (tmp_path / "left").read_bytes() == b""


def test_no_more_than_a_few_are_read_at_once(tmp_path: Path) -> None:
    slow = PdfTextReader(_child(tmp_path, "time.sleep(600)"), wall=3, patience=0.1)
    others = [threading.Thread(target=slow, args=(b"", 1)) for _ in range(4)]
    seen: list[PageText | Unshown] = []
    for each in others:
        each.start()
    for _ in range(20):
        seen.append(slow(b"", 1))
        if seen[-1] is Unshown.BUSY:
            break
    for each in others:
        each.join()
    assert Unshown.BUSY in seen
