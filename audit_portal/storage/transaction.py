"""The one way to the database: a transaction that knows its actor, its scope and its duty to the ledger.

`begin` writes, `read` only reads. On commit, in this order: rows are flushed, their versions go to the
history, the events (with a commitment to every changed row) become ledger entries, and the ledger's lock
is taken last. A change of a recorded table without an event doesn't commit.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session
from uuid6 import uuid7

from audit_portal.config import TOKYO
from audit_portal.domain.access import Actor
from audit_portal.domain.errors import Conflict, Invalid, NotFound, Unavailable
from audit_portal.domain.events.event import Event
from audit_portal.domain.events.event import plain as plain_fact
from audit_portal.domain.ledger import canonical
from audit_portal.domain.search import SEARCHED, key_of
from audit_portal.ports import Clock
from audit_portal.storage import bulk, scope, search_keys
from audit_portal.storage.ledger_append import NewEntry, append
from audit_portal.storage.tables.base import Identified, Kept, Ledger, Row
from audit_portal.storage.tables.system import History, Idempotency, JobState, Outbox

T = TypeVar("T")

_PLAIN = frozenset({str, int, bool, type(None)})  # stand in the ledger as they are


class Unrecorded(RuntimeError):
    """A recorded table changed and no event was recorded: nothing is committed."""


class Database:
    """The engine with the house's settings. One per process."""

    def __init__(self, url: str, clock: Clock, zone: ZoneInfo = TOKYO) -> None:
        self.url = sa.make_url(url)
        self.clock = clock
        self.zone = zone
        self.engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def kind(self) -> str:
        return str(self.engine.dialect.name)

    def _transaction(self, session: Session, actor: Actor) -> Transaction:
        now = self.clock.now()
        return Transaction(session, actor, now, now.astimezone(self.zone).date())

    @contextlib.contextmanager
    def begin(self, actor: Actor, idempotency_key: str | None = None) -> Iterator[Transaction]:
        """A writing transaction; commits on leaving, rolls back on any exception."""
        with self._session(actor, writes=True) as session:
            tx = self._transaction(session, actor)
            session.info["tx"] = tx
            try:
                if idempotency_key and (actor.account_id or actor.by):
                    tx.once(idempotency_key)
                yield tx
                tx.commit()
            except StaleDataError as error:
                raise Conflict("changed_meanwhile") from error
            except IntegrityError as error:
                raise _as_conflict(error) from error
            except DataError as error:  # PostgreSQL: too long, or a NUL from an address
                raise Invalid("value_not_storable") from error
            except OperationalError as error:
                if _is_full(error):
                    raise Unavailable("database_full") from error
                raise

    @contextlib.contextmanager
    def read(self, actor: Actor) -> Iterator[Transaction]:
        """A reading transaction; an attempt to flush a change raises."""
        with self._session(actor, writes=False) as session:
            tx = self._transaction(session, actor)
            session.info["tx"] = tx
            try:
                yield tx
            except DataError as error:  # PostgreSQL: no row has a NUL in it
                raise NotFound() from error

    @contextlib.contextmanager
    def _session(self, actor: Actor, writes: bool) -> Iterator[Session]:
        if actor is None:
            raise scope.Unscoped("a transaction needs an actor")
        bind = self.engine.execution_options(house_writes=writes)
        with Session(bind, expire_on_commit=False, autoflush=writes) as session:
            session.info["actor"] = actor
            session.info["writes"] = writes
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


