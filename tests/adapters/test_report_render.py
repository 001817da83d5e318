"""The report as PDF/A-3b: what it shows, what it embeds, and what hostile text can't do to it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf.pdfa import validate_written
from reportlab.pdfbase import pdfmetrics

from audit_portal.adapters.report_reportlab import ReportlabRenderer, texts
from audit_portal.adapters.report_reportlab.fonts import REGULAR, clip, markup, register, visible
from audit_portal.adapters.report_reportlab.stamp import signature_look
from audit_portal.domain.report import Basis, Bilingual, ReportItem, ReportSection, manifest_bytes
from tests.adapters.report_sample import NOW, sample, with_answer
from tests.require import require

RENDERER = ReportlabRenderer()
HOSTILE = {
    "markup": "<b>太字</i> <font color='red'>x & y &lt; <para> </para><br> <![CDATA[",
    "file_picture": "<img src='/etc/passwd'/><img src=\"file:///etc/hostname\"> <a href='javascript:alert(1)'>x</a>",
    "controls": "a\x00b\x01c\x1b[31m\x7f\x85d\u2028e\r\nf\tg",
    "bidi": "safe\u202egnp.exe\u202c \u2066x\u2069 \u200f\u200b\ufeffend",
    "emoji": "完了 😀👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 한국어 עברית",
    "no_space": "a" * 100_000,
    "no_space_japanese": "髙" * 20_000,
    "names": "𠮷野家 髙橋 山﨑 ①㈱ 葛󠄀城",
    "many_lines": "行\n" * 3_000,
    "surrogate": "a\ud800b",
    "empty": "",
}


@pytest.fixture(scope="module")
def japanese() -> bytes:
    return RENDERER.render(sample(), "ja")


def text_of(pdf: bytes, folder: Path) -> str:
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    done = subprocess.run([require("pdftotext"), "-raw", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def pdfa_violations(pdf: bytes) -> list[str]:
    """What breaks PDF/A-3b. The checker judges no file with a form, so the (empty) form is taken off first."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for key in ("/AcroForm", "/Perms", "/DSS", "/Extensions"):
            if key in document.Root:
                del document.Root[key]
        for page in document.pages:
            if "/Annots" in page:
                kept = [note for note in page.Annots if note.Subtype != "/Widget"]
                page.Annots = pikepdf.Array(kept)
        out = BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return [str(each) for each in validate_written(out, "3b").findings]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_same_report_gives_the_same_bytes(language: str) -> None:
    assert RENDERER.render(sample(), language) == RENDERER.render(sample(), language)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_file_is_pdfa(language: str) -> None:
    assert pdfa_violations(RENDERER.render(sample(), language)) == []


def test_the_pdfa_check_notices_a_missing_output_intent(japanese: bytes) -> None:
    with pikepdf.open(BytesIO(japanese)) as document:
        del document.Root.OutputIntents
        out = BytesIO()
        document.save(out)
    assert pdfa_violations(out.getvalue())


