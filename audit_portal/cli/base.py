"""What every command leans on: faults told in one line, or as JSON, and the house of this installation."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from audit_portal import config, wiring
from audit_portal.domain.errors import PortalError
from audit_portal.services.house import House


class Portal(click.Group):
    """Says what is wrong in one line instead of a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PortalError as error:
            click.echo(f"audit-portal: {error.code}: {_facts(error)}", err=True)
            sys.exit(1)


def _facts(error: PortalError) -> str:
    mend = error.facts.get("mend")
    rest = ", ".join(f"{name} {value}" for name, value in error.facts.items() if name != "mend")
    return rest + (f"; {'run' if str(mend).startswith('audit-portal') else 'mend'}: {mend}" if mend else "")


@contextlib.contextmanager
def answering(as_json: bool) -> Iterator[None]:
    """What keeps a check from being made at all is told in the same JSON form, on request."""
    try:
        yield
    except PortalError as error:
        if not as_json:
            raise
        problem = {"code": error.code, **{name: str(value) for name, value in error.facts.items()}}
        click.echo(json.dumps({"ok": False, "problems": [problem]}, ensure_ascii=False))
        sys.exit(1)


def open_house(**more: Any) -> House:
    return wiring.build(config.load(), **more)
