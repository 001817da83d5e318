"""The sample company."""

from __future__ import annotations

import json

import click

from audit_portal.cli.base import answering, open_house


@click.group()
def sample() -> None:
    """The sample company."""


@sample.command("load")
@click.option("--json", "as_json", is_flag=True)
def sample_load(as_json: bool) -> None:
    """Loads the sample company into an empty instance; prints its accounts and signing passphrases."""
    from audit_portal.services import sample as service

    with answering(as_json):
        people = service.load(open_house())
    if as_json:
        click.echo(
            json.dumps({"ok": True, "accounts": [vars(person) for person in people]}, ensure_ascii=False)
        )
        return
    for person in people:
        signing = f"  signing passphrase: {person.passphrase}" if person.passphrase else ""
        click.echo(f"{person.email:34} {person.password}   {person.what}{signing}")
