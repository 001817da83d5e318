"""The command line: thin entry points over services. Exit status 0 good, 1 something is wrong, 2 wrong use."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from audit_portal import config, wiring
from audit_portal.domain.access import Role
from audit_portal.domain.errors import Misconfigured, PortalError
from audit_portal.services import checkpoints, history_check
from audit_portal.services.accounts import invitations, setup
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.house import House
from audit_portal.storage import schema


class Portal(click.Group):
    """Says what is wrong in one line instead of a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Misconfigured as error:
            click.echo(f"audit-portal: {error.code}: {_facts(error)}", err=True)
            sys.exit(1)
        except PortalError as error:
            click.echo(f"audit-portal: {error.code}: {_facts(error)}", err=True)
            sys.exit(1)


def _facts(error: PortalError) -> str:
    mend = error.facts.get("mend")
    rest = ", ".join(f"{name} {value}" for name, value in error.facts.items() if name != "mend")
    return rest + (f"; {'run' if str(mend).startswith('audit-portal') else 'mend'}: {mend}" if mend else "")


@contextlib.contextmanager
def _answering(as_json: bool) -> Iterator[None]:
    """What keeps a check from being made at all is told in the same JSON form, on request."""
    try:
        yield
    except PortalError as error:
        if not as_json:
            raise
        problem = {"code": error.code, **{name: str(value) for name, value in error.facts.items()}}
        click.echo(json.dumps({"ok": False, "problems": [problem]}, ensure_ascii=False))
        sys.exit(1)


@click.group(cls=Portal)
@click.version_option(package_name="audit-portal")
def main() -> None:
    """Audit Portal: supervise the vendors that handle personal data for you."""


def _house(**more: Any) -> House:
    return wiring.build(config.load(), **more)


@main.command()
@click.option("--quiet", is_flag=True, help="Don't print a set-up link.")
def init(quiet: bool) -> None:
    """Keys, database, trust files; prints a one-time set-up link. Harmless twice."""
    settings = config.load()
    wiring.prepare_files(settings)
    db = wiring.database(settings)
    if schema.current(db) is None:
        schema.migrate(db)
    db.dispose()
    house = _house()
    setup.prepare(house)
    _publish_all(house)
    if not quiet and (link := setup.setup_link(house)):
        click.echo(f"Open this link once, within 24 hours, to set up the first administrator:\n  {link}")


def _publish_all(house: House) -> None:
    from audit_portal.services import checklists

    checklists.publish_all(house)


@main.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, type=click.IntRange(1, 64))
@click.option("--worker", is_flag=True, help="Also run the worker, as a process of its own.")
def serve(host: str, port: int, threads: int, worker: bool) -> None:
    """The web server."""
    from audit_portal.server import run

    child = subprocess.Popen([sys.argv[0], "worker"]) if worker else None  # noqa: S603  (ourselves)
    try:
        run(config.load(), host, port, threads)
    finally:
        if child:
            child.terminate()
            child.wait(timeout=20)


@main.command()
def worker() -> None:
    """Jobs, reminders, checkpoints."""
    from audit_portal import worker as process

    house = _house()
    setup.check_keys(house)
    process.run(house.settings, house)


@main.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.option(
    "--role", "roles", required=True, multiple=True, type=click.Choice([role.value for role in Role])
)
@click.option("--email", required=True)
@click.option("--name", default="")
@click.option("--vendor", help="Number of the vendor, such as P-2026-0002; without it, the client.")
def user_add(roles: tuple[str, ...], email: str, name: str, vendor: str | None) -> None:
    """An account that waits for its owner; prints the invitation link."""
    house = _house()
    link = invitations.add_by_operator(
        house,
        NewPerson(name=name or email, email=email, roles=frozenset(Role(role) for role in roles)),
        vendor,
    )
    click.echo(link)


@main.group()
def checklists() -> None:
    """Checklist files."""


