"""Engines of one kind share what SQLAlchemy compiled: each test has a database of its own, and compiling the
same statements for each took a quarter of the suite's time.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from audit_portal.storage import transaction

_own_engine = transaction._engine
_shared: dict[str, tuple[sa.Dialect, Any]] = {}


def _engine(url: sa.URL) -> sa.Engine:
    engine = _own_engine(url)
    kind = engine.dialect.name
    if kind in _shared:  # the cache's keys hold the dialect itself
        engine.dialect, engine._compiled_cache = _shared[kind]
        engine.pool._dialect = engine.dialect
    else:
        with engine.connect():  # now the dialect knows its server
            _shared[kind] = (engine.dialect, engine._compiled_cache)
    return engine


def share() -> None:
    transaction._engine = _engine
