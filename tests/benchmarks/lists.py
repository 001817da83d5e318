"""The lists of vendors, engagements and assessments stay flat: among 10,000 vendors with 100,000 assessments as
among 100, for who sees everything and for who sees a few."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from uuid6 import uuid7

from audit_portal.app import create_app
from audit_portal.domain.access import Level, system
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.checklist import Tier
from audit_portal.domain.events.system import SampleLoaded
from audit_portal.domain.search import key_of
from audit_portal.domain.supervision import Classification, State, WorkKind
from audit_portal.services.assessments import sending
from audit_portal.services.house import House
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.tables.search import SearchKey
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party, PartyKind, Reach
from tests import databases
from tests.benchmarks.figures import Figure, counted, median_seconds
from tests.clock import SetClock
from tests.factories.house import People, context, make_house, people
from tests.factories.world import short_checklists
from tests.web.client import Browser

FEW, MANY, CHECKS = 100, 10_000, 100_000
NEAR = 40  # engagements of the vendor lead and of the auditor, however many there are
RARE = "ｼｹﾝ00099"  # one vendor's, among few as among many …
SCANNED = 2  # … found by reading every key once: no database's extension for it is taken for granted
PAGES = {
    "officer": (
        "/vendors",
        "/engagements",
        "/assessments",
        "/vendors?q=シケン",
        f"/vendors?q={RARE}",
        f"/engagements?q={RARE}",
        f"/assessments?q={RARE}",
        "/assessments?all=1&sort=newest",
    ),
    "vendor_lead": ("/engagements", "/assessments"),
    "auditor": ("/engagements", "/assessments"),
}


def run(kind: str) -> Iterator[Figure]:
    """`kind`: sqlite or postgres."""
    houses = {many: _filled(kind, many, checks) for many, checks in ((FEW, FEW), (MANY, CHECKS))}
    gc.collect()
    for who, pages in PAGES.items():
        browsers = {
            many: Browser(create_app(house, "bench"), house).sign_in(getattr(everyone, who))
            for many, (house, everyone) in houses.items()
        }
        for page in pages:
            times, queries = {}, {}
            for _turn in range(3):  # in turns: what else runs slows both
                for many, browser in browsers.items():
                    took = median_seconds(lambda b=browser, p=page: b.get(p), runs=15)  # type: ignore[misc]
                    times[many] = min(took, times.get(many, took))
            for many, browser in browsers.items():
                with counted(houses[many][0].db.engine) as found:
                    browser.get(page)
                queries[many] = len(found)
            told = f"{kind}: {page} as {who}"
            limit = SCANNED if RARE in page else 1.3
            yield Figure(
                f"{told}, {MANY} vendors and {CHECKS} checks against {FEW}", times[MANY] / times[FEW], limit
            )
            yield Figure(f"{told}, queries more than among {FEW}", queries[MANY] - queries[FEW], 0)
            yield Figure(f"{told}, queries", queries[MANY])
    for house, _everyone in houses.values():
        house.db.dispose()


def _filled(kind: str, vendors: int, checks: int) -> tuple[House, People]:
    """Each vendor with one engagement and its running check; what is left over, decided, is dealt out to those that
    the vendor lead and the auditor don't see."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    url = databases.sqlite_url(folder) if kind == "sqlite" else databases.postgres_url()
    house = short_checklists(make_house(url, folder / "instance", SetClock()), folder)
    everyone = people(house)
    version_id = sending.sendable(context(house, everyone.officer))[0].id
    kept = _kept(house)
    own = [everyone.vendor_id] * NEAR
    ids = [*own, *(uuid7() for _ in range(vendors - NEAR))]
    works = [uuid7() for _ in ids]
    parties = [
        {"id": each, "number": f"B-{n:06d}", "kind": PartyKind.VENDOR, "name": f"株式会社試験{n:05d}",
         "kana": f"シケン{n:05d}", "country": "JP", "address": "", "entrusting_entity": "", **kept}
        for n, each in enumerate(ids) if n >= NEAR
    ]  # fmt: skip
    pairs = list(zip(works, ids, strict=True))
    with house.db.begin(system("bench")) as tx:
        connection = tx.session.connection()
        _insert(connection, Party, parties)
        _insert(connection, EngagementLink, [_link(n, *pair, everyone, kept) for n, pair in enumerate(pairs)])
        _insert(connection, Engagement, [_work(*pair, everyone, kept) for pair in pairs])
        _insert(connection, Reach, list(_reach(pairs, everyone)))
        rows = (
            _check(n, _dealt(pairs, n), n < vendors, version_id, house, everyone, kept) for n in range(checks)
        )
        _insert(connection, Assessment, list(rows))
        _keys(connection)
        tx.record(SampleLoaded(parties=len(parties), accounts=0))
    if kind == "postgres":  # its own housekeeping would do this within a minute
        with house.db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
    return house, everyone


