"""The record of everything that changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from audit_portal.cli.base import answering, open_house
from audit_portal.services import checkpoints, history_check
from audit_portal.services.accounts import setup
from audit_portal.services.house import House


@click.group()
def ledger() -> None:
    """The record of everything that changed."""


@ledger.command("verify")
@click.option(
    "--checkpoint", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True)
def ledger_verify(files: tuple[Path, ...], as_json: bool) -> None:
    """Hashes every entry; compares with our checkpoints and with those somebody outside holds."""
    with answering(as_json):
        house = open_house()
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
    stored = checkpoints.sign_head(open_house())
    click.echo(stored.note if stored else "", nl=False)