class Transaction:
    """What storage queries and services hold while they work. Services use its methods only."""

    def __init__(self, session: Session, actor: Actor, now: datetime, today: date) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.today = today  # in the installation's zone
        self._events: list[Event] = []
        self._changes: dict[tuple[str, UUID], list[Any]] = {}
        self._keys: dict[tuple[str, UUID], str] = {}  # what searches look into, of the rows that changed
        self._recorded_table_changed = False
        self.sent_jobs = False
        self._memory: dict[Hashable, Any] = {}

    @property
    def writes(self) -> bool:
        return bool(self.session.info["writes"])

    def remembered(self, key: Hashable, load: Callable[[], T]) -> T:
        """What a page asks for in several places is read once; where rows may change it is read each time.

        Nobody changes what comes back.
        """
        if self.writes:
            return load()
        if key not in self._memory:
            self._memory[key] = load()
        found: T = self._memory[key]
        return found

    def add(self, row: Row) -> None:
        self.session.add(row)

    def remove(self, row: Row) -> None:
        self.session.delete(row)

    def flush(self) -> None:
        self.session.flush()

    def record(self, happened: Event) -> None:
        """Puts an event into the ledger with this transaction."""
        self._events.append(happened)

    def send(self, kind: str, key: str, payload: dict[str, Any], run_after: datetime | None = None) -> None:
        """Leaves a job in the outbox; the same key twice is a Conflict."""
        self.sent_jobs = True
        self.session.add(
            Outbox(
                kind=kind,
                key=key,
                payload=payload,
                state=JobState.WAITING,
                run_after=run_after or self.now,
                created_at=self.now,
            )
        )

    def once(self, key: str) -> None:
        """Takes a form's idempotency key, for who pressed: the system too acts for somebody.

        Raises Conflict('already_done') when it was used before.
        """
        who = self.actor.account_id or self.actor.by
        self.session.add(Idempotency(account_id=who, key=key, created_at=self.now))
        try:
            self.session.flush()
        except IntegrityError as error:
            raise Conflict("already_done", key=key) from error

    def changed(self, row: Row, version: int, body: dict[str, Any]) -> None:
        """Called by the flush hook for every kept row: remembers its version and commits to its body."""
        self.committed_to(str(row.__tablename__), row.id, version, body)  # type: ignore[attr-defined]

    def committed_to(self, kind: str, row_id: UUID, version: int, body: dict[str, Any]) -> None:
        """Remembers what a row of this kind says at this version, for history and ledger."""
        self._changes[kind, row_id] = [kind, version, secrets.token_bytes(16), canonical(body)]
        if kind in SEARCHED:
            self._keys[kind, row_id] = key_of(kind, body)

    def note_change(self, cls: type[Row]) -> None:
        if cls.__ledger__ is Ledger.RECORDED:
            self._recorded_table_changed = True

    def commit(self) -> None:
        self.session.flush()
        if self._recorded_table_changed and not self._events:
            raise Unrecorded("a recorded table changed without a ledger entry")
        commitments = self._write_history()
        self._write_keys()
        if self._events:
            append(self.session.connection(), self._entries(commitments), self.now)
        self.session.info["committing"] = True
        self.session.commit()

    def _write_history(self) -> list[list[Any]]:
        rows, commitments = [], []
        for (kind, row_id), (_, version, salt, data) in self._changes.items():
            rows.append(
                {
                    "kind": kind,
                    "row_id": row_id,
                    "row_version": version,
                    "recorded_at": self.now,
                    "actor": self.actor.label,
                    "salt": salt,
                    "body": data,
                }
            )
            commitments.append([kind, str(row_id), version, hashlib.sha256(salt + data).hexdigest()])
        if rows:
            bulk.insert(self.session.connection(), History.__table__, rows)  # type: ignore[attr-defined]
        return commitments

    def _write_keys(self) -> None:
        if self._keys:
            known = frozenset(key for key in self._keys if self._changes[key][1] > 1)
            search_keys.write(self.session.connection(), self._keys, known)

    def _entries(self, commitments: list[list[Any]]) -> list[NewEntry]:
        entries = []
        for position, happened in enumerate(self._events):
            body = {
                "v": 1,
                "id": str(uuid7()),
                "at": self.now.isoformat(timespec="milliseconds"),
                "actor": self.actor.label,
                "event": happened.name,
                "engagement": str(happened.engagement_id) if happened.engagement_id else None,
                "facts": happened.facts(),
            }
            if position == 0 and commitments:
                body["rows"] = commitments  # every changed row of this transaction, by salted digest
            entries.append(NewEntry(happened.name, self.actor.label, happened.engagement_id, canonical(body)))
        return entries


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A deferred BEGIN that later writes fails under load; a writer says so at once.
        writes = connection.get_execution_options().get("house_writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _is_full(error: OperationalError) -> bool:
    """No room left on the database's disk: SQLITE_FULL, or PostgreSQL's 53100."""
    told = error.orig
    return getattr(told, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(told, "sqlstate", "") == "53100"


def _as_conflict(error: IntegrityError) -> Conflict:
    text = str(error.orig)
    return Conflict("taken", constraint=text[:200])


def body_of(row: Row) -> dict[str, Any]:
    """A row as canonical JSON values."""
    return plain_values({name: getattr(row, name) for name in row.__class__.model_fields})


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as canonical JSON values; bytes as digests: keys and PDFs don't belong in history."""
    return {
        name: value
        if type(value) in _PLAIN
        else plain_fact(hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value)
        for name, value in values.items()
    }


@event.listens_for(Session, "do_orm_execute")
def _scope(state: Any) -> None:
    scope.enforce(state)
    if state.is_select or state.execution_options.get("_house"):
        return
    tx = state.session.info.get("tx")
    if tx is None or not state.session.info.get("writes"):
        raise scope.Unscoped("a change needs a writing transaction")
    tx.note_change(state.bind_mapper.class_)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    if session.info.get("writes") and not session.info.pop("committing", False):
        raise Unrecorded("only Transaction.commit() commits: it is what writes history and ledger")


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    tx: Transaction | None = session.info.get("tx")
    changed = [row for row in session.dirty if session.is_modified(row)]
    if not (session.new or changed or session.deleted):
        return
    if tx is None or not session.info.get("writes"):
        raise scope.Unscoped("a change needs a writing transaction")
    for row in session.deleted:
        if not row.__deletable__:
            raise Unrecorded(f"{type(row).__name__} is never deleted")
        tx.note_change(type(row))
    for row in session.new:
        if isinstance(row, Kept):
            row.created_at = row.updated_at = tx.now
            row.created_by = row.updated_by = tx.actor.label
    for row in changed:
        if isinstance(row, Kept):
            row.updated_at, row.updated_by = tx.now, tx.actor.label
        elif row.__ledger__ is Ledger.RECORDED:
            raise Unrecorded(f"{type(row).__name__} never changes")
    told = tuple(row for row in (*session.new, *changed) if not is_draft(row))
    for row in told:
        tx.note_change(type(row))
    session.info["flushing"] = told  # `dirty` also holds rows that were set to what they were


@event.listens_for(Session, "after_flush")
def _after_flush(session: Session, _context: Any) -> None:
    tx: Transaction = session.info["tx"]
    for row in session.info.pop("flushing", ()):
        if isinstance(row, Identified) and row.__ledger__ is Ledger.RECORDED and row.__history__:
            tx.changed(row, getattr(row, "version", 1), body_of(row))


def is_draft(row: Any) -> bool:
    """Drafts of answers change with every key stroke and are listed exempt in design.md; opening a
    submitted one again is not."""
    name = getattr(type(row), "__drafts__", None)
    if not name:
        return False
    before = sa.inspect(row).attrs[name].history.deleted
    return all((*before, getattr(row, name)))