def _kept(house: House) -> dict[str, Any]:
    now = house.clock.now()
    return {"version": 1, "created_at": now, "created_by": "bench", "updated_at": now, "updated_by": "bench"}


def _insert(connection: sa.Connection, cls: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Rows with the defaults of their table, past history and ledger: nothing here asks for them."""
    defaults = {
        name: each.get_default(call_default_factory=True)
        for name, each in cls.model_fields.items()
        if not each.is_required() and name != "id"
    }
    connection.execute(sa.insert(cls.__table__), [{**defaults, **row} for row in rows])


def _keys(connection: sa.Connection) -> None:
    """What searches look into, of what was inserted past the transaction that writes it."""
    for cls in (Party, EngagementLink, Engagement):
        kind, table = str(cls.__tablename__), cls.__table__  # type: ignore[attr-defined]
        known = sa.select(SearchKey.row_id).where(SearchKey.kind == kind)  # type: ignore[call-overload]
        found = connection.execute(sa.select(table).where(table.c.id.not_in(known))).mappings()
        rows = [{"kind": kind, "row_id": row["id"], "text": key_of(kind, row)} for row in found]
        _insert(connection, SearchKey, rows)


def _link(n: int, work_id: UUID, vendor_id: UUID, everyone: People, kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": work_id, "number": f"BE-{n:06d}", "principal_id": everyone.client_id, "vendor_id": vendor_id,
        "tier": 1, "state": State.LIVE, "risk_tier": Tier.LOW, "valid_from": kept["created_at"].date(), **kept,
    }  # fmt: skip


def _work(work_id: UUID, vendor_id: UUID, everyone: People, kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": work_id, "principal_id": everyone.client_id, "vendor_id": vendor_id, "title": "案内の発送",
        "work_kind": WorkKind.BPO, "purpose": "案内", "data_categories": "氏名", "persons": 900,
        "classification": Classification.ENTRUSTMENT, "classification_reason": "任せる", "conditions": [], **kept,
    }  # fmt: skip


def _reach(pairs: Sequence[tuple[UUID, UUID]], everyone: People) -> Iterator[dict[str, Any]]:
    for place, (work_id, vendor_id) in enumerate(pairs):
        yield {"engagement_id": work_id, "subject_id": vendor_id, "level": Level.OWN}
        yield {"engagement_id": work_id, "subject_id": everyone.client_id, "level": Level.REVIEWER}
        if place < NEAR:
            yield {"engagement_id": work_id, "subject_id": everyone.auditor, "level": Level.ASSIGNED}


def _dealt(pairs: Sequence[tuple[UUID, UUID]], n: int) -> tuple[UUID, UUID]:
    return pairs[n] if n < len(pairs) else pairs[NEAR + n % (len(pairs) - NEAR)]


def _check(
    n: int, pair: tuple[UUID, UUID], running: bool, version_id: UUID, house: House, everyone: People,
    kept: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    work_id, vendor_id = pair
    return {
        "id": uuid7(), "number": f"BA-{n:06d}", "engagement_id": work_id, "principal_id": everyone.client_id,
        "vendor_id": vendor_id, "kind": AssessmentKind.SELECTION, "checklist_version_id": version_id,
        "state": AssessmentState.SENT if running else AssessmentState.DECIDED, "risk_tier": Tier.LOW,
        "conditions": [], "due_on": house.today() + timedelta(days=n % 60), "message": "", "contact": {}, **kept,
    }  # fmt: skip
