"""Typed settings from the environment (design.md section 5); a bad one stops the start and is named.

Every variable also exists as `…_FILE`: a file whose content is the value (for secrets).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from audit_portal.domain import limits
from audit_portal.domain.errors import Misconfigured

_PREFIX = "AUDIT_PORTAL_"
ROOT = Path(__file__).resolve().parent.parent
TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Settings:
    instance: Path
    database_url: str
    evidence_url: str
    jobs_url: str
    base_url: str
    keys_url: str
    smtp_url: str | None = None
    mail_from: str = "audit-portal@localhost"
    tsa_url: str | None = None
    evidence_max: int = limits.EVIDENCE_BYTES
    zone: ZoneInfo = TOKYO  # of due dates and of times on pages
    proxies: int = 0  # in front of the server, each adding to X-Forwarded-For
    checklists: Path = ROOT / "checklists"

    @property
    def secure(self) -> bool:
        """Behind https: cookies are `__Host-` and Secure."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def keys(self) -> Path:
        return self.instance / "keys"

    @property
    def trust(self) -> Path:
        return self.instance / "trust"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads and checks every setting. Raises Misconfigured('setting_wrong', name=…, mend=…)."""
    env = dict(os.environ if environ is None else environ)
    instance = _folder(_get(env, "INSTANCE") or "instance")
    return Settings(
        instance=instance,
        database_url=_database(_get(env, "DATABASE_URL") or f"sqlite:///{instance / 'portal.db'}"),
        evidence_url=_one_of(env, "EVIDENCE_URL", f"file:{instance / 'evidence'}", ("file",)),
        jobs_url=_one_of(env, "JOBS_URL", f"sqlite:///{instance / 'jobs.db'}", ("sqlite",)),
        keys_url=_one_of(env, "KEYS_URL", f"file:{instance / 'keys'}", ("file",)),
        base_url=_base(_get(env, "BASE_URL") or "http://127.0.0.1:8000"),
        smtp_url=_optional(env, "SMTP_URL", ("smtp", "smtps")),
        mail_from=_sender(_get(env, "MAIL_FROM") or "audit-portal@localhost"),
        tsa_url=_optional(env, "TSA_URL", ("http", "https")),
        evidence_max=_bytes(env, "EVIDENCE_MAX", limits.EVIDENCE_BYTES),
        zone=_zone(_get(env, "ZONE")),
        proxies=_proxies(_get(env, "PROXIES") or "0"),
    )


def path_of(url: str) -> Path:
    """The path of a `file:` address (RFC 8089) or a `sqlite:///` one (four slashes: from the root)."""
    scheme, _, rest = url.partition(":")
    return Path(rest.removeprefix("///" if scheme == "sqlite" else "//"))


def _get(env: Mapping[str, str], name: str) -> str | None:
    if file := env.get(f"{_PREFIX}{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise _wrong(f"{name}_FILE", f"the file can't be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise _wrong(f"{name}_FILE", "the file must hold text in UTF-8") from error
    return env.get(f"{_PREFIX}{name}") or None


def _wrong(name: str, mend: str) -> Misconfigured:
    return Misconfigured("setting_wrong", name=f"{_PREFIX}{name}", mend=mend)


def _folder(path: str) -> Path:
    found = Path(path).absolute()
    if found.exists() and not found.is_dir():
        raise _wrong("INSTANCE", "name a folder; this is a file")
    return found


def _sender(address: str) -> str:
    if "@" not in address.strip("@") or not address.isprintable():
        raise _wrong("MAIL_FROM", "use name@host, in one line")
    return address


def _database(url: str) -> str:
    scheme, _, rest = url.partition(":")
    name = "postgresql+psycopg" if scheme in ("postgresql", "postgres") else scheme
    whole = rest.startswith("///") and len(rest) > 3 if name == "sqlite" else _port_fits(f"any:{rest}")
    if name not in ("sqlite", "postgresql+psycopg") or not rest.startswith("//") or not whole:
        raise _wrong("DATABASE_URL", "use sqlite:///PATH or postgresql://USER@HOST/NAME")
    return f"{name}:{rest}"


def _port_fits(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _one_of(env: Mapping[str, str], name: str, default: str, schemes: tuple[str, ...]) -> str:
    url = _get(env, name) or default
    if url.split(":", 1)[0] not in schemes or ":" not in url or not path_of(url).name:
        raise _wrong(name, f"this version takes {' or '.join(f'{each}:…' for each in schemes)}")
    return url


def _optional(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    url = _get(env, name)
    if url is None:
        return None
    if not _port_fits(url) or (parts := urlsplit(url)).scheme not in schemes or not parts.hostname:
        raise _wrong(name, f"use {' or '.join(f'{each}://HOST' for each in schemes)}")
    return url


def _base(url: str) -> str:
    parts = urlsplit(url) if _port_fits(url) else urlsplit("")
    more = parts.query or parts.fragment or parts.username is not None or parts.path not in ("", "/")
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise _wrong("BASE_URL", "use https://HOST as people type it, without a path")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise _wrong("BASE_URL", "only https is safe beyond this machine")
    return f"{parts.scheme}://{parts.netloc}"


def _bytes(env: Mapping[str, str], name: str, default: int) -> int:
    raw = _get(env, name)
    if raw is None:
        return default
    if not raw.isdecimal() or not 1 <= int(raw) <= 5 * 1024**3:
        raise _wrong(name, "a number of bytes, at most 5368709120")
    return int(raw)


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else TOKYO
    except (ValueError, OSError, KeyError) as error:
        raise _wrong("ZONE", "use a name of the IANA time zone database, such as Asia/Tokyo") from error


def _proxies(raw: str) -> int:
    if not raw.isdecimal() or int(raw) > 9:
        raise _wrong("PROXIES", "the number of proxies in front of the server, 0 to 9")
    return int(raw)
