"""What stands in a PDF that others signed is told plainly: by whom, unchanged or not, and nothing of trust."""

from __future__ import annotations

from io import BytesIO

import pytest
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from audit_portal.adapters.signatures_read import read_signatures
from audit_portal.domain.errors import Invalid
from tests.adapters.signing_house import House, Stages, stages


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return stages(House(tmp_path_factory.mktemp("house")))


def test_both_signers_and_the_stamps_are_named_and_intact(steps: Stages) -> None:
    found = read_signatures(steps.final)
    people = [each for each in found if not each.stamp]
    assert ["髙橋 美咲" in people[0].signer, "山﨑 健" in people[1].signer] == [True, True]
    assert all(each.intact and each.whole and each.signed_at for each in found)
    assert all(each.stamped for each in people)
    assert any(each.stamp for each in found)


def test_a_changed_byte_under_a_signature_is_told(steps: Stages) -> None:
    place = steps.certified.index(b"/Type /Page") + 8
    changed = steps.certified[:place] + b"p" + steps.certified[place + 1 :]
    try:
        found = read_signatures(changed)
    except Invalid:
        return  # not even a PDF any more
    assert not all(each.intact for each in found)


def test_what_is_written_behind_the_last_signature_is_told(steps: Stages) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(steps.final))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    found = read_signatures(out.getvalue())
    assert not all(each.whole for each in found)


def test_a_pdf_without_signatures_has_none(steps: Stages) -> None:
    assert read_signatures(steps.bare) == ()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.7\nnot one at all\n%%EOF", b"\0" * 500])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="pdf_unreadable"):
        read_signatures(content)
