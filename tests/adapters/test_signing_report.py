"""Who may sign what when; and that other people's validators accept the result."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from audit_portal.adapters.pyhanko_parts import certificate, run
from audit_portal.domain.errors import Invalid, Refused
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.ports import SignatureRequest
from tests.adapters.openssl import PERSON, STAMP, cms_verifies, signatures, stamp_verifies
from tests.adapters.report_sample import NOW
from tests.adapters.signing_house import AUDITOR_ID, NAMES, PASSPHRASES, House, Stages, stages
from tests.adapters.test_report_render import pdfa_violations
from tests.require import require


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def steps(house: House) -> Stages:
    return stages(house)


def test_the_wrong_passphrase_signs_nothing(house: House, steps: Stages) -> None:
    identity = house.people[FIELD_AUDITOR]
    with pytest.raises(Invalid, match="passphrase_wrong"):
        house.signer.sign(steps.bare, house.request(FIELD_AUDITOR), identity, "wrong passphrase", house.crl())


def test_a_revoked_person_can_neither_sign_nor_be_sealed(house: House, steps: Stages) -> None:
    auditor, officer = house.people[FIELD_AUDITOR], house.people[FIELD_OFFICER]
    with pytest.raises(Refused, match="certificate_revoked"):
        house.sign(steps.bare, FIELD_AUDITOR, crl=house.crl(auditor))
    with pytest.raises(Refused, match="certificate_revoked"):
        house.sign(steps.certified, FIELD_OFFICER, crl=house.crl(officer))
    with pytest.raises(Refused, match="certificate_revoked"):
        house.seal(steps.signed, FIELD_AUDITOR, crl=house.crl(auditor))


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW + timedelta(days=900), "certificate_expired"),
        (NOW - timedelta(days=9), "certificate_not_yet_valid"),
    ],
)
def test_out_of_its_time_a_certificate_signs_nothing(house: House, steps: Stages, at, code: str) -> None:
    request = SignatureRequest(FIELD_AUDITOR, *NAMES[FIELD_AUDITOR], "x", at)
    with pytest.raises(Refused, match=code):
        house.signer.sign(
            steps.bare, request, house.people[FIELD_AUDITOR], PASSPHRASES[FIELD_AUDITOR], house.ca.crl((), at)
        )


def test_a_stale_bad_or_foreign_revocation_list_is_no_list(
    house: House, steps: Stages, tmp_path: Path
) -> None:
    old = house.ca.crl((), NOW - timedelta(days=30))
    with pytest.raises(Refused, match="revocation_list_stale"):
        house.sign(steps.bare, FIELD_AUDITOR, crl=old)
    for bad in (b"x", House(tmp_path / "other").crl()):
        with pytest.raises(Refused, match="revocation_list_bad"):
            house.sign(steps.bare, FIELD_AUDITOR, crl=bad)


def test_nobody_signs_a_field_twice(house: House, steps: Stages) -> None:
    with pytest.raises(Refused, match="already_signed"):
        house.sign(steps.certified, FIELD_AUDITOR)
    with pytest.raises(Refused, match="already_signed"):
        house.sign(steps.final, FIELD_OFFICER)


def test_the_officer_waits_for_the_auditor_and_the_seal(house: House, steps: Stages) -> None:
    with pytest.raises(Refused, match="auditor_signs_first"):
        house.sign(steps.bare, FIELD_OFFICER)
    with pytest.raises(Refused, match="auditor_not_sealed"):
        house.sign(steps.signed, FIELD_OFFICER)


def test_one_person_never_signs_both_fields(house: House, steps: Stages) -> None:
    same = house.people[FIELD_AUDITOR]
    renewed = house.ca.issue(
        "別の表示名", "b@example.jp", AUDITOR_ID, PASSPHRASES[FIELD_OFFICER], house.clock.now()
    )
    for identity in (same, renewed):
        with pytest.raises(Refused, match="same_signer"):
            house.sign(steps.certified, FIELD_OFFICER, identity)


def test_the_officer_cannot_sign_a_report_changed_since(house: House, steps: Stages) -> None:
    at = steps.certified.index(b"stream") + 40
    changed = steps.certified[:at] + bytes([steps.certified[at] ^ 1]) + steps.certified[at + 1 :]
    with pytest.raises(Refused, match="report_changed"):
        house.sign(changed, FIELD_OFFICER)


def test_what_is_no_report_is_not_signed(house: House) -> None:
    with pytest.raises(Refused, match="report_changed"):
        house.sign(b"%PDF-1.7 nonsense", FIELD_AUDITOR)


def test_a_field_of_another_name_is_not_signed(house: House, steps: Stages) -> None:
    request = SignatureRequest("Director", "x", "x", "x", house.clock.now())
    with pytest.raises(Refused, match="field_missing"):
        house.signer.sign(
            steps.bare, request, house.people[FIELD_AUDITOR], PASSPHRASES[FIELD_AUDITOR], house.crl()
        )


def test_a_signature_is_sealed_once_and_only_while_newest(house: House, steps: Stages) -> None:
    with pytest.raises(Refused, match="not_signed_yet"):
        house.seal(steps.bare, FIELD_AUDITOR)
    with pytest.raises(Refused, match="already_sealed"):
        house.seal(steps.certified, FIELD_AUDITOR)
    with pytest.raises(Refused, match="already_sealed"):
        house.seal(steps.final, FIELD_OFFICER)


def test_pyhanko_finds_both_signatures_good_for_the_long_term(house: House, steps: Stages) -> None:
    trust = SimpleTrustManager.build([certificate(house.ca.root_pem())])
    policy = CertValidationPolicySpec(trust, CertRevTrustPolicy(REQUIRE_REVINFO))
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))
    signatures = PdfFileReader(BytesIO(steps.final)).embedded_regular_signatures
    assert [each.field_name for each in signatures] == [FIELD_AUDITOR, FIELD_OFFICER]
    for each in signatures:
        status = run(ades_lta_validation(each, spec))
        assert status.api_status.bottom_line


def test_pdfsig_trusts_both_signatures(house: House, steps: Stages, tmp_path: Path) -> None:
    certutil, pdfsig = require("certutil"), require("pdfsig")
    (tmp_path / "root.pem").write_bytes(house.ca.root_pem())
    (tmp_path / "report.pdf").write_bytes(steps.final)
    store = f"sql:{tmp_path}"
    subprocess.run([certutil, "-N", "-d", store, "--empty-password"], check=True, capture_output=True)
    add = [certutil, "-A", "-d", store, "-n", "root", "-t", "C,C,C", "-i", tmp_path / "root.pem"]
    subprocess.run(add, check=True, capture_output=True)
    done = subprocess.run([pdfsig, "-nssdir", tmp_path, tmp_path / "report.pdf"], capture_output=True)
    said = done.stdout.decode()
    assert said.count("Signature is Valid") == 2
    assert said.count("Certificate is Trusted") == 2
    assert "Total document signed" in said


def test_openssl_verifies_both_signatures_and_the_stamp(house: House, steps: Stages, tmp_path: Path) -> None:
    root, at = house.folder / "trust" / "root.pem", house.clock.now()
    *people, seal = signatures(steps.final)
    assert [each.kind for each in (*people, seal)] == [PERSON, PERSON, STAMP]
    assert all(cms_verifies(each, root, tmp_path, at) for each in people)
    assert stamp_verifies(seal, root, tmp_path, at)


def test_openssl_refuses_what_was_changed_and_another_root(
    house: House, steps: Stages, tmp_path: Path
) -> None:
    root, at = house.folder / "trust" / "root.pem", house.clock.now()
    other = House(tmp_path / "other").folder / "trust" / "root.pem"
    *people, seal = signatures(steps.final)
    for verifies, each in ((cms_verifies, people[0]), (cms_verifies, people[1]), (stamp_verifies, seal)):
        middle = len(each.covered) // 2
        changed = each.covered[:middle] + bytes([each.covered[middle] ^ 1]) + each.covered[middle + 1 :]
        assert not verifies(replace(each, covered=changed), root, tmp_path, at)
        assert not verifies(each, other, tmp_path, at)
    swapped = replace(people[0], contents=people[1].contents)
    assert not cms_verifies(swapped, root, tmp_path, at)


def test_mutool_and_qpdf_find_no_fault(steps: Stages, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(steps.final)
    done = subprocess.run([require("mutool"), "sign", "-v", path], capture_output=True)
    said = (done.stdout + done.stderr).decode()
    assert said.count("The signature is valid") == 2
    assert subprocess.run([require("qpdf"), "--check", path], capture_output=True).returncode == 0


def test_the_signed_report_is_still_pdfa_with_its_fonts(steps: Stages, tmp_path: Path) -> None:
    assert pdfa_violations(steps.final) == []
    path = tmp_path / "report.pdf"
    path.write_bytes(steps.final)
    listed = subprocess.run([require("pdffonts"), path], capture_output=True, check=True).stdout.decode()
    assert all("NotoSansJP" in row and " yes yes yes " in row for row in listed.splitlines()[2:])
    text = subprocess.run([require("pdftotext"), "-raw", path, "-"], capture_output=True, check=True)
    assert "電子署名 · 監査人" in text.stdout.decode()
