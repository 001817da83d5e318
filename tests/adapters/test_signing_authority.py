"""The CA: what it writes, whom it certifies, and who can open a key."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from cryptography.x509.oid import NameOID

from audit_portal.adapters import sealed_key
from audit_portal.adapters.certificate_authority import FileCertificateAuthority, open_key
from audit_portal.adapters.ecdsa_low import is_low, sign_low
from audit_portal.domain.errors import Invalid, Misconfigured, Refused
from audit_portal.domain.report import FIELD_AUDITOR
from tests.adapters.report_sample import NOW
from tests.adapters.signing_house import AUDITOR_ID, PASSPHRASES, House, PlainKeys

SECRET = PASSPHRASES[FIELD_AUDITOR]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


def test_keys_are_wrapped_and_for_the_owner_only(house: House) -> None:
    for name in ("ca.key", "tsa.key"):
        path = house.folder / "keys" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with pytest.raises(ValueError):
            load_der_private_key(path.read_bytes(), None)


def test_creating_twice_changes_nothing(house: House) -> None:
    before = {path: path.read_bytes() for path in house.folder.rglob("*") if path.is_file()}
    house.ca.create("別の会社", NOW)
    assert {path: path.read_bytes() for path in house.folder.rglob("*") if path.is_file()} == before


def test_a_lost_key_is_not_papered_over(tmp_path: Path) -> None:
    authority = FileCertificateAuthority(tmp_path / "keys", PlainKeys(), tmp_path / "root.pem")
    authority.create("x", NOW)
    (tmp_path / "keys" / "ca.key").unlink()
    with pytest.raises(Misconfigured) as refused:
        authority.create("x", NOW)
    assert (refused.value.code, refused.value.facts["missing"]) == ("ca_incomplete", "ca.key")


def test_an_authority_not_yet_made_says_so(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="ca_incomplete"):
        FileCertificateAuthority(tmp_path, PlainKeys(), tmp_path / "root.pem").root_pem()


def test_a_certificate_names_person_mail_and_account(house: House) -> None:
    identity = house.people[FIELD_AUDITOR]
    certificate = x509.load_pem_x509_certificate(identity.certificate_pem)
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(house.ca.root_pem()))
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "髙橋 美咲"
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.RFC822Name) == ["auditor@example.jp"]
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [f"urn:uuid:{AUDITOR_ID}"]
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment and usage.digital_signature and not usage.key_cert_sign
    assert (identity.serial, identity.not_after) == (
        certificate.serial_number,
        certificate.not_valid_after_utc,
    )


def test_very_long_names_and_foreign_mail_addresses_are_no_obstacle(house: House) -> None:
    identity = house.ca.issue("𠮷" * 200, "髙橋@例え.jp", AUDITOR_ID, SECRET, NOW)
    certificate = x509.load_pem_x509_certificate(identity.certificate_pem)
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "𠮷" * 16


def test_only_the_passphrase_opens_the_key(house: House) -> None:
    identity = house.people[FIELD_AUDITOR]
    key = open_key(identity, SECRET)
    certificate = x509.load_pem_x509_certificate(identity.certificate_pem)
    assert key.public_key() == certificate.public_key()
    for wrong in (SECRET + " ", SECRET[:-1], "", "x" * 5000):
        with pytest.raises(Invalid, match="passphrase_wrong"):
            open_key(identity, wrong)


def test_a_passphrase_typed_in_another_unicode_form_is_the_same() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    sealed = sealed_key.seal(key, "ガラスの鍵は十二文字以上", b"c")
    assert sealed_key.open_sealed(sealed, "ガラスの鍵は十二文字以上", b"c")


def test_a_sealed_key_moved_or_bent_does_not_open() -> None:
    sealed = sealed_key.seal(ec.generate_private_key(ec.SECP256R1()), SECRET, b"one")
    with pytest.raises(Invalid, match="passphrase_wrong"):
        sealed_key.open_sealed(sealed, SECRET, b"two")
    for at in (0, 5, 17, 40, len(sealed) - 1):
        bent = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Invalid, match="passphrase_wrong"):
            sealed_key.open_sealed(bent, SECRET, b"one")


@pytest.mark.parametrize(
    ("passphrase", "code"), [("short", "passphrase_too_short"), ("x" * 257, "passphrase_too_long")]
)
def test_a_poor_passphrase_is_refused_at_issue(house: House, passphrase: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        house.ca.issue("x", "x@example.jp", AUDITOR_ID, passphrase, NOW)


def test_revocation_lists_grow_in_number_and_name_the_revoked(house: House) -> None:
    identity = house.people[FIELD_AUDITOR]
    first = x509.load_der_x509_crl(house.ca.crl((), NOW))
    second = x509.load_der_x509_crl(house.ca.crl(((identity.serial, NOW),), NOW + timedelta(seconds=1)))
    numbers = [
        each.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for each in (first, second)
    ]
    assert numbers[0] < numbers[1]
    assert first.get_revoked_certificate_by_serial_number(identity.serial) is None
    assert second.get_revoked_certificate_by_serial_number(identity.serial) is not None


def test_signatures_take_the_lower_of_two_values() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert all(is_low(sign_low(key, bytes([n]))) for n in range(20))
    assert not all(
        is_low(key.sign(bytes([n]), ec.ECDSA(__import__("cryptography").hazmat.primitives.hashes.SHA256())))
        for n in range(40)
    )


def test_refused_is_what_a_foreign_certificate_gets(house: House, tmp_path: Path) -> None:
    stranger = House(tmp_path / "other").people[FIELD_AUDITOR]
    from audit_portal.adapters.report_reportlab import ReportlabRenderer
    from tests.adapters.report_sample import sample

    with pytest.raises(Refused, match="certificate_foreign"):
        house.sign(ReportlabRenderer().render(sample(), "ja"), FIELD_AUDITOR, stranger)
