"""Set-up, serving, moving to a new version."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from audit_portal import config, wiring
from audit_portal.cli.base import open_house
from audit_portal.domain.errors import Misconfigured
from audit_portal.services.accounts import setup
from audit_portal.services.house import House
from audit_portal.storage import schema


@click.command()
@click.option("--quiet", is_flag=True, help="Don't print a set-up link.")
def init(quiet: bool) -> None:
    """Keys, database, trust files; prints a one-time set-up link. Harmless twice."""
    settings = config.load()
    wiring.prepare_files(settings)
    db = wiring.database(settings)
    if schema.current(db) is None:
        schema.migrate(db)
    db.dispose()
    house = open_house()
    setup.prepare(house)
    _publish_all(house)
    if not quiet and (link := setup.setup_link(house)):
        click.echo(f"Open this link once, within 24 hours, to set up the first administrator:\n  {link}")


def _publish_all(house: House) -> None:
    from audit_portal.services import checklists

    checklists.publish_all(house)


@click.command()
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


@click.command()
def worker() -> None:
    """Jobs, reminders, checkpoints."""
    from audit_portal import worker as process

    house = open_house()
    setup.check_keys(house)
    process.run(house.settings, house)


@click.command()
def upgrade() -> None:
    """Backs up, migrates, checks."""
    from audit_portal.services import backup, upgrading

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
    upgrading.move_on(db)
    click.echo(f"upgraded to {schema.head()}; the backup from before is in {target}")
