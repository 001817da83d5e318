"""The sealed files."""

from __future__ import annotations

import json
import sys

import click

from audit_portal.cli.base import answering, open_house
from audit_portal.services.accounts import setup


@click.group()
def evidence() -> None:
    """The sealed files."""


@evidence.command("verify")
@click.option("--json", "as_json", is_flag=True)
def evidence_verify(as_json: bool) -> None:
    """Opens every object, compares its digest, names orphans."""
    from audit_portal.services.evidence import vault_check

    with answering(as_json):
        house = open_house()
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