@checklists.command("lint")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), default=None)
def checklists_lint(folder: Path | None) -> None:
    """Checks every file; names file, line, and what to do."""
    problems = wiring.checklist_folder(folder or config.load().checklists).lint()
    for problem in problems:
        click.echo(f"{problem.file}:{problem.line}: {problem.message} {problem.what_to_do}")
    click.echo(f"{len(problems)} problems" if problems else "checklists: no problems")
    sys.exit(1 if problems else 0)


@checklists.command("publish")
def checklists_publish() -> None:
    """Publishes every new version in the folder; refuses a known version with other content."""
    from audit_portal.services import checklists as service

    for each in service.publish_all(_house()):
        click.echo(f"published {each}")


@checklists.command("list")
def checklists_list() -> None:
    """What is published."""
    from audit_portal.services import checklists as service

    for each in service.published(_house()):
        click.echo(f"{each.checklist} {each.version} {each.sha256}")


@main.group()
def evidence() -> None:
    """The sealed files."""


@evidence.command("verify")
@click.option("--json", "as_json", is_flag=True)
def evidence_verify(as_json: bool) -> None:
    """Opens every object, compares its digest, names orphans."""
    from audit_portal.services.evidence import vault_check

    with _answering(as_json):
        house = _house()
        setup.check_keys(house)
        found = vault_check.verify(house)
    problems = [{"code": problem.code, "key": problem.key} for problem in found.problems]
    if as_json:
        click.echo(json.dumps({"ok": found.ok, "objects": found.objects, "problems": problems}))
    else:
        for problem in problems:
            click.echo("problem: {code} {key}".format(**problem))
        click.echo(f"{found.objects} objects, {len(problems)} problems")
    sys.exit(0 if found.ok else 1)


@main.group()
def report() -> None:
    """Signed reports."""


@report.command("export")
@click.argument("number", required=False)
@click.option("--all", "every", is_flag=True)
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path))
def report_export(number: str | None, every: bool, folder: Path) -> None:
    """Writes one report (by number or id) or all of them into a folder."""
    from audit_portal.services.reports import reports

    if every == bool(number):
        raise click.UsageError("name one report, or say --all")
    folder.mkdir(parents=True, exist_ok=True)
    for name, pdf in reports.export(_house(), number):
        (folder / name).write_bytes(pdf)
        click.echo(folder / name)


@report.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM of the root."
)
@click.option(
    "--tsa-trust",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM of the root of an outside time-stamp authority.",
)
@click.option("--json", "as_json", is_flag=True)
def report_verify(file: Path, trust: Path | None, tsa_trust: Path | None, as_json: bool) -> None:
    """Checks a report offline. Needs no instance when --trust names the root certificate."""
    clocks: tuple[bytes, ...] = (tsa_trust.read_bytes(),) if tsa_trust else ()
    if trust is None:
        with _answering(as_json):
            settings = config.load()
        trust, clocks = settings.trust / "root.pem", clocks or wiring.stamp_roots(settings)
    if not trust.is_file():
        raise click.UsageError("name the root certificate with --trust")
    try:
        found = wiring.verify_file(file.read_bytes(), trust.read_bytes(), clocks)
    except ValueError as error:
        raise click.UsageError("what --trust or --tsa-trust names is no certificate") from error
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo(f"{file.name}: {found['verdict']}")
        for signature in found["signatures"]:
            click.echo("  {field}: {name}, signed {signed_at}, time stamp {stamped_at}".format(**signature))
        for problem in found["problems"]:
            click.echo(f"  problem: {problem}")
    sys.exit(0 if found["ok"] else 1)


@main.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup_command(folder: Path) -> None:
    """A whole, consistent backup into an empty folder (keys too: keep it as safe as the installation)."""
    from audit_portal.services import backup

    made = backup.backup(_house(), folder)
    click.echo(f"{made.objects} objects, {made.size} bytes; checkpoint:\n{made.checkpoint}")


@main.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore_command(folder: Path) -> None:
    """Restores a backup into an empty instance, checks everything, ends all sessions and links."""
    house = wiring.restore(config.load(), folder)
    from audit_portal.services.evidence import vault_check

    checked, files = checkpoints.verify(house), vault_check.verify(house)
    click.echo(f"{checked.check.size} ledger entries and {files.objects} objects restored")
    sys.exit(0 if checked.check.ok and files.ok else 1)


