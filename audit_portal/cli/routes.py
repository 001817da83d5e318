"""The route map."""

from __future__ import annotations

import json

import click

from audit_portal import config
from audit_portal.cli.base import answering


@click.command()
@click.option("--json", "as_json", is_flag=True)
def routes(as_json: bool) -> None:
    """Method, path, endpoint, permission and roles of every page."""
    from audit_portal.domain.access import ROLES
    from audit_portal.server import application
    from audit_portal.web.guard import permissions

    with answering(as_json):
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
