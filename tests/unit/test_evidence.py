"""What may come in as evidence: names, types, sizes, dates."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from datetime import date
from itertools import pairwise
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audit_portal.domain import evidence, limits, sealing
from audit_portal.domain.errors import Invalid

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff"


def zipped(*names: str, stored: bool = False) -> bytes:
    file = io.BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name in names:
            archive.writestr(name, f"<x>{name}</x>")
    return file.getvalue()


def code(call: object, *args: object) -> str:
    with pytest.raises(Invalid) as caught:
        call(*args)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("確認資料 2026.pdf", "確認資料 2026.pdf"),
        ("ハ\u309aスワード.pdf", "パスワード.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\規程.docx", "規程.docx"),
        ("a/b\\c.pdf", "c.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066a\u2069\u200b\ufeff.pdf", "a.pdf"),
        ("a\0.pdf\r\nSet-Cookie: x", "a.pdfSet-Cookie: x"),
        ("line\u2028end.pdf", "lineend.pdf"),
        ("bad\udce9.pdf", "bad.pdf"),
        ("e\u200d\u0301.pdf", "\u00e9.pdf"),
        ("\u3000 spaced .pdf. .\u3000", "spaced .pdf"),
        ("", "file"),
        ("...", "file"),
        ("..", "file"),
        ("/", "file"),
        ("\u202e\0", "file"),
        (".pdf", "file.pdf"),
        ("folder/", "file"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(raw: str, clean: str) -> None:
    assert evidence.clean_file_name(raw) == clean


def test_a_long_name_keeps_its_extension() -> None:
    name = evidence.clean_file_name("委" * 400 + ".xlsx")
    assert len(name) == limits.FILE_NAME
    assert name == "委" * 250 + ".xlsx"
    assert evidence.clean_file_name("a." + "b" * 400) == ("a." + "b" * 400)[: limits.FILE_NAME]
    assert len(evidence.clean_file_name("c" * 400)) == limits.FILE_NAME


@settings(max_examples=500)
@given(st.text(st.characters(), max_size=400) | st.text("./\\ \u202e\0a\u3000\u0301e", max_size=300))
@example("a" * 251 + " .pdf" + "x" * 9)
@example("0" * 254 + "\u3000." + "b" * 20)
def test_any_name_comes_out_clean_and_stays_as_it_is(raw: str) -> None:
    name = evidence.clean_file_name(raw)
    assert 1 <= len(name) <= limits.FILE_NAME
    assert not set(name) & set("/\\\0\r\n\u202e\u2066")
    assert not {unicodedata.category(each) for each in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert name == name.strip()
    assert not name.startswith(".")
    assert unicodedata.is_normalized("NFC", name)
    name.encode("utf-8")
    assert evidence.clean_file_name(name) == name


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report 1.pdf", 'attachment; filename="report 1.pdf"'),
        ("日本語.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E.pdf"),
        ('a"b.pdf', "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf"),
        ("100%.pdf", "attachment; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf"),
        ("規(1)'s*", "attachment; filename=\"_(1)'s*\"; filename*=UTF-8''%E8%A6%8F%281%29%27s%2A"),
        ("規程", "attachment; filename=\"file\"; filename*=UTF-8''%E8%A6%8F%E7%A8%8B"),
    ],
)
def test_a_download_is_an_attachment_under_its_name(name: str, header: str) -> None:
    assert evidence.content_disposition(name) == header


@settings(max_examples=500)
@given(st.text(st.characters(), max_size=80) | st.text("\"\\%;'*\r\n\0日a.", max_size=30))
def test_no_name_breaks_out_of_the_header_and_each_comes_back_whole(name: str) -> None:
    header = evidence.content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    plain, _, encoded = header.removeprefix('attachment; filename="').partition('"')
    clean = evidence.clean_file_name(name)
    if encoded:
        assert "\\" not in plain
        assert unquote(encoded.removeprefix("; filename*=UTF-8''")) == clean
        assert set(encoded.removeprefix("; filename*=UTF-8''")) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~%"
        )
    else:
        assert plain == clean


OOXML = ("[Content_Types].xml", "_rels/.rels")
GOOD = [
    (PDF, "a.pdf", "application/pdf"),
    (PDF, "A.PDF", "application/pdf"),
    (PDF, "no ending", "application/pdf"),
    (PNG, "a.png", "image/png"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.jpeg", "image/jpeg"),
    (b"\xff\xd8\xff\xe1\0\x10Exif", "a.jpg", "image/jpeg"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "a.webp", "image/webp"),
    (b"\0\0\0\x18ftypheic\0\0\0\0", "a.heic", "image/heic"),
    (b"\0\0\0\x18ftypmif1\0\0\0\0", "a.heif", "image/heic"),
    (zipped(*OOXML, "xl/workbook.xml"), "a.xlsx", evidence.XLSX.name),
    (zipped("docProps/app.xml", "xl/workbook.xml", OOXML[0]), "a.xlsx", evidence.XLSX.name),
    (zipped(*OOXML, "word/document.xml"), "a.docx", evidence.DOCX.name),
    (zipped(*OOXML, "ppt/presentation.xml"), "a.pptx", evidence.PPTX.name),
    (zipped(*OOXML), "late parts.docx", evidence.DOCX.name),
    ("氏名,日付\n".encode(), "a.csv", "text/csv"),
    ("\ufeff氏名,日付\n".encode(), "a.csv", "text/csv"),
    ("氏名,日付\r\n".encode("cp932"), "a.csv", "text/csv"),
    ("ﾊﾝｶｸ ①髙".encode("cp932"), "a.txt", "text/plain"),
    (b"MZ number,state\n", "a.csv", "text/csv"),
    (b"<134>Oct 1 host su: ok", "a.log", "text/plain"),
    (b"a\tb\n", "a.tsv", "text/tab-separated-values"),
    (("漢" * 4000).encode()[:8193], "cut inside a character.txt", "text/plain"),
    (("漢" * 5000).encode("cp932")[1:], "odd.txt", "text/plain"),
]


@pytest.mark.parametrize(("head", "name", "found"), GOOD, ids=[each[1] for each in GOOD])
def test_an_accepted_type_is_known_by_its_content(head: bytes, name: str, found: str) -> None:
    assert evidence.check_type(head, name).name == found


HTML = b"<!DOCTYPE html><html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BAD = [
    (HTML, "a.pdf", "file_type_mismatch"),
    (b"\xef\xbb\xbf \r\n<html>", "a.csv", "file_type_mismatch"),
    (b"<!-- x --><body>", "a.txt", "file_type_mismatch"),
    (HTML, "a.html", "file_type_not_allowed"),
    (HTML, "a", "file_type_not_allowed"),
    (SVG, "a.svg", "file_type_not_allowed"),
    (SVG, "a.png", "file_type_mismatch"),
    (SVG, "a.txt", "file_type_mismatch"),
    (EXE, "a.exe", "file_type_not_allowed"),
    (EXE, "a.pdf", "file_type_mismatch"),
    (b"\x7fELF\x02\x01\x01\0", "a.txt", "file_type_mismatch"),
    (PDF, "a.docx", "file_type_mismatch"),
    (PDF, "a.exe", "file_type_not_allowed"),
    (b"GIF89a\x01\0", "a.png", "file_type_mismatch"),
    (b"\n\n" + PDF, "late magic.pdf", "file_type_mismatch"),
    (b"plain words", "a.pdf", "file_type_mismatch"),
    (b"plain words", "a.js", "file_type_not_allowed"),
    (zipped("a.txt"), "a.zip", "file_type_not_allowed"),
    (zipped("a.txt"), "a.xlsx", "file_type_mismatch"),
    (zipped("META-INF/MANIFEST.MF"), "a.docx", "file_type_mismatch"),
    (zipped("mimetype", "content.xml", stored=True), "a.ods", "file_type_not_allowed"),
    (zipped(*OOXML, "word/document.xml"), "a.xlsx", "file_type_mismatch"),
    (zipped(*OOXML, "xl/workbook.xml"), "a.xlsm", "file_type_not_allowed"),
    (b"PK\x03\x04", "a.xlsx", "file_type_mismatch"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "a.xls", "file_office_locked"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "with password.xlsx", "file_office_locked"),
    (b"a,b\0c\n", "a.csv", "file_type_mismatch"),
    ("a,b".encode("utf-16"), "a.csv", "file_type_mismatch"),
    (b"caf\xe9\xff\xfd", "a.txt", "file_type_mismatch"),
    (b"a\xe6", "cut.txt", "file_type_mismatch"),
    (b"\0\0\0\x18ftypisom", "film.heic", "file_type_mismatch"),
]


@pytest.mark.parametrize(("head", "name", "why"), BAD, ids=[f"{each[1]}-{at}" for at, each in enumerate(BAD)])
def test_another_or_a_disguised_type_is_refused(head: bytes, name: str, why: str) -> None:
    assert code(evidence.check_type, head, name) == why


def test_a_refusal_names_the_file_what_it_is_and_what_would_do() -> None:
    with pytest.raises(Invalid) as caught:
        evidence.check_type(HTML, "a.pdf")
    facts = caught.value.facts
    assert (facts["name"], facts["found"], caught.value.field) == ("a.pdf", "text/html", "file")
    assert "pdf, png" in facts["allowed"]


@settings(max_examples=400)
@given(st.binary(max_size=200), st.sampled_from(["a.pdf", "a.xlsx", "a.txt", "a", "a.svg"]))
def test_no_bytes_upset_the_type_check(head: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", b"<svg", b"\0\0\0\x18ftyp"):
        assert isinstance(evidence.sniff(start + head, name), evidence.MediaType)


class Recorder:
    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes | memoryview) -> None:
        self.data += data


class Watched(sealing.Sealer):
    """A sealer that notes whether anything reached it."""

    touched = False

    def write(self, data: bytes | memoryview) -> None:
        self.touched = True
        super().write(data)


KEY, PLACE = bytes(32), b"place"


def intake(
    name: str = "a.pdf", limit: int = 10**7, expected: int | None = None
) -> tuple[evidence.Intake, Watched, Recorder]:
    sink = Recorder()
    sealer = Watched(sink, KEY, PLACE)
    return evidence.Intake(sealer, name, limit, expected), sealer, sink


@settings(max_examples=80, deadline=None)
@given(
    size=st.integers(1, 40) | st.integers(evidence.HEAD - 2, evidence.HEAD + 2) | st.integers(1, 2_500_000),
    cuts=st.lists(st.floats(0, 1), max_size=6),
)
def test_a_file_in_any_pieces_is_received_whole(size: int, cuts: list[float]) -> None:
    plain = PDF + bytes(size)
    gate, _, sink = intake(expected=len(plain))
    places = sorted({0, len(plain), *(int(each * len(plain)) for each in cuts)})
    for start, end in pairwise(places):
        gate.write(plain[start:end])
    received = gate.finish()
    assert b"".join(sealing.unseal(io.BytesIO(sink.data), KEY, PLACE)) == plain
    assert (received.size, received.sealed_size) == (len(plain), len(sink.data))
    assert (received.media_type, received.name) == ("application/pdf", "a.pdf")


def test_nothing_reaches_the_sealer_before_the_type_is_known() -> None:
    gate, sealer, _ = intake()
    for _ in range(evidence.HEAD - 1):
        gate.write(b"%")
    assert not sealer.touched
    assert code(gate.write, b"%") == "file_type_mismatch"
    assert code(gate.finish) == "file_type_mismatch"
    assert not sealer.touched


def test_a_name_without_ending_gets_that_of_its_content() -> None:
    gate, _, _ = intake("議事録")
    gate.write(PDF)
    assert gate.finish().name == "議事録.pdf"


def test_an_empty_file_is_refused() -> None:
    assert code(intake()[0].finish) == "file_empty"
    assert code(intake(expected=0)[0].finish) == "file_empty"


@pytest.mark.parametrize("received", [0, 1, 99, 101])
def test_an_upload_that_isnt_as_long_as_announced_is_refused(received: int) -> None:
    gate, _, _ = intake(expected=100)
    gate.write((PDF + bytes(200))[:received])
    with pytest.raises(Invalid) as caught:
        gate.finish()
    assert caught.value.code == "upload_incomplete"
    assert caught.value.facts == {"expected": 100, "received": received}


def test_the_limit_holds_to_the_byte_and_at_the_announcement() -> None:
    gate, _, _ = intake(limit=len(PDF))
    gate.write(PDF)
    assert gate.finish().size == len(PDF)
    gate, sealer, _ = intake(limit=len(PDF))
    gate.write(PDF)
    assert code(gate.write, b"x") == "file_too_large"
    assert code(gate.finish) == "file_too_large"
    assert not sealer.touched
    assert code(intake, "a.pdf", 100, 101) == "file_too_large"


def macro_workbook(gap: int) -> bytes:
    return zipped(*OOXML, "xl/workbook.xml") + bytes(gap) + zipped("xl/VBAProject.bin")


@pytest.mark.parametrize("step", [1, 5, 13, 14, 1000, 10**6])
@pytest.mark.parametrize("gap", [0, evidence.HEAD])
def test_a_macro_workbook_renamed_is_refused_however_it_is_cut(step: int, gap: int) -> None:
    gate, _, _ = intake("a.xlsx")
    plain = macro_workbook(gap)

    def send() -> None:
        for at in range(0, len(plain), step):
            gate.write(plain[at : at + step])
        gate.finish()

    assert code(send) == "file_macros"
    assert code(gate.finish) == "file_macros"


def test_a_document_about_macros_is_no_macro_workbook() -> None:
    gate, _, _ = intake("a.txt")
    gate.write(b"remove vbaProject.bin from the workbook")
    assert gate.finish().media_type == "text/plain"


TODAY = date(2026, 11, 21)


def test_an_observed_date_is_not_in_the_future_and_expiry_comes_after_it() -> None:
    evidence.check_dates(TODAY, None, TODAY)
    evidence.check_dates(date(2020, 1, 1), date(2020, 1, 2), TODAY)
    assert code(evidence.check_dates, date(2026, 11, 22), None, TODAY) == "observed_in_future"
    assert code(evidence.check_dates, TODAY, TODAY, TODAY) == "expires_not_after_observed"
    assert code(evidence.check_dates, TODAY, date(2026, 1, 1), TODAY) == "expires_not_after_observed"


def test_a_class_key_is_named_by_vendor_class_and_month() -> None:
    vendor = UUID(int=7)
    assert evidence.class_key_id(vendor, "contract", date(2031, 3, 31)) == f"{vendor}.contract.2031-03"
    assert evidence.class_key_id(vendor, "contract", None) == f"{vendor}.contract.open"
    for bad in ("", "a.b", "../x", "A", "a/b", "x" * 41):
        with pytest.raises(ValueError, match="retention class"):
            evidence.class_key_id(vendor, bad, None)


def test_a_zip_entry_with_a_length_past_the_head_is_no_trouble() -> None:
    entry = b"PK\x03\x04" + bytes(22) + struct.pack("<HH", 65535, 65535) + b"xl/workbook.xml"
    assert evidence.sniff(entry, "a.xlsx") is evidence.XLSX
