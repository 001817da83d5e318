"""Signature containers held to one form, bit by bit.

A CMS container has parts that no signature covers: algorithm fields, the order and number of certificates,
the encoding itself. Validators accept changes there. So a container is taken apart and put together again
the way this portal writes it; anything else is an alteration. Sources: RFC 5652 5.1, 5.3; RFC 3161 2.4.2;
RFC 5126 6.1.1 (signature time stamp).
"""

from __future__ import annotations

from asn1crypto import algos, cms, core, x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from audit_portal.adapters.der import INTEGER, OCTETS, SEQUENCE, SET, context, is_canonical, tlv
from audit_portal.adapters.ecdsa_low import is_low

STAMP_ATTRIBUTE = "signature_time_stamp_token"
DETACHED, STAMP = 1, 3  # CMSVersion of a detached signature and of a time-stamp token

_SIGNED_DATA = cms.ContentType("signed_data").dump()
_DATA = cms.ContentType("data").dump()
_STAMP_OID = cms.CMSAttributeType(STAMP_ATTRIBUTE).dump()
_SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
_ECDSA = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump()


class Altered(Exception):
    """The container is not in the form it was written in."""


def compose(
    certificate: x509.Certificate,
    attributes: bytes,
    signature: bytes,
    stamp_info: bytes | None = None,
    token: bytes | None = None,
) -> bytes:
    """DER of the one form. `attributes` is the content of the SET of signed attributes; `stamp_info` the
    DER of a TSTInfo, None for a detached signature; `token` the signature time stamp, where there is one.
    """
    sid = tlv(SEQUENCE, certificate.issuer.dump(), core.Integer(certificate.serial_number).dump())
    unsigned = b"" if token is None else context(1, tlv(SEQUENCE, _STAMP_OID, tlv(SET, token)))
    signer = tlv(
        SEQUENCE,
        tlv(INTEGER, b"\x01"),
        sid,
        _SHA256,
        context(0, attributes),
        _ECDSA,
        tlv(OCTETS, signature),
        unsigned,
    )
    if stamp_info is None:
        version, content = DETACHED, tlv(SEQUENCE, _DATA)
    else:
        kind = cms.ContentType("tst_info").dump()
        version, content = STAMP, tlv(SEQUENCE, kind, context(0, tlv(OCTETS, stamp_info)))
    signed = tlv(
        SEQUENCE,
        tlv(INTEGER, bytes([version])),
        tlv(SET, _SHA256),
        content,
        context(0, certificate.dump()),
        tlv(SET, signer),
    )
    return tlv(SEQUENCE, _SIGNED_DATA, context(0, signed))


def only_signer(container: cms.ContentInfo) -> tuple[cms.SignerInfo, x509.Certificate]:
    """The one signer and the certificate that belongs to it. Raises Altered."""
    signed = container["content"]
    signers = signed["signer_infos"]
    if len(signers) != 1:
        raise Altered("signers")
    for choice in signed["certificates"]:
        if choice.name == "certificate" and _is_of(choice.chosen, signers[0]):
            return signers[0], choice.chosen
    raise Altered("certificate")


def stamp_token(signer: cms.SignerInfo) -> cms.ContentInfo | None:
    """The signature time stamp, if there is one. Raises Altered when there is anything else or more."""
    attributes = list(signer["unsigned_attrs"] or ())
    if not attributes:
        return None
    if len(attributes) != 1 or attributes[0]["type"].native != STAMP_ATTRIBUTE:
        raise Altered("unsigned attributes")
    if len(attributes[0]["values"]) != 1:
        raise Altered("several stamps")
    return attributes[0]["values"][0]


def require_own_form(der: bytes) -> None:
    """That these bytes are exactly what the portal writes around these attributes, certificate and stamp.

    Raises Altered.
    """
    container = _load(der)
    signer, certificate = only_signer(container)
    token, content = stamp_token(signer), container["content"]["encap_content_info"]
    info = content["content"].contents if content["content_type"].native == "tst_info" else None
    value = signer["signature"].native
    again = compose(
        certificate, signer["signed_attrs"].contents, value, info, None if token is None else token.dump()
    )
    if again != der or not is_low(value) or encode_dss_signature(*decode_dss_signature(value)) != value:
        raise Altered("form")


def require_tidy_token(der: bytes) -> None:
    """For a token of an outside authority: canonical, one signer, no unused certificate, nothing unsigned.

    Raises Altered.
    """
    container = _load(der)
    signed = container["content"]
    signer, certificate = only_signer(container)
    if stamp_token(signer) is not None or len(signed["crls"] or ()):
        raise Altered("unsigned parts")
    if [each.dump() for each in signed["digest_algorithms"]] != [signer["digest_algorithm"].dump()]:
        raise Altered("digest algorithms")
    for algorithm in (signer["digest_algorithm"], signer["signature_algorithm"]):
        absent = isinstance(algorithm["parameters"], core.Void | core.Null)
        if not absent and algorithm["algorithm"].native != "rsassa_pss":
            raise Altered("parameters")
    if any(choice.name != "certificate" for choice in signed["certificates"]):
        raise Altered("certificates")
    _require_chain(certificate, [choice.chosen for choice in signed["certificates"]])


def _load(der: bytes) -> cms.ContentInfo:
    if not is_canonical(der):
        raise Altered("encoding")
    container = cms.ContentInfo.load(der, strict=True)
    if container["content_type"].native != "signed_data":
        raise Altered("content type")
    return container


def _is_of(certificate: x509.Certificate, signer: cms.SignerInfo) -> bool:
    identifier = signer["sid"]
    if identifier.name != "issuer_and_serial_number":
        return bool(certificate.key_identifier == identifier.chosen.native)
    chosen = identifier.chosen
    return bool(
        certificate.issuer == chosen["issuer"] and certificate.serial_number == chosen["serial_number"].native
    )


def _require_chain(certificate: x509.Certificate, all_of_them: list[x509.Certificate]) -> None:
    """Every certificate is the signer's or issued one further down: there is none to hide things in."""
    used, current = {certificate.sha256}, certificate
    while True:
        above = [each for each in all_of_them if each.subject == current.issuer and each.sha256 not in used]
        if not above:
            break
        current = above[0]
        used.add(current.sha256)
    if len(used) != len(all_of_them):
        raise Altered("unused certificate")