@main.group()
def sample() -> None:
    """The sample company."""


@sample.command("load")
@click.option("--json", "as_json", is_flag=True)
def sample_load(as_json: bool) -> None:
    """Loads the sample company into an empty instance; prints its accounts and signing passphrases."""
    from audit_portal.services import sample as service

    with _answering(as_json):
        people = service.load(_house())
    if as_json:
        click.echo(
            json.dumps({"ok": True, "accounts": [vars(person) for person in people]}, ensure_ascii=False)
        )
        return
    for person in people:
        signing = f"  signing passphrase: {person.passphrase}" if person.passphrase else ""
        click.echo(f"{person.email:34} {person.password}   {person.what}{signing}")


@main.group()
def ledger() -> None:
    """The record of everything that changed."""


@ledger.command("verify")
@click.option(
    "--checkpoint", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True)
def ledger_verify(files: tuple[Path, ...], as_json: bool) -> None:
    """Hashes every entry; compares with our checkpoints and with those somebody outside holds."""
    with _answering(as_json):
        house = _house()
        setup.check_keys(house)
        found = checkpoints.verify(house, tuple(_note(house, file) for file in files))
    problems: list[dict[str, Any]] = [{"code": p.code, "seq": p.seq, **p.facts} for p in found.check.problems]
    if found.check.ok:  # commitments in an altered ledger prove nothing
        problems += [vars(each) for each in history_check.verify(house)]
    uncovered = found.check.size - found.outside
    if as_json:
        click.echo(
            json.dumps(
                {
                    "ok": not problems,
                    "entries": found.check.size,
                    "uncovered": uncovered,
                    "problems": problems,
                }
            )
        )
    else:
        for problem in problems:
            click.echo(f"problem: {problem}")
        click.echo(f"{found.check.size} entries, {'NOT SOUND' if problems else 'sound'}")
        click.echo(f"{uncovered} entries are not covered by a checkpoint from outside")
    sys.exit(1 if problems else 0)


def _note(house: House, file: Path) -> str:
    """A checkpoint file, or the checkpoint inside a report."""
    content = file.read_bytes()
    if content.startswith(b"%PDF"):
        return house.verifier(content, (house.authority.root_pem(),), house.clock.now()).checkpoint
    return content.decode("utf-8", "replace")


@ledger.command("checkpoint")
def ledger_checkpoint() -> None:
    """Signs the head now and prints it, to be kept outside."""
    stored = checkpoints.sign_head(_house())
    click.echo(stored.note if stored else "", nl=False)


@main.command()
@click.option("--json", "as_json", is_flag=True)
def routes(as_json: bool) -> None:
    """Method, path, endpoint, permission and roles of every page."""
    from audit_portal.domain.access import ROLES
    from audit_portal.server import application
    from audit_portal.web.guard import permissions

    with _answering(as_json):
        app = application(config.load())
    declared = permissions(app)
    rows = [
        {
            "method": method, "path": rule.rule, "endpoint": rule.endpoint,
            "permission": declared[rule.endpoint].value if rule.endpoint in declared else "static",
            "roles": sorted(role.value for role in ROLES[declared[rule.endpoint]]) if rule.endpoint in declared else [],
        }
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"ok": True, "routes": rows}, indent=1))
    else:
        for row in rows:
            click.echo("{method:7} {path:55} {permission:22} {roles}".format(**row))


@main.command()
def upgrade() -> None:
    """Backs up, migrates, checks."""
    from audit_portal.services import backup, history_check

    settings = config.load()
    db = wiring.database(settings)
    try:
        schema.check(db)
    except Misconfigured as error:
        if error.code != "database_behind":
            raise
    else:
        click.echo("the database is up to date")
        return
    target = settings.instance / "backups" / f"before-{schema.head()}-{os.getpid()}"
    backup.before_upgrade(db, settings, target)
    before = schema.tables(db)
    schema.migrate(db)
    schema.check(db)
    history_check.adopt(db, schema.tables(db) - before)
    click.echo(f"upgraded to {schema.head()}; the backup from before is in {target}")
