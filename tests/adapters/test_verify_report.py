"""Every change to a sealed report is noticed; nothing strange makes the check fall over."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import cms
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore

from audit_portal.adapters.der import is_canonical, length_of, tlv
from audit_portal.adapters.pdf_signatures import SignedPdf
from audit_portal.adapters.pdf_verify import verify_report
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER, Verdict
from tests.adapters.signing_house import AUDITOR_ID, OFFICER_ID, House, Stages, stages


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def steps(house: House) -> Stages:
    return stages(house)


def check(house: House, pdf: bytes):
    return verify_report(pdf, house.roots, house.clock.now())


def test_a_sealed_report_is_valid_and_says_who_signed_when(house: House, steps: Stages) -> None:
    found = check(house, steps.final)
    assert (found.verdict, found.problems, found.ok) == (Verdict.VALID, (), True)
    auditor, officer = found.signatures
    assert (auditor.field, auditor.name, auditor.account_id) == (FIELD_AUDITOR, "髙橋 美咲", AUDITOR_ID)
    assert (officer.field, officer.name, officer.account_id) == (FIELD_OFFICER, "山﨑 健", OFFICER_ID)
    assert auditor.stamped_at is not None and auditor.signed_at is not None
    assert auditor.stamped_at - auditor.signed_at == timedelta(seconds=5)
    assert auditor.stamp_own and officer.stamp_own
    assert found.number == "R-2026-0042"
    assert found.manifest is not None
    assert found.checkpoint.startswith("portal.example.jp/ledger")


@pytest.mark.parametrize(
    ("stage", "problems"),
    [
        ("bare", {"auditor_missing", "officer_missing", "not_sealed"}),
        ("signed", {"officer_missing", "not_sealed"}),
        ("certified", {"officer_missing", "not_sealed"}),
        ("countersigned", {"not_sealed"}),
    ],
)
def test_an_unfinished_report_is_incomplete(
    house: House, steps: Stages, stage: str, problems: set[str]
) -> None:
    found = check(house, getattr(steps, stage))
    assert (found.verdict, set(found.problems)) == (Verdict.INCOMPLETE, problems)


def _mutations() -> list[tuple[str, Callable[[bytes, random.Random], bytes]]]:
    def flip(pdf: bytes, dice: random.Random) -> bytes:
        at = dice.randrange(len(pdf))
        return pdf[:at] + bytes([pdf[at] ^ 1 << dice.randrange(8)]) + pdf[at + 1 :]

    def drop(pdf: bytes, dice: random.Random) -> bytes:
        at = dice.randrange(len(pdf))
        return pdf[:at] + pdf[at + 1 :]

    def insert(pdf: bytes, dice: random.Random) -> bytes:
        at = dice.randrange(len(pdf) + 1)
        return pdf[:at] + bytes([dice.randrange(256)]) + pdf[at:]

    def cut(pdf: bytes, dice: random.Random) -> bytes:
        return pdf[: dice.randrange(len(pdf))]

    def swap(pdf: bytes, dice: random.Random) -> bytes:
        a, b = dice.randrange(len(pdf) - 40), dice.randrange(len(pdf) - 40)
        one, two = bytearray(pdf), pdf[b : b + 20]
        one[b : b + 20] = pdf[a : a + 20]
        one[a : a + 20] = two
        return bytes(one)

    return [("flip", flip), ("drop", drop), ("insert", insert), ("cut", cut), ("swap", swap)]


@pytest.mark.parametrize(
    ("name", "change"), _mutations(), ids=lambda each: each if isinstance(each, str) else ""
)
def test_no_random_change_anywhere_goes_unnoticed(
    house: House, steps: Stages, name: str, change: Callable[[bytes, random.Random], bytes]
) -> None:
    dice = random.Random(f"report {name}")
    for _ in range(20):
        changed = change(steps.final, dice)
        if changed != steps.final:
            assert not check(house, changed).ok


@pytest.mark.parametrize("place", [0, 1, 2])
def test_no_flip_inside_a_signature_container_goes_unnoticed(house: House, steps: Stages, place: int) -> None:
    signature = SignedPdf.parse(steps.final).signatures[place]
    dice = random.Random(place)
    inside = range(signature.gap_start, signature.gap_start + 2 * len(signature.der) + 1)
    padding = range(inside.stop, signature.gap_end)
    for at in [*dice.sample(inside, 25), *dice.sample(padding, 4)]:
        changed = bytearray(steps.final)
        changed[at] ^= 1 << dice.randrange(8)
        assert not check(house, bytes(changed)).ok, at


def test_lower_case_hex_in_the_last_container_is_noticed(house: House, steps: Stages) -> None:
    """No signature covers it, and plain validators accept it."""
    seal = SignedPdf.parse(steps.final).signatures[-1]
    pdf = steps.final
    lowered = pdf[: seal.gap_start] + pdf[seal.gap_start : seal.gap_end].lower() + pdf[seal.gap_end :]
    assert lowered != pdf
    assert check(house, lowered).problems == ("container_altered",)


def test_something_hidden_in_the_padding_is_noticed(house: House, steps: Stages) -> None:
    seal = SignedPdf.parse(steps.final).signatures[-1]
    changed = bytearray(steps.final)
    changed[seal.gap_end - 9 : seal.gap_end - 1] = b"DEADBEEF"
    assert check(house, bytes(changed)).problems == ("container_altered",)


def test_an_unused_certificate_in_a_container_is_noticed(house: House, steps: Stages) -> None:
    seal = SignedPdf.parse(steps.final).signatures[-1]
    other = SignedPdf.parse(steps.final).signatures[0].certificate
    container = cms.ContentInfo.load(seal.der)
    container["content"]["certificates"].append(cms.CertificateChoices("certificate", other))
    grown = container.dump()
    assert cms.ContentInfo.load(grown, strict=True) and len(grown) > len(seal.der)
    pdf = steps.final
    content = grown.hex().upper().encode().ljust(seal.gap_end - seal.gap_start - 2, b"0")
    changed = pdf[: seal.gap_start + 1] + content + pdf[seal.gap_end - 1 :]
    assert "container_altered" in check(house, changed).problems


def _overlaid(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    stream = generic.StreamObject(stream_data=b"q 1 0 0 rg 0 0 300 300 re f Q")
    writer.add_stream_to_page(0, writer.add_object(stream))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _annotated(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Contents"): generic.TextStringObject("approved"),
            generic.pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 99, 99)]),
        }
    )
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(note))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _more_validation_data(pdf: bytes) -> bytes:
    out = BytesIO(pdf)
    writer = IncrementalPdfFileWriter(out)
    certificate = SignedPdf.parse(pdf).signatures[0].certificate
    store = DocumentSecurityStore.read_dss(writer)
    store.register_vri(generic.pdf_name("/" + "A" * 40), certs=[certificate])
    writer.root["/DSS"] = writer.add_object(store.as_pdf_object())
    writer.update_root()
    writer.write_in_place()
    return out.getvalue()


@pytest.mark.parametrize("stage", ["certified", "final"])
@pytest.mark.parametrize("change", [_overlaid, _annotated])
def test_what_is_laid_over_a_signed_page_is_noticed(
    house: House, steps: Stages, stage: str, change: Callable[[bytes], bytes]
) -> None:
    found = check(house, change(getattr(steps, stage)))
    assert found.verdict is Verdict.CHANGED


def test_nothing_may_follow_the_seal_not_even_what_pdf_permits(house: House, steps: Stages) -> None:
    """A later store of certificates is allowed by PAdES; here the file ends with its seal."""
    assert "changed_after_sealing" in check(house, _more_validation_data(steps.final)).problems
    assert not check(house, steps.final + b"\n").ok


def test_a_report_of_another_ca_is_untrusted(house: House, steps: Stages, tmp_path) -> None:
    other = House(tmp_path / "other")
    found = verify_report(steps.final, other.roots, house.clock.now())
    assert found.verdict is Verdict.UNTRUSTED
    assert "signer_untrusted" in found.problems
    assert not any(each.trusted for each in found.signatures)


def test_a_report_stays_valid_after_the_signers_certificates_end(house: House, steps: Stages) -> None:
    later = house.clock.now() + timedelta(days=8 * 365)
    assert verify_report(steps.final, house.roots, later).ok


def test_the_seal_does_not_outlive_its_own_certificate(house: House, steps: Stages) -> None:
    later = house.clock.now() + timedelta(days=20 * 365)
    assert verify_report(steps.final, house.roots, later).problems == ("stamp_untrusted",)


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"", Verdict.NOT_OURS),
        (b"hello", Verdict.NOT_OURS),
        (b"%PDF-1.7\n", Verdict.CHANGED),
        (b"%PDF-1.7\n%%EOF\n", Verdict.CHANGED),
    ],
)
def test_what_is_no_report_is_told_apart(house: House, data: bytes, verdict: Verdict) -> None:
    assert check(house, data).verdict is verdict


def test_another_pdf_is_not_ours(house: House) -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(99, 99, "R-2026-0042")
    canvas.save()
    assert check(house, out.getvalue()).problems == ("no_signature_fields",)


def test_a_pdf_that_others_signed_is_not_ours_however_its_signature_is_written(
    house: House, steps: Stages
) -> None:
    foreign = re.sub(
        rb"/Contents *<[0-9A-F]+>",
        lambda found: found[0].lower().replace(b"contents", b"Contents"),
        steps.final,
    )
    assert check(house, foreign).problems == ("container_altered",)
    foreign = foreign.replace(b"(Auditor)", b"(Surname)").replace(b"(Officer)", b"(Address)")
    assert check(house, foreign).verdict is Verdict.NOT_OURS


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_check_raise(data: bytes) -> None:
    from tests.adapters.report_sample import NOW

    assert not verify_report(b"%PDF-1.7\n" + data, [], NOW).ok


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_a_der_value_has_one_encoding(content: bytes) -> None:
    value = tlv(0x04, content)
    assert is_canonical(value)
    assert length_of(value + b"rest") == len(value)
    assert not is_canonical(value[:-1] if content else b"\x04")
    if len(content) < 0x80:
        assert not is_canonical(b"\x04\x81" + bytes([len(content)]) + content)
