"""Signed reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from audit_portal import config, wiring
from audit_portal.cli.base import answering, open_house


@click.group()
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
    for name, pdf in reports.export(open_house(), number):
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
        with answering(as_json):
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
