"""Pages stay flat: a list of 20 among 100 and among 10,000 vendors; saving one answer takes few queries."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import insert
from uuid6 import uuid7

from audit_portal.app import create_app
from audit_portal.domain.access import system
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.events.system import SampleLoaded
from audit_portal.services.assessments import answers, assessment_view, sending
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.storage.tables.supervision import Party, PartyKind
from tests import databases
from tests.benchmarks.figures import Figure, counted, median_seconds
from tests.benchmarks.sheets import long_checklist
from tests.clock import SetClock
from tests.factories.house import People, context, make_house, people
from tests.factories.world import send, short_checklists, work
from tests.web.client import Browser

FEW, MANY = 100, 10_000


def _filled(kind: str, vendors: int) -> tuple[House, People]:
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    clock = SetClock()
    url = databases.sqlite_url(folder) if kind == "sqlite" else databases.postgres_url()
    house = short_checklists(make_house(url, folder / "instance", clock), folder)
    everyone = people(house)
    kept = {
        "version": 1,
        "created_at": clock.now(),
        "created_by": "bench",
        "updated_at": clock.now(),
        "updated_by": "bench",
    }
    rows = [
        {"id": uuid7(), "number": f"B-{n:06d}", "kind": PartyKind.VENDOR, "name": f"株式会社試験{n:05d}",
         "kana": f"シケン{n:05d}", "country": "JP", "address": "", "entrusting_entity": "", **kept}
        for n in range(vendors - 1)
    ]  # fmt: skip
    with house.db.begin(system("bench")) as tx:
        tx.session.execute(insert(Party), rows, execution_options={"_house": True})
        tx.record(SampleLoaded(parties=len(rows), accounts=0))
    return house, everyone


def run(kind: str) -> Iterator[Figure]:
    """`kind`: sqlite or postgres."""
    yield from of_100_items(kind)
    times, queries = {}, {}
    for vendors in (FEW, MANY):
        house, everyone = _filled(kind, vendors)
        browser = Browser(create_app(house, "bench"), house).sign_in(everyone.officer)
        times[vendors] = median_seconds(lambda b=browser: b.get("/vendors"), runs=60)  # type: ignore[misc]
        with counted(house.db.engine) as found:
            browser.get("/vendors")
        queries[vendors] = len(found)
        if vendors == MANY:
            yield from _one_answer(kind, house, everyone)
        house.db.dispose()
    yield Figure(f"{kind}: list of 20, median of {MANY} against {FEW} vendors", times[MANY] / times[FEW], 1.3)
    yield Figure(
        f"{kind}: list of 20, queries more than among {FEW} vendors", queries[MANY] - queries[FEW], 0
    )
    yield Figure(f"{kind}: list of 20, queries", queries[MANY])
    yield Figure(f"{kind}: list of 20 among {MANY} vendors, milliseconds", times[MANY] * 1000)


def _one_answer(kind: str, house: House, everyone: People) -> Iterator[Figure]:
    officer, lead = context(house, everyone.officer), context(house, everyone.vendor_lead)
    assessment_id = send(officer, engagements.register(officer, everyone.vendor_id, work()))
    item = assessment_view.get_assessment(lead, assessment_id).mine[0]
    version = answers.save(lead, assessment_id, item.code, Written(AnswerValue.YES, "一"), item.version)
    with counted(house.db.engine) as found:
        answers.save(lead, assessment_id, item.code, Written(AnswerValue.YES, "二"), version)
    yield Figure(f"{kind}: queries to save one answer (session not counted)", len(found), 5)
    browser = Browser(create_app(house, "bench"), house).sign_in(everyone.vendor_lead)
    page = f"/assessments/{assessment_id}/items/{item.code}"
    token = browser.get(page) and _token(browser, page)
    data = {"csrf_token": token, "version": version + 1, "value": "yes", "comment": "三"}
    with counted(house.db.engine) as found:
        response = browser.client.post(
            f"{page}/draft",
            data=data,
            base_url="http://127.0.0.1:8000",
            headers={"Accept": "application/json"},
        )
    if response.status_code != 200:
        raise RuntimeError(response.get_data(as_text=True))
    yield Figure(f"{kind}: queries to save one answer, the whole request", len(found), 6)


def of_100_items(kind: str) -> Iterator[Figure]:
    """The queries of the page of a check with 100 items, for who answers and for who reviews."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    url = databases.sqlite_url(folder) if kind == "sqlite" else databases.postgres_url()
    house = long_checklist(make_house(url, folder / "instance", SetClock()), folder, 100)
    everyone = people(house)
    officer = context(house, everyone.officer)
    engagement_id = engagements.register(officer, everyone.vendor_id, work())
    found = next(each for each in sending.sendable(officer) if each.title["ja"] == "長い確認")
    assessment_id = sending.send(officer, engagement_id, SendOrder(found.id, house.today()))
    for who in ("vendor_lead", "officer"):
        browser = Browser(create_app(house, "bench"), house).sign_in(getattr(everyone, who))
        browser.get(f"/assessments/{assessment_id}")  # what a process asks for once it has asked for now
        with counted(house.db.engine) as queries:
            answer = browser.get(f"/assessments/{assessment_id}")
        if "QSL-100" not in answer.get_data(as_text=True):
            raise RuntimeError("the page lacks items")
        yield Figure(f"{kind}: page of a check of 100 items as {who}, queries", len(queries), 12)
    house.db.dispose()


def _token(browser: Browser, page: str) -> str:
    from tests.web.client import csrf_token

    return csrf_token(browser.client, page)
