"""Accounts."""

from __future__ import annotations

import click

from audit_portal.cli.base import open_house
from audit_portal.domain.access import Role
from audit_portal.services.accounts import invitations
from audit_portal.services.accounts.accounts import NewPerson


@click.group()
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
    house = open_house()
    link = invitations.add_by_operator(
        house,
        NewPerson(name=name or email, email=email, roles=frozenset(Role(role) for role in roles)),
        vendor,
    )
    click.echo(link)