def test_every_font_is_embedded(japanese: bytes, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(japanese)
    listed = subprocess.run([require("pdffonts"), path], capture_output=True, check=True).stdout.decode()
    rows = listed.splitlines()[2:]
    assert rows
    assert all("NotoSansJP" in row and re.search(r"\byes +yes +yes\b", row) for row in rows)


def test_qpdf_finds_no_fault(japanese: bytes, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(japanese)
    assert subprocess.run([require("qpdf"), "--check", path], capture_output=True).returncode == 0


def test_the_manifest_is_attached_as_it_was_made(japanese: bytes) -> None:
    with pikepdf.open(BytesIO(japanese)) as document:
        assert document.attachments["manifest.json"].get_file().read_bytes() == manifest_bytes(sample())
        assert document.Root.AF[0].AFRelationship == "/Data"


def test_the_pages_say_what_matters(japanese: bytes, tmp_path: Path) -> None:
    text = text_of(japanese, tmp_path)
    for wanted in (
        "R-2026-0042",
        "𠮷野ペイロールサービス",
        "髙橋 美咲",
        "山﨑",
        "確認していない事項",
        "ガイドラインの義務（しなければならない）",
        "ガイドラインで望ましいとされること",
        "閲覧のみ（預かっていない）",
        "この回答は、アカウントのない当事者に代わって入力されました",
        "ソフトウェア又は認証局を改変できる者",
        "承認者が期限を付けて受け入れた不足事項があります",
        "のちの決裁で再度受け入れられ、期限は 2027年9月30日",
        "2027年2月1日 に解消を確認",
        "決裁 · データ提供の開始",
        "基準に適合する体制を整えている",
        "ベトナム",
        "決裁を申請した時点（2026年11月18日",
        "更新しないと伝える期限",
        "決裁 D-2026-0022（2026年11月10日）で確認",
        "未確認 · 確かめる期限 2027年3月31日",
        "決裁 D-2026-0031 の記録",
    ):
        assert wanted in re.sub(r"\n\s*", "", text) or wanted in text, wanted


def test_no_section_heading_stands_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    first = sample().sections[0].items[0]
    assert first.answer is not None
    sections = []
    for number in range(24):  # of such heights that headings come to every place on a page
        said = replace(first.answer, text="規程を定めています。" * 12 * (number % 7))
        item = replace(first, code=f"N-{number:03}", answer=said)
        sections.append(ReportSection(f"s{number}", Bilingual(f"区分{number:03}", ""), (item,)))
    lines = text_of(RENDERER.render(sample(sections=tuple(sections)), "ja"), tmp_path).splitlines()
    after = [lines[place + 1] for place, line in enumerate(lines) if re.fullmatch(r"区分\d{3}", line)]
    assert len(after) >= 48, "each stands in the overview and before its items"
    assert [line for line in after if not line.startswith("N-")] == []


def test_pages_are_numbered_to_the_last(japanese: bytes, tmp_path: Path) -> None:
    with pikepdf.open(BytesIO(japanese)) as document:
        count = len(document.pages)
    text = text_of(japanese, tmp_path)
    assert re.findall(r"ページ (\d+) / +(\d+)", text) == [(str(n), str(count)) for n in range(1, count + 1)]


def test_the_outline_names_the_parts(japanese: bytes) -> None:
    with pikepdf.open(BytesIO(japanese)) as document, document.open_outline() as outline:
        titles = [entry.title for entry in outline.root]
    assert titles[-1] == "署名"
    assert "確認資料の一覧（ハッシュ値）" in titles


def test_both_fields_are_empty_and_on_the_page_of_signatures(japanese: bytes) -> None:
    with pikepdf.open(BytesIO(japanese)) as document:
        fields = list(document.Root.AcroForm.Fields)
        assert [str(each.T) for each in fields] == ["Auditor", "Officer"]
        assert all("/V" not in each for each in fields)
        assert {each.objgen for each in document.pages[-1].Annots} >= {each.objgen for each in fields}


def test_a_draft_is_marked_and_cannot_be_signed(tmp_path: Path) -> None:
    draft = RENDERER.render(sample(), "ja", draft=True)
    with pikepdf.open(BytesIO(draft)) as document:
        assert "/AcroForm" not in document.Root
    assert "署名用ではありません" in text_of(draft, tmp_path).replace("\n", "").replace(" ", "")
    assert pdfa_violations(draft) == []


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        RENDERER.render(sample(), "fr")


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_only_ever_becomes_text(kind: str, tmp_path: Path) -> None:
    pdf = RENDERER.render(with_answer(HOSTILE[kind]), "ja")
    text = text_of(pdf, tmp_path)
    assert "R-2026-0042" in text
    assert "root:" not in text
    with pikepdf.open(BytesIO(pdf)) as document:
        actions = [
            str(note.A.get("/URI", note.A.get("/S"))) for page in document.pages
            for note in page.get("/Annots", []) if "/A" in note
        ]  # fmt: skip
        assert actions == []
        assert not any(
            str(o.get("/Subtype")) == "/Image" for o in document.objects if isinstance(o, pikepdf.Stream)
        )


def test_markup_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    text = text_of(RENDERER.render(with_answer("<img src='/etc/passwd'/>"), "en"), tmp_path)
    assert "<img src='/etc/passwd'/>" in text


def test_only_web_addresses_become_links() -> None:
    def report(url: str) -> bytes:
        item = ReportItem("X-1", Bilingual("問", "q"), "law", (Basis("X", "根拠", url),))
        return RENDERER.render(sample(sections=(ReportSection("x", Bilingual("節", "s"), (item,)),)), "ja")

    for bad in ("javascript:alert(1)", "file:///etc/passwd", "https://a b", "data:text/html,x"):
        assert b"/URI" not in pikepdf_flat(report(bad))
    assert b"https://example.jp/a?b=1&c=2" in pikepdf_flat(report("https://example.jp/a?b=1&c=2"))


def pikepdf_flat(pdf: bytes) -> bytes:
    """All link annotations, as bytes to look through."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return b"".join(
            note.A.unparse(resolved=True) for page in document.pages
            for note in page.get("/Annots", []) if "/A" in note
        )  # fmt: skip


def test_characters_without_a_shape_are_spelt_out() -> None:
    assert visible("完了😀") == "完了[U+1F600]"
    assert visible("한") == "[U+D55C]"
    assert visible("𠮷髙﨑①㈱") == "𠮷髙﨑①㈱"
    assert visible("a\u202eb\x00c\u200bd") == "abcd"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_any_text_ends_up_drawable(text: str) -> None:
    drawable = register()
    shown = visible(text)
    assert all(char == "\n" or ord(char) in drawable for char in shown)
    assert "<" not in markup(text).replace("<br/>", "")
    assert len(clip(text, 10)) <= 10


def test_both_languages_have_every_sentence() -> None:
    for key in sorted(texts.keys()):
        ja, en = texts.word(key, "ja"), texts.word(key, "en")
        assert ja and en
        assert ja.count("%s") == en.count("%s"), key


def test_what_is_only_desirable_is_never_called_a_duty() -> None:
    for duty in ("gl_should", "seed", "prac", "std"):
        assert "義務" not in texts.word(f"duty.{duty}", "ja")
        assert not re.search("duty|must", texts.word(f"duty.{duty}", "en"), re.I)


def test_a_signature_look_holds_a_long_name_in_its_box() -> None:
    look = signature_look((230, 68), "𠮷" * 300, "監査人" * 50, NOW, "Asia/Tokyo", "ab" * 20, "ja")
    with pikepdf.open(BytesIO(look)) as document:
        assert [float(edge) for edge in document.pages[0].MediaBox] == [0, 0, 230, 68]
    register()
    assert pdfmetrics.stringWidth("𠮷", REGULAR, 10) == 10
