"""The sample's scan of a contract is a sound PDF that says what it was given."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from audit_portal.services.sample import pdf


def test_each_page_holds_its_lines() -> None:
    with pikepdf.open(BytesIO(pdf.document([["第1条（目的）", "second line"], ["第2条"]]))) as found:
        assert found.check_pdf_syntax() == []
        texts = [page.Contents.read_bytes() for page in found.pages]
    assert [text.count(b"Tj") for text in texts] == [2, 1]
    assert "第2条".encode("utf-16-be").hex().encode() in texts[1]
