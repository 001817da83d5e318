"""Whole copies of the installation."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from audit_portal import config, wiring
from audit_portal.cli.base import open_house
from audit_portal.services import checkpoints


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup_command(folder: Path) -> None:
    """A whole, consistent backup into an empty folder (keys too: keep it as safe as the installation)."""
    from audit_portal.services import backup

    made = backup.backup(open_house(), folder)
    click.echo(f"{made.objects} objects, {made.size} bytes; checkpoint:\n{made.checkpoint}")


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore_command(folder: Path) -> None:
    """Puts back a backup, checks everything, ends all sessions and links.

    A whole backup goes into an empty instance. One that `upgrade` made goes back where it was made, once the
    database of today is out of the way; what was uploaded since is then named by no row.
    """
    house = wiring.restore(config.load(), folder)
    from audit_portal.services.evidence import vault_check

    checked, files = checkpoints.verify(house), vault_check.verify(house)
    click.echo(f"{checked.check.size} ledger entries and {files.objects} objects restored")
    for problem in files.problems:
        click.echo(f"  {problem.code} {problem.key}")
    lost = any(problem.code != "orphan" for problem in files.problems)
    sys.exit(0 if checked.check.ok and not lost else 1)
