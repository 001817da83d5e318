"""Checklist files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from audit_portal import config, wiring
from audit_portal.cli.base import open_house


@click.group()
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

    for each in service.publish_all(open_house()):
        click.echo(f"published {each}")


@checklists.command("list")
def checklists_list() -> None:
    """What is published."""
    from audit_portal.services import checklists as service

    for each in service.published(open_house()):
        click.echo(f"{each.checklist} {each.version} {each.sha256}")
