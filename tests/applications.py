"""Applications share what was compiled for the first: each test makes one of its own, and compiling the same
templates and addresses for each took most of the time of a page's test.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from audit_portal.web import look

_own_dress = look.dress
_own_builder = Rule._compile_builder
_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


class _Templates(BytecodeCache):
    """Kept for the test process; a template that changed has another checksum and is compiled."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_templates = _Templates()


def _dress(app: Flask) -> None:
    _own_dress(app)
    app.jinja_env.bytecode_cache = _templates


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What writes a rule's addresses: made of its parts alone, and given the rule when called."""
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if rule.defaults:
        return _own_builder(rule, append_unknown)
    if key not in _builders:
        _builders[key] = _own_builder(rule, append_unknown)
    return _builders[key]


def share() -> None:
    look.dress = _dress
    Rule._compile_builder = _builder  # type: ignore[method-assign]
