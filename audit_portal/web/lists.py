"""Lists on pages: the place in them and the search, as they stand in the address."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from audit_portal.domain import limits
from audit_portal.web.fields import clean_line

_KEY = 2 * limits.LINE


def page_key() -> str | None:
    """Where the page of a list begins: `after` of the address, without what no database takes."""
    return (clean_line(request.args.get("after")) or "")[:_KEY] or None


def search() -> str:
    """What is looked for: `q` of the address."""
    return (clean_line(request.args.get("q")) or "")[: limits.NAME]


def page_urls(endpoint: str, next_key: str | None, **args: Any) -> dict[str, str | None]:
    """`next_url` and `first_url` for the pagination macro."""
    kept = {name: value for name, value in args.items() if value}
    return {
        "next_url": url_for(endpoint, after=next_key, **kept) if next_key else None,
        "first_url": url_for(endpoint, **kept) if request.args.get("after") else None,
    }
