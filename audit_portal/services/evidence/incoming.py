"""A file streaming in: sealed piece by piece, its object durable before the row that names it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.evidence import Intake, Received
from audit_portal.services.evidence import vault
from audit_portal.services.evidence.vault import Deposit, Locator
from audit_portal.services.house import Context


class Incoming(ABC):
    """One file on its way in; left without `finish`, it leaves nothing behind.

    A subclass refuses on construction what can be refused early, and says in `_record` what the file is for.
    """

    def __init__(
        self,
        ctx: Context,
        owner_id: UUID,
        name: str,
        expected: int | None,
        object_id: UUID | None = None,
        number: int = 1,
    ) -> None:
        self._ctx = ctx
        self._deposit = Deposit(ctx.house, "evidence", object_id or uuid7(), number, owner_id)
        try:
            self._intake = Intake(self._deposit.sealer, name, ctx.house.settings.evidence_max, expected)
        except BaseException:
            self.abort()
            raise

    @property
    def _at(self) -> Locator:
        return self._deposit.locator

    def write(self, data: bytes | memoryview) -> None:
        self._intake.write(data)

    def finish(self) -> UUID:
        """Commits object and rows; returns the id of what it became. Raises Invalid for what the content shows."""
        with self._deposit:
            return self._record(vault.receive(self._deposit, self._intake))

    @abstractmethod
    def _record(self, received: Received) -> UUID:
        """Writes the rows, in one transaction."""

    def abort(self) -> None:
        self._deposit.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()
