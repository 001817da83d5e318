"""Settings: each wrong one names itself and the mend; nothing starts on a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_portal.config import load, path_of
from audit_portal.domain import limits
from audit_portal.domain.errors import Misconfigured

P = "AUDIT_PORTAL_"
WRONG = [
    ("DATABASE_URL", "mysql://u@h/x"),
    ("DATABASE_URL", "portal.db"),
    ("DATABASE_URL", "sqlite"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "sqlite:portal.db"),
    ("DATABASE_URL", "postgresql:portal"),
    ("DATABASE_URL", "postgresql://u@h:99999/x"),
    ("DATABASE_URL", "postgresql://u@[::1/x"),
    ("EVIDENCE_URL", "/srv/evidence"),
    ("EVIDENCE_URL", "ftp://h/x"),
    ("EVIDENCE_URL", "file:"),
    ("JOBS_URL", "redis://h"),
    ("JOBS_URL", "sqlite:///"),
    ("KEYS_URL", "file"),
    ("KEYS_URL", "vault://h"),
    ("BASE_URL", "portal.example"),
    ("BASE_URL", "http://portal.example"),
    ("BASE_URL", "http://10.0.0.5:8000"),
    ("BASE_URL", "http://127.0.0.1.evil.example"),
    ("BASE_URL", "http://localhost@evil.example"),
    ("BASE_URL", "https://user:pw@portal.example"),
    ("BASE_URL", "https://portal.example/path"),
    ("BASE_URL", "https://portal.example/?a=b"),
    ("BASE_URL", "https://portal.example#x"),
    ("BASE_URL", "https://"),
    ("BASE_URL", "https://[::1"),
    ("BASE_URL", "https://portal.example:99999"),
    ("BASE_URL", "javascript:alert(1)"),
    ("SMTP_URL", "mail.example"),
    ("SMTP_URL", "smtp://"),
    ("SMTP_URL", "http://mail.example"),
    ("SMTP_URL", "smtp://mail.example:port"),
    ("MAIL_FROM", "portal"),
    ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
    ("TSA_URL", "tsa.example"),
    ("TSA_URL", "file:///etc/passwd"),
    ("EVIDENCE_MAX", "0"),
    ("EVIDENCE_MAX", "-1"),
    ("EVIDENCE_MAX", "1GB"),
    ("EVIDENCE_MAX", "1.5"),
    ("EVIDENCE_MAX", "²"),
    ("EVIDENCE_MAX", str(5 * 1024**3 + 1)),
    ("ZONE", "Tokyo"),
    ("ZONE", "../etc/passwd"),
    ("ZONE", "Asia/\x00"),
    ("PROXIES", "-1"),
    ("PROXIES", "10"),
    ("PROXIES", "yes"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_names_itself_and_the_mend(name: str, value: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        load({P + name: value})
    assert refused.value.code == "setting_wrong"
    assert refused.value.facts["name"] == P + name
    assert len(refused.value.facts["mend"]) > 10


@pytest.mark.parametrize("name", ["DATABASE_URL", "SMTP_URL", "BASE_URL", "KEYS_URL"])
def test_a_refusal_does_not_repeat_what_may_be_a_password(name: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        load({P + name: "oops://user:geheim@host"})
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "https://portal.example"),
        ("BASE_URL", "https://portal.example:8443/"),
        ("BASE_URL", "http://localhost:8000"),
        ("BASE_URL", "http://[::1]:8000"),
        ("DATABASE_URL", "sqlite:////srv/portal.db"),
        ("DATABASE_URL", "postgresql://u:p@127.0.0.1:5432/portal"),
        ("DATABASE_URL", "postgresql:///portal?host=/run/postgresql"),
        ("SMTP_URL", "smtps://u:p@mail.example:465"),
        ("TSA_URL", "https://tsa.example/tsr"),
        ("EVIDENCE_MAX", "1"),
        ("EVIDENCE_MAX", str(5 * 1024**3)),
        ("ZONE", "Europe/Berlin"),
        ("PROXIES", "2"),
        ("MAIL_FROM", "portal@sample.example"),
    ],
)
def test_a_good_setting_is_taken(name: str, value: str) -> None:
    load({P + name: value})


def test_without_settings_everything_lies_in_the_instance(tmp_path: Path) -> None:
    settings = load({P + "INSTANCE": str(tmp_path / "here")})
    assert settings.instance == tmp_path / "here"
    assert settings.database_url == f"sqlite:///{tmp_path}/here/portal.db"
    for url in (settings.evidence_url, settings.keys_url, settings.jobs_url):
        assert path_of(url).parent == settings.instance
    assert (settings.smtp_url, settings.tsa_url) == (None, None)
    assert settings.evidence_max == limits.EVIDENCE_BYTES
    assert not settings.secure


def test_https_makes_cookies_secure() -> None:
    settings = load({P + "BASE_URL": "https://portal.example:8443/"})
    assert settings.secure
    assert (settings.base_url, settings.host) == ("https://portal.example:8443", "portal.example:8443")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_through_psycopg(scheme: str) -> None:
    url = load({P + "DATABASE_URL": f"{scheme}://u:p@127.0.0.1/x"}).database_url
    assert url == "postgresql+psycopg://u:p@127.0.0.1/x"


def test_a_file_holds_a_secret_and_comes_before_the_variable(tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("smtp://u:secret@mail.example\n", encoding="utf-8")
    env = {P + "SMTP_URL_FILE": str(secret), P + "SMTP_URL": "smtp://other.example"}
    assert load(env).smtp_url == "smtp://u:secret@mail.example"


@pytest.mark.parametrize(
    "name",
    ["INSTANCE", "DATABASE_URL", "EVIDENCE_URL", "JOBS_URL", "BASE_URL", "SMTP_URL", "TSA_URL", "KEYS_URL",
     "EVIDENCE_MAX", "MAIL_FROM", "ZONE", "PROXIES"],
)  # fmt: skip
def test_every_setting_exists_as_a_file_and_a_missing_one_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        load({f"{P}{name}_FILE": str(tmp_path / "missing")})
    assert refused.value.facts["name"] == f"{P}{name}_FILE"


def test_a_file_that_is_no_text_or_holds_a_wrong_value_is_named(tmp_path: Path) -> None:
    file = tmp_path / "value"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Misconfigured) as refused:
        load({P + "DATABASE_URL_FILE": str(file)})
    assert refused.value.facts["name"] == P + "DATABASE_URL_FILE"
    file.write_text("mysql://x", encoding="utf-8")
    with pytest.raises(Misconfigured) as refused:
        load({P + "DATABASE_URL_FILE": str(file)})
    assert refused.value.facts["name"] == P + "DATABASE_URL"


def test_an_instance_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured) as refused:
        load({P + "INSTANCE": str(tmp_path / "file")})
    assert refused.value.facts["name"] == P + "INSTANCE"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:/srv/keys", "/srv/keys"),
        ("file:///srv/keys", "/srv/keys"),
        ("file:keys", "keys"),
        ("sqlite:////srv/jobs.db", "/srv/jobs.db"),
        ("sqlite:///jobs.db", "jobs.db"),
    ],
)
def test_an_address_leads_to_its_path(url: str, path: str) -> None:
    assert path_of(url) == Path(path)
