"""Sealed objects: a fresh data key for each, wrapped by its class key; used for evidence and for reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain import sealing
from audit_portal.domain.access import system
from audit_portal.domain.errors import Invalid, Misconfigured, PortalError
from audit_portal.domain.evidence import Intake, Received, class_key_id
from audit_portal.domain.sealing import Sealed, Sealer
from audit_portal.ports import ObjectSink
from audit_portal.services.house import House
from audit_portal.storage import assessments
from audit_portal.storage.tables.assessments import EvidenceVersion, ReportFile

RETENTION_CLASS = "supervision"
_SYSTEM = system("vault")


@dataclass(frozen=True)
class Locator:
    """All that opens a sealed object again, but for the class key."""

    object_id: UUID
    number: int
    owner_id: UUID
    store_key: str
    class_key_id: str
    wrapped_key: bytes


def locator(row: EvidenceVersion | ReportFile, owner_id: UUID) -> Locator:
    """Where a stored version of an evidence (owner: whose file it is) or of a report (the vendor) lies."""
    object_id = row.evidence_id if isinstance(row, EvidenceVersion) else row.report_id
    return Locator(object_id, row.number, owner_id, row.store_key, row.class_key_id, row.wrapped_key)


def _class_key(house: House, class_id: str) -> bytes:
    """The class key; made anew only when nothing was ever sealed under it, so that a lost one is noticed."""
    with house.db.read(_SYSTEM) as tx:
        used = assessments.class_key_used(tx, class_id)
    return house.class_keys.get(class_id) if used else house.class_keys.get_or_create(class_id)


class Deposit:
    """One object on its way in. Leaving it without `commit()` leaves nothing behind."""

    def __init__(self, house: House, folder: str, object_id: UUID, number: int, owner_id: UUID) -> None:
        data_key = sealing.new_data_key()
        class_id = class_key_id(owner_id, RETENTION_CLASS, None)
        aad = sealing.data_key_aad(class_id, owner_id, object_id, number)
        # The last part is new each time: what a crash left behind is never in the way of trying again.
        self.locator = Locator(
            object_id,
            number,
            owner_id,
            f"{folder}/{object_id}/{number}/{uuid7()}",
            class_id,
            sealing.wrap_key(_class_key(house, class_id), data_key, aad),
        )
        self._sink: ObjectSink = house.store.create(self.locator.store_key)
        self.sealer = Sealer(self._sink, data_key, sealing.evidence_context(object_id, number))
        self._house = house
        self._done = False

    def commit(self) -> None:
        """The object is durable from here on; the row that names it follows."""
        self._sink.commit()
        self._done = True

    def __enter__(self) -> Deposit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._done:
            self._sink.abort()
        elif isinstance(error, PortalError):
            self._house.store.delete(self.locator.store_key)  # the row didn't come: nobody will ever open it
        # After any other error (a connection lost in the commit) the row may be there: then its object must
        # be too. If it isn't, `evidence verify` names the orphan.


def seal_bytes(deposit: Deposit, content: bytes) -> Sealed:
    """Seals a whole content that is in memory anyway (a rendered report)."""
    deposit.sealer.write(content)
    sealed = deposit.sealer.finish()
    deposit.commit()
    return sealed


def receive(deposit: Deposit, intake: Intake) -> Received:
    """Ends an upload: all bytes are there and of an accepted kind, and the object is durable."""
    received = intake.finish()
    deposit.commit()
    return received


def open_key(house: House, at: Locator) -> bytes:
    """The data key. Raises Misconfigured when the class key is missing or another one."""
    aad = sealing.data_key_aad(at.class_key_id, at.owner_id, at.object_id, at.number)
    return sealing.unwrap_key(house.class_keys.get(at.class_key_id), at.wrapped_key, aad, at.class_key_id)


@contextmanager
def reading(house: House, at: Locator, size: int) -> Iterator[Iterator[bytes]]:
    """The plaintext in pieces. Raises Invalid('evidence_damaged') before the first byte when key, header or
    length don't fit, Misconfigured('object_missing') when the object is gone."""
    key = open_key(house, at)
    try:
        opened = house.store.open(at.store_key)
        with opened as stream:
            sealed_size = house.store.size(at.store_key)
            if sealing.plain_size(sealed_size) != size:
                raise Invalid("evidence_damaged")
            context = sealing.evidence_context(at.object_id, at.number)
            yield sealing.read_range(stream, sealed_size, key, context, 0, size)
    except KeyError as error:
        raise Misconfigured("object_missing", key=at.store_key) from error


def read_bytes(house: House, at: Locator, size: int) -> bytes:
    with reading(house, at, size) as pieces:
        return b"".join(pieces)
