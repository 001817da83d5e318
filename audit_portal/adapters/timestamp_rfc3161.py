"""An outside time-stamp authority over HTTP (RFC 3161 3.4)."""

from __future__ import annotations

import http.client
import os
import ssl
from urllib.parse import urlsplit

from asn1crypto import algos, cms, core, tsp

from audit_portal.domain.errors import Misconfigured, Unavailable

_REPLY_MAX = 64 * 1024  # tokens with a whole chain are about 10 KiB
_TIMEOUT = 20.0  # seconds, for connecting and for each read


class _Reply(core.Sequence):
    """TimeStampResp of RFC 3161 2.4.2; asn1crypto's own wants a token in a refusal too."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


class HttpTimestampAuthority:
    """Fulfils `ports.TimestampAuthority`. Follows no redirects and sends nothing but the digest."""

    own = False

    def __init__(self, url: str, timeout: float = _TIMEOUT) -> None:
        """Raises Misconfigured('tsa_url_bad')."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Misconfigured("tsa_url_bad", url=url)
        self._parts, self._timeout = parts, timeout

    def stamp(self, digest: bytes) -> bytes:
        """DER of the token, whose digest and nonce were compared. Its signature is judged when it is used.

        Raises Unavailable('tsa_unreachable' | 'tsa_bad_reply' | 'tsa_refused').
        """
        nonce = int.from_bytes(os.urandom(8), "big") | 1
        reply = self._post(_request(digest, nonce))
        try:
            response = _Reply.load(reply, strict=True)
            granted = response["status"]["status"].native in {"granted", "granted_with_mods"}
            token = response["time_stamp_token"].dump() if granted else b""
            matches = granted and _answers(token, digest, nonce)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Unavailable("tsa_bad_reply", host=self._parts.hostname) from None
        if not granted:
            raise Unavailable("tsa_refused", host=self._parts.hostname)
        if not matches:
            raise Unavailable("tsa_bad_reply", host=self._parts.hostname)
        return token

    def _post(self, body: bytes) -> bytes:
        host = self._parts.hostname
        connection = self._connection()
        path = (self._parts.path or "/") + (f"?{self._parts.query}" if self._parts.query else "")
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            reply = response.read(_REPLY_MAX + 1)
        except (OSError, http.client.HTTPException):
            raise Unavailable("tsa_unreachable", host=host) from None
        finally:
            connection.close()
        if response.status != 200 or len(reply) > _REPLY_MAX:
            raise Unavailable("tsa_bad_reply", host=host)
        return reply

    def _connection(self) -> http.client.HTTPConnection:
        host, port = str(self._parts.hostname), self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(
                host, port, timeout=self._timeout, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(host, port, timeout=self._timeout)


def _request(digest: bytes, nonce: int) -> bytes:
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
    return tsp.TimeStampReq(
        {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    ).dump()


def _answers(token: bytes, digest: bytes, nonce: int) -> bool:
    content = cms.ContentInfo.load(token, strict=True)["content"]["encap_content_info"]
    if content["content_type"].native != "tst_info":
        return False
    info = content["content"].parsed
    imprint = info["message_imprint"]
    return (
        imprint["hash_algorithm"]["algorithm"].native == "sha256"
        and imprint["hashed_message"].native == digest
        and info["nonce"].native == nonce
    )
