"""The command line on a real instance: exit statuses, the shape of --json, and what it says when it can't start."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from audit_portal import wiring
from audit_portal.cli import main
from audit_portal.services.accounts import passwords

Run = Callable[..., Result]


def environ(instance: Path) -> dict[str, str]:
    return {"AUDIT_PORTAL_INSTANCE": str(instance), "AUDIT_PORTAL_BASE_URL": "http://127.0.0.1:8000"}


def call(instance: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=environ(instance), catch_exceptions=False)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the sample company, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("cli") / "instance"
    kept = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        assert call(folder, "init", "--quiet").output == ""
        loaded = json.loads(call(folder, "sample", "load", "--json").stdout)
    finally:
        passwords._hasher = kept
    assert loaded["ok"] is True
    assert {"email", "password", "what", "passphrase"} == set(loaded["accounts"][0])
    call(folder, "ledger", "checkpoint")
    with sqlite3.connect(folder / "portal.db") as db:  # so that the copies need no write-ahead log
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def instance(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample, tmp_path / "instance"))


@pytest.fixture
def run(instance: Path) -> Run:
    return lambda *arguments: call(instance, *arguments)


def tamper(instance: Path, *statements: str) -> None:
    with sqlite3.connect(instance / "portal.db") as db:
        for statement in statements:
            assert db.execute(statement).rowcount != 0, statement


def answer(result: Result, status: int) -> Any:
    assert result.exit_code == status, result.output
    found = json.loads(result.stdout)
    assert found["ok"] is (status == 0)
    return found


def test_init_twice_is_harmless(tmp_path: Path) -> None:
    first = call(tmp_path / "new", "init")
    assert first.exit_code == 0 and "http://127.0.0.1:8000/" in first.output
    keys = {path: path.read_bytes() for path in (tmp_path / "new" / "keys").rglob("*") if path.is_file()}
    second = call(tmp_path / "new", "init")
    assert second.exit_code == 0 and "http://" in second.output
    assert first.output != second.output, "a link is shown once"
    assert {path: path.read_bytes() for path in keys} == keys
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys if path.suffix == ".key")


def test_an_instance_with_a_client_gives_no_set_up_link(run: Run) -> None:
    assert run("init").output == ""


def test_a_sample_is_loaded_only_into_an_empty_instance(run: Run) -> None:
    assert answer(run("sample", "load", "--json"), 1)["problems"][0]["code"] == "instance_not_empty"


@pytest.mark.parametrize("command", [("evidence", "verify"), ("ledger", "verify"), ("routes",)])
def test_a_sound_instance_is_good(run: Run, command: tuple[str, ...]) -> None:
    assert run(*command).exit_code == 0
    found = answer(run(*command, "--json"), 0)
    assert not found.get("problems")


def test_without_an_instance_it_says_what_to_run(tmp_path: Path) -> None:
    result = call(tmp_path / "none", "evidence", "verify")
    assert result.exit_code == 1
    assert "instance_missing" in result.stderr and "audit-portal init" in result.stderr
    found = answer(call(tmp_path / "none", "ledger", "verify", "--json"), 1)
    assert found["problems"][0]["code"] == "instance_missing"


@pytest.mark.parametrize("command", [("ledger", "verify"), ("evidence", "verify"), ("routes",), ("init",)])
def test_another_key_refuses_to_start_and_is_named(
    run: Run, instance: Path, command: tuple[str, ...]
) -> None:
    (instance / "keys" / "root.key").write_text("ab" * 32 + "\n", encoding="ascii")
    result = run(*command)
    assert result.exit_code == 1
    assert "key_" in result.stderr and ".key" in result.stderr, result.stderr


@pytest.mark.parametrize("name", ["root.key", "ledger.key"])
def test_a_missing_key_is_named_and_never_made_anew(run: Run, instance: Path, name: str) -> None:
    (instance / "keys" / name).unlink()
    for command in (("ledger", "verify"), ("init",)):
        result = run(*command)
        assert result.exit_code == 1
        assert "key_" in result.stderr and name in result.stderr, result.stderr


def test_a_key_that_others_can_read_is_refused(run: Run, instance: Path) -> None:
    (instance / "keys" / "root.key").chmod(0o644)
    result = run("evidence", "verify")
    assert result.exit_code == 1 and "key_too_open" in result.stderr


@pytest.mark.parametrize(
    ("statement", "code", "mend"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "database_ahead", "audit-portal restore"),
        ("DELETE FROM alembic_version", "database_empty", "audit-portal init"),
    ],
)
@pytest.mark.parametrize("command", [("ledger", "verify"), ("upgrade",)])
def test_a_database_of_another_version_is_told(
    run: Run, instance: Path, statement: str, code: str, mend: str, command: tuple[str, ...]
) -> None:
    tamper(instance, statement)
    result = run(*command)
    assert result.exit_code == 1
    assert code in result.stderr and mend in result.stderr


def test_an_up_to_date_database_is_left_alone(run: Run) -> None:
    result = run("upgrade")
    assert result.exit_code == 0 and "up to date" in result.output


def test_a_wrong_setting_is_named(instance: Path) -> None:
    env = {**environ(instance), "AUDIT_PORTAL_BASE_URL": "http://portal.example"}
    result = CliRunner().invoke(main, ["evidence", "verify"], env=env)
    assert result.exit_code == 1 and "AUDIT_PORTAL_BASE_URL" in result.stderr


# The ledger


def test_an_edited_entry_is_named_by_its_seq(run: Run, instance: Path) -> None:
    tamper(instance, "UPDATE ledger_entry SET body = replace(CAST(body AS TEXT), 'P-2026-0002', 'P-2026-0009') "
                     "WHERE seq = (SELECT min(seq) FROM ledger_entry WHERE CAST(body AS TEXT) LIKE '%P-2026-0002%')")  # fmt: skip
    [(seq,)] = sqlite3.connect(instance / "portal.db").execute(
        "SELECT seq FROM ledger_entry WHERE CAST(body AS TEXT) LIKE '%P-2026-0009%'"
    )
    found = answer(run("ledger", "verify", "--json"), 1)
    assert seq in {problem["seq"] for problem in found["problems"]}
    assert f"'seq': {seq}" in run("ledger", "verify").output


def test_a_deleted_entry_is_named(run: Run, instance: Path) -> None:
    tamper(instance, "DELETE FROM ledger_entry WHERE seq = 5")
    found = answer(run("ledger", "verify", "--json"), 1)
    assert ("ledger_seq_gap", 5) in {(problem["code"], problem["seq"]) for problem in found["problems"]}


def test_a_ledger_cut_together_with_its_own_checkpoints_shows_against_one_from_outside(
    run: Run, instance: Path, tmp_path: Path
) -> None:
    held = tmp_path / "checkpoint.txt"
    held.write_text(run("ledger", "checkpoint").stdout, encoding="utf-8")
    good = answer(run("ledger", "verify", "--checkpoint", str(held), "--json"), 0)
    assert good["uncovered"] == 0 and good["entries"] > 50
    last = good["entries"] - 3
    tamper(instance, f"DELETE FROM ledger_entry WHERE seq >= {last}", "DELETE FROM ledger_checkpoint")
    told = answer(run("ledger", "verify", "--json"), 1)
    assert {problem["code"] for problem in told["problems"]} == {"history_unknown"}, "the rows give it away"
    assert told["uncovered"] == last
    found = answer(run("ledger", "verify", "--checkpoint", str(held), "--json"), 1)
    assert [problem["code"] for problem in found["problems"]] == ["ledger_truncated"]


@pytest.mark.parametrize("content", [b"", b"garbage\n", b"\xff\xfe", b"%PDF-1.7 nothing"])
def test_a_checkpoint_that_is_none_is_a_problem(run: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "checkpoint.txt"
    file.write_bytes(content)
    assert answer(run("ledger", "verify", "--checkpoint", str(file), "--json"), 1)["problems"]


def test_an_altered_checkpoint_is_refused(run: Run, tmp_path: Path) -> None:
    note = run("ledger", "checkpoint").stdout.split("\n")
    file = tmp_path / "checkpoint.txt"
    file.write_text("\n".join([note[0], str(int(note[1]) - 1), *note[2:]]), encoding="utf-8")
    assert answer(run("ledger", "verify", "--checkpoint", str(file), "--json"), 1)["problems"]


# Evidence, reports, routes, people, checklists


def test_a_damaged_object_is_named(run: Run, instance: Path) -> None:
    file = sorted((instance / "evidence").glob("??/evidence.*"))[0]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    found = answer(run("evidence", "verify", "--json"), 1)
    assert [problem["code"] for problem in found["problems"]] == ["evidence_damaged"]
    assert found["objects"] > 1
    assert "problem: evidence_damaged" in run("evidence", "verify").output


def test_a_report_is_exported_and_proves_itself_without_an_instance(
    run: Run, instance: Path, tmp_path: Path
) -> None:
    assert run("report", "export", "--all", "--to", str(tmp_path / "out")).exit_code == 0
    [pdf] = (tmp_path / "out").glob("*.pdf")
    shutil.copy(instance / "trust" / "root.pem", tmp_path / "root.pem")
    nowhere = tmp_path / "nowhere"
    verify = ("report", "verify", str(pdf), "--trust", str(tmp_path / "root.pem"), "--json")
    found = answer(call(nowhere, *verify), 0)
    assert len(found["signatures"]) == 2 and found["problems"] == []
    assert not nowhere.exists()
    content = pdf.read_bytes()
    pdf.write_bytes(content[: len(content) // 2] + b"X" + content[len(content) // 2 + 1 :])
    assert answer(call(nowhere, *verify), 1)["problems"]
    pdf.write_bytes(b"no pdf")
    assert answer(call(nowhere, *verify), 1)["problems"]
    (tmp_path / "root.pem").write_bytes(b"no certificate")
    assert call(nowhere, *verify).exit_code == 2


def test_the_root_of_an_outside_clock_is_looked_at_with_the_others(
    run: Run, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bytes, ...]] = []
    real = wiring.verify_report

    def verify(pdf: bytes, roots: Any, now: Any, stamp_roots: Any = ()) -> Any:
        seen.append(tuple(stamp_roots))
        return real(pdf, roots, now, stamp_roots)

    monkeypatch.setattr(wiring, "verify_report", verify)
    (pdf := tmp_path / "some.pdf").write_bytes(b"%PDF-1.7\n")
    root = (instance / "trust" / "root.pem").read_bytes()
    (other := tmp_path / "clock.pem").write_bytes(root)
    (instance / "trust" / "tsa-root.pem").write_bytes(root)
    run("report", "verify", str(pdf))
    run("report", "verify", str(pdf), "--trust", str(other))
    run("report", "verify", str(pdf), "--trust", str(other), "--tsa-trust", str(other))
    assert seen == [(root,), (), (root,)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "export", "--to", "out"),
        ("report", "export", "R-2026-0001", "--all", "--to", "out"),
        ("report", "verify", "missing.pdf"),
        ("user", "add", "--role", "king", "--email", "a@b.example"),
        ("user", "add", "--role", "officer"),
        ("restore", "missing"),
        ("nonsense",),
    ],
)
def test_wrong_use_is_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_an_unknown_report_is_a_problem(run: Run, tmp_path: Path) -> None:
    assert run("report", "export", "R-2026-9999", "--to", str(tmp_path / "out")).exit_code == 1


def test_routes_list_every_rule_with_its_roles(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit_portal import config
    from audit_portal.server import application

    rows = answer(run("routes", "--json"), 0)["routes"]
    app = application(config.load(environ(instance)))
    expected = {
        (method, rule.rule, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(row["method"], row["path"], row["endpoint"]) for row in rows} == expected
    assert all(row["roles"] for row in rows if row["permission"] != "static")
    assert [row["endpoint"] for row in rows if row["permission"] == "static"] == ["static"]


def test_an_operator_adds_a_person(run: Run) -> None:
    added = run(
        "user", "add", "--role", "auditor", "--email", "new@sample-shoji.example", "--name", "新田 髙"
    )
    assert added.exit_code == 0 and added.output.startswith("http://127.0.0.1:8000/")
    vendor = run("user", "add", "--role", "vendor_lead", "--email", "v@x.example", "--vendor", "P-2026-0002")
    assert vendor.exit_code == 0
    for wrong in (
        ("--role", "auditor", "--email", "new@sample-shoji.example"),
        ("--role", "auditor", "--email", "no address"),
        ("--role", "auditor", "--role", "vendor_lead", "--email", "mixed@x.example"),
        ("--role", "officer", "--email", "o@x.example", "--vendor", "P-2026-0002"),
        ("--role", "vendor_lead", "--email", "l@x.example", "--vendor", "P-2026-9999"),
    ):
        result = run("user", "add", *wrong)
        assert result.exit_code == 1 and result.stderr.startswith("audit-portal: "), wrong


def test_checklists_are_listed_with_their_digests(run: Run) -> None:
    lines = run("checklists", "list").output.splitlines()
    assert len(lines) == 9 and all(len(line.split()[2]) == 64 for line in lines)
    assert run("checklists", "publish").output == ""
    assert run("checklists", "lint").exit_code == 0


def test_a_published_version_with_other_content_is_refused(run: Run, instance: Path) -> None:
    tamper(instance, "UPDATE checklist_version SET sha256 = replace(sha256, substr(sha256, 1, 4), 'beef') "
                     "WHERE checklist = 'periodic_review'")  # fmt: skip
    result = run("checklists", "publish")
    assert (
        result.exit_code == 1 and "checklist_changed" in result.stderr and "periodic_review" in result.stderr
    )


def test_a_backup_comes_back_whole(run: Run, tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "backup")).exit_code == 0
    assert run("backup", str(tmp_path / "backup")).exit_code == 1
    there = call(tmp_path / "there", "restore", str(tmp_path / "backup"))
    assert there.exit_code == 0, there.output
    assert answer(call(tmp_path / "there", "evidence", "verify", "--json"), 0)["objects"] > 1
    again = call(tmp_path / "there", "restore", str(tmp_path / "backup"))
    assert again.exit_code == 1 and "instance_not_empty" in again.stderr


# As a program of its own


def program(instance: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).parent / "audit-portal"
    env = {**os.environ, **environ(instance)}
    return subprocess.run([command, *arguments], env=env, capture_output=True, text=True, timeout=60)


def test_the_program_itself_answers_and_refuses(instance: Path) -> None:
    good = program(instance, "ledger", "verify", "--json")
    assert (good.returncode, json.loads(good.stdout)["ok"]) == (0, True), good.stderr
    tamper(instance, "DELETE FROM ledger_entry WHERE seq = 3")
    assert program(instance, "ledger", "verify").returncode == 1
    (instance / "keys" / "root.key").unlink()
    bad = program(instance, "serve", "--port", "1")
    assert bad.returncode == 1
    assert "root.key" in bad.stderr and "Traceback" not in bad.stderr
