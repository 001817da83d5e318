"""The command line: thin entry points over services. Exit status 0 good, 1 something is wrong, 2 wrong use."""

from __future__ import annotations

import click

from audit_portal.cli import (
    backups,
    checklists,
    evidence,
    installation,
    ledger,
    reports,
    routes,
    sample,
    users,
)
from audit_portal.cli.base import Portal


@click.group(cls=Portal)
@click.version_option(package_name="audit-portal")
def main() -> None:
    """Audit Portal: supervise the vendors that handle personal data for you."""


for each in (
    installation.init,
    installation.serve,
    installation.worker,
    installation.upgrade,
    users.user,
    checklists.checklists,
    evidence.evidence,
    backups.backup_command,
    backups.restore_command,
    reports.report,
    ledger.ledger,
    sample.sample,
    routes.routes,
):
    main.add_command(each)
