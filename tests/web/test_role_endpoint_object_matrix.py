"""Every role × endpoint × object, from the live route map: nothing is allowed by default, nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from audit_portal.app import create_app
from audit_portal.domain.access import ROLES, VENDOR, Permission, Role
from audit_portal.services.house import House
from audit_portal.web.guard import Guarded, permissions, seal
from tests.factories.world import Inside, Thread, World, world_in
from tests.web.client import BASE_URL, Browser, csrf_token

# A contributor reaches only what was delegated; nothing is, in this world.
DELEGATED_ONLY = frozenset({Role.VENDOR_CONTRIBUTOR})
WHOLE_REGISTER = frozenset({Role.OFFICER, Role.APPROVER, Role.ADMIN})
ROWS = (*(frozenset({role}) for role in Role), frozenset({Role.OFFICER, Role.ADMIN}))
FOUND_BY_NOBODY = {"code", "job_id", "certificate_id", "token"}  # alone they lead to nothing in this world
KINDS_OF_OWN = {"code", "kind", "token"}  # names within their parent: the same under every parent

INSIDE = {each.name for each in fields(Inside)}

# Who may use an endpoint at all: written a second time, by hand, so that a route can't be given the wrong permission.
_O, _P, _W, _A = Role.OFFICER, Role.APPROVER, Role.OWNER, Role.AUDITOR
_L, _C, _ADMIN = Role.VENDOR_LEAD, Role.VENDOR_CONTRIBUTOR, Role.ADMIN
WHO: dict[frozenset[Role], str] = {
    frozenset(
        Role
    ): "home.home home.tasks account.enrol account.password account.remove_factor account.settings"
    " account.sign_out_everywhere sign_in.sign_out",
    frozenset({_ADMIN}): "accounts.copy accounts.end accounts.invite accounts.listed accounts.remove_factor"
    " accounts.resend accounts.revoke accounts.view accounts.card jobs.listed jobs.retry",
    frozenset({_O}): "parties.new_site parties.edit_site parties.end_site"
    " parties.new_certification parties.edit_certification parties.withdraw_certification"
    " parties.new_contact parties.edit_contact parties.end_contact"
    " parties.new parties.edit parties.invite parties.resend parties.copy parties.revoke"
    " engagements.new engagements.assign assessments.send decisions.ask decisions.outside decisions.new_outside"
    " decisions.reopen reports.countersign"
    " assessments.decide_time rounds.listed rounds.pick rounds.check rounds.view rounds.resume imports.listed"
    " imports.vendors imports.vendors_upload imports.vendors_preview imports.vendors_apply imports.vendors_template"
    " imports.engagements imports.engagements_upload imports.engagements_preview imports.engagements_apply"
    " imports.engagements_template imports.contracts imports.contracts_upload imports.contracts_preview"
    " imports.contracts_apply imports.contracts_template imports.evaluations imports.evaluations_upload"
    " imports.evaluations_preview imports.evaluations_apply imports.evaluations_template"
    " assessments.begin_contract contracts.new contracts.edit contracts.end contracts.serve contracts.unserve"
    " contracts.upload contracts.paper contracts.share contracts.withdraw assessments.settle_answer"
    " handovers.listed handovers.new handovers.view handovers.withdraw handovers.carry_out"
    " handovers.new_lead handovers.withdraw_lead plan.new plan.move plan.cancel plan.start"
    " assessments.new_source assessments.source assessments.source_upload assessments.ask_confirmation",
    frozenset({_O, _W}): "decisions.fulfil_condition engagements.edit engagements.determine_cloud"
    " engagements.cloud_document engagements.cloud_upload"
    " assessments.hand_in assessments.tie_clause assessments.untie_clause"
    " assessments.confirm_behalf assessments.return_transcribed assessments.user_control",
    frozenset({_P}): "decisions.decide decisions.answer_condition",
    frozenset(
        {_O, _ADMIN}
    ): "company.settings handovers.lead routes.listed routes.new routes.edit routes.end routes.name_deputy"
    " routes.end_deputy routes.reseat",
    frozenset({_A}): "reports.certify",
    frozenset({_L}): "assessments.submit assessments.ask_time assessments.copy assessments.company",
    frozenset({_O, _L}): "assessments.share",
    frozenset({_O, _W, _A, _L, _C}): "assessments.comment",
    frozenset(Role) - {_ADMIN, _C}: "contracts.listed contracts.view assessments.findings_listed"
    " exports.contracts_xlsx exports.contracts_csv",
    frozenset({_O, _A}): "assessments.inspect assessments.withdraw_inspection assessments.raise_finding"
    " assessments.change_finding assessments.withdraw_finding assessments.finish assessments.give_back assessments.review reports.create"
    " signing_keys.show signing_keys.revoke",
    frozenset({_O, _P, _W, _A}): "parties.listed parties.view decisions.view reports.view reports.download"
    " plan.year decisions.condition assessments.memorandum assessments.memorandum_notes"
    " assessments.on_behalf assessments.stale_answers exports.vendors_xlsx exports.vendors_csv",
    frozenset({_O, _W, _L, _C}): "assessments.answer assessments.draft assessments.earlier"
    " evidence.upload evidence.detach evidence.replace evidence.replacement evidence.choose assessments.refuse"
    " assessments.sheet assessments.sheet_file assessments.sheet_send assessments.sheet_preview"
    " assessments.sheet_apply",
    frozenset(Role) - {_ADMIN}: "engagements.listed engagements.view"
    " assessments.item assessments.listed assessments.view assessments.more_time_page evidence.download"
    " exports.works_xlsx exports.works_csv exports.checks_xlsx exports.checks_csv",
    frozenset(): "home.language setup.first sign_in.code sign_in.enrol sign_in.forgotten sign_in.invitation"
    " sign_in.password sign_in.reset verify.check",  # open to everybody
}
STREAMED = (
    "evidence.upload",
    "evidence.replace",
    "contracts.upload",
    "decisions.outside",
    "assessments.source_upload",
    "engagements.cloud_upload",
)
MAY = {endpoint: roles for roles, endpoints in WHO.items() for endpoint in endpoints.split()}

# What a person who may gets for what is theirs: the page, and 422 for a form with nothing in it; but for these.
USUAL = {"GET": 200, "POST": 422}
DONE = (303, "a button without fields: it is done")
IMPORTS = ("imports.vendors", "imports.engagements", "imports.contracts", "imports.evaluations")
NOTHING_TO_REMOVE = (303, "there is no second factor: back to the settings")
JOINED = (409, "the person has joined: there is no invitation any more")
REVIEWED = (409, "the review is over: nothing is recorded any more")
HANDED_IN = (409, "the check was handed in: its answers are closed")
OTHERWISE: dict[tuple[str, str], tuple[int, str]] = {
    ("GET", "account.remove_factor"): NOTHING_TO_REMOVE,
    ("POST", "account.remove_factor"): NOTHING_TO_REMOVE,
    ("POST", "account.sign_out_everywhere"): DONE,
    ("POST", "accounts.end"): DONE,
    ("POST", "accounts.remove_factor"): DONE,
    **{
        ("POST", f"{pages}.{name}"): JOINED
        for pages in ("accounts", "parties")
        for name in ("resend", "copy", "revoke")
    },
    **{
        (method, f"evidence.{name}"): HANDED_IN
        for method, name in (
            ("PUT", "upload"),
            ("POST", "upload"),
            ("PUT", "replace"),
            ("POST", "replace"),
            ("POST", "detach"),
            ("GET", "replacement"),
        )
    },
    **{
        (method, endpoint): HANDED_IN
        for method in USUAL
        for endpoint in ("evidence.choose", "assessments.refuse")
    },
    **{
        (method, f"assessments.{endpoint}"): REVIEWED
        for method, endpoint in (
            ("GET", "inspect"),
            ("GET", "raise_finding"),
            ("GET", "withdraw_inspection"),
            ("POST", "withdraw_inspection"),
            ("GET", "change_finding"),
            ("POST", "change_finding"),
            ("GET", "withdraw_finding"),
            ("POST", "withdraw_finding"),
        )
    },
    ("GET", "assessments.sheet_file"): (409, "the check was handed in: there is nothing to answer"),
    **{
        ("POST", endpoint): (415, "a file is sent as multipart/form-data")
        for endpoint in ("assessments.sheet_send", *(f"{each}_upload" for each in IMPORTS))
    },
    **{
        ("GET", f"{endpoint}_preview"): (303, "no file waits: back to where one is sent")
        for endpoint in ("assessments.sheet", *IMPORTS)
    },
    **{("POST", f"{endpoint}_apply"): (409, "no file waits") for endpoint in ("assessments.sheet", *IMPORTS)},
    **{
        (method, "assessments.new_source"): (409, "the check was handed in: nothing to transcribe")
        for method in ("GET", "POST")
    },
    **{
        (method, f"assessments.{name}"): (404, "the vendor answered itself: no entry, no source, no control")
        for method, name in (
            ("GET", "source"),
            ("POST", "source"),
            ("PUT", "source_upload"),
            ("POST", "source_upload"),
            ("GET", "confirm_behalf"),
            ("POST", "confirm_behalf"),
            ("POST", "return_transcribed"),
            ("GET", "user_control"),
            ("POST", "user_control"),
        )
    },
    **{
        (method, f"engagements.{name}"): (404, "no finding on a cloud service was recorded")
        for method, name in (("GET", "cloud_document"), ("PUT", "cloud_upload"), ("POST", "cloud_upload"))
    },
    ("POST", "contracts.share"): DONE,
    ("POST", "routes.end"): DONE,
    ("POST", "handovers.withdraw"): (409, "the version isn't said"),
    ("POST", "handovers.withdraw_lead"): (409, "the version isn't said"),
    ("POST", "handovers.carry_out"): (409, "its day hasn't come"),
    ("POST", "routes.end_deputy"): DONE,
    **{(method, "routes.reseat"): (409, "somebody can fill every seat") for method in USUAL},
    ("PUT", "contracts.upload"): (422, "the kind of document isn't said"),
    ("PUT", "decisions.outside"): (422, "what the paper says isn't there"),
    ("GET", "assessments.memorandum"): (409, "it is no contract check"),
    ("GET", "assessments.memorandum_notes"): (409, "it is no contract check"),
    ("POST", "reports.create"): (303, "the language is chosen beforehand: it is done"),
    ("POST", "reports.countersign"): (409, "the auditor signs first"),
}
# What the pages for everybody answer to somebody not signed in who has no link.
NO_LINK = (410, "the link is none of ours")
NO_PASSWORD = (302, "no password was given before: to the page of signing in")
OPEN: dict[tuple[str, str], tuple[int, str]] = {
    **{
        (method, endpoint): why
        for method in USUAL
        for endpoint, why in (
            ("setup.first", NO_LINK),
            ("sign_in.invitation", NO_LINK),
            ("sign_in.reset", NO_LINK),
            ("sign_in.code", NO_PASSWORD),
            ("sign_in.enrol", NO_PASSWORD),
        )
    },
    ("POST", "home.language"): (303, "back to the page"),
    ("POST", "verify.check"): (415, "a file is sent as multipart/form-data"),
}


@pytest.fixture
def world_app(house: House, tmp_path: Path) -> tuple[Flask, House, World]:
    short, world = world_in(house, tmp_path)
    app = create_app(short, "only for tests")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app, short, world


@dataclass(frozen=True)
class Cell:
    """One request of the matrix."""

    rule: Rule
    method: str
    permission: Permission


def cells(app: Flask) -> Iterator[Cell]:
    declared = permissions(app)
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Cell(rule, method, declared[rule.endpoint])


def address(app: Flask, rule: Rule, objects: dict[str, str]) -> str:
    """The rule's address for these objects; a parameter nobody thought of fails the test."""
    missing = rule.arguments - objects.keys()
    assert not missing, f"{rule.rule}: say in objects_of() what {missing} stand for"
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", lambda found: objects[found[1]], rule.rule)


def objects_of(thread: Thread, item: str) -> dict[str, str]:
    nobody = str(uuid4())
    return {
        "vendor_id": str(thread.vendor_id),
        "party_id": str(thread.vendor_id),
        "account_id": str(thread.lead),
        "engagement_id": str(thread.engagement_id),
        "assessment_id": str(thread.assessment_id),
        "version_id": str(thread.version_id),
        "decision_id": str(thread.decision_id),
        "report_id": str(thread.report_id),
        "contract_id": str(thread.contract_id),
        "document_id": str(thread.document_id),
        "round_id": str(thread.round_id),
        "site_id": str(thread.site_id),
        "certification_id": str(thread.certification_id),
        "contact_id": str(thread.contact_id),
        "source_id": nobody,
        "determination_id": nobody,
        "control_id": nobody,
        "kind": "paper",
        "given_id": str(thread.given_id),
        "inspection_id": str(thread.inspection_id),
        "finding_id": str(thread.finding_id),
        "route_id": str(thread.route_id),
        "deputy_id": str(thread.deputy_id),
        "condition_id": str(thread.condition_id),
        "handover_id": str(thread.handover_id),
        "change_id": str(thread.change_id),
        "entry_id": str(thread.entry_id),
        "certificate_id": nobody,
        "job_id": nobody,
        "code": item,
        "token": "x" * 43,
    }


def nobodys(item: str) -> dict[str, str]:
    none = UUID(int=0)
    return objects_of(Thread(*[none] * len(fields(Thread))), item)


def request(browser: Browser, cell: Cell, path: str, token: str) -> TestResponse:
    headers = {"X-CSRFToken": token, "Accept": "text/html"}
    if cell.rule.endpoint in STREAMED:
        return upload(browser, cell, path, token, headers)
    data = {"csrf_token": token} if cell.method == "POST" else None
    return browser.client.open(path, method=cell.method, base_url=BASE_URL, headers=headers, data=data)


def upload(browser: Browser, cell: Cell, path: str, token: str, headers: dict[str, str]) -> TestResponse:
    """A whole file, so that nothing but the object can be the reason of a refusal."""
    if cell.method == "PUT":
        headers |= {"X-File-Name": "a.txt", "Accept": "application/json"}
        return browser.client.put(path, base_url=BASE_URL, headers=headers, data=b"a file")
    data = {"csrf_token": token, "file": (BytesIO(b"a file"), "a.txt")}
    return browser.client.post(
        path, base_url=BASE_URL, headers=headers, data=data, content_type="multipart/form-data"
    )


def person(world: World, roles: frozenset[Role]) -> UUID:
    if len(roles) == 2:
        return world.officer_and_admin
    (role,) = roles
    return UUID(str(getattr(world.everyone, role.value)))


@pytest.mark.parametrize("roles", ROWS, ids=lambda roles: "+".join(sorted(roles)))
def test_a_person_gets_what_their_permissions_say_and_only_on_their_own_objects(
    world_app: tuple[Flask, House, World], roles: frozenset[Role]
) -> None:
    app, house, world = world_app
    item = world.vendor_item if roles & VENDOR else world.client_item
    everybodys = {
        "ours": objects_of(world.ours, item),
        "theirs": objects_of(world.theirs, item),
        "nobody's": nobodys(item),
    }
    wrong = []
    signed_in = SignedIn(app, house, person(world, roles))
    for cell in sorted(cells(app), key=lambda each: each.method != "GET"):
        if cell.permission is Permission.ANYONE or cell.rule.endpoint == "sign_in.sign_out":
            continue
        asked = [(whose, objects, expected(cell, roles, whose)) for whose, objects in everybodys.items()]
        if not cell.rule.arguments:
            asked = asked[:1]
        may = roles & MAY.get(cell.rule.endpoint, frozenset())
        for what, objects in out_of_place(cell, roles, world, everybodys):
            asked.append((what, objects, out_of_place_answer(cell, roles, what) if may else 403))
        for what, objects, right in asked:
            status = signed_in.request(cell, address(app, cell.rule, objects))
            if status != right:
                wrong.append((cell.method, cell.rule.rule, what, f"{status}, not {right}"))
    assert not wrong


def out_of_place(
    cell: Cell, roles: frozenset[Role], world: World, everybodys: dict[str, dict[str, str]]
) -> Iterator[tuple[str, dict[str, str]]]:
    """One's own parent with another's child and the other way round; for a vendor, what its client keeps inside."""
    ours, theirs = everybodys["ours"], everybodys["theirs"]
    ids = cell.rule.arguments - KINDS_OF_OWN
    if len(ids) > 1:
        for foreign in sorted(ids):
            yield f"another's {foreign}", ours | {foreign: theirs[foreign]}
    inside = {name: str(getattr(world.inside, name)) for name in INSIDE} if roles & VENDOR else {}
    if inside.keys() & cell.rule.arguments:
        yield "the client's own", ours | inside | {"code": world.client_item}
    if roles & VENDOR and {"assessment_id", "code"} <= cell.rule.arguments:
        yield "the client's item", ours | {"code": world.client_item}


def out_of_place_answer(cell: Cell, roles: frozenset[Role], what: str) -> int:
    """404; of a check that was handed in it is said before anything is looked for below it."""
    if OTHERWISE.get((cell.method, cell.rule.endpoint)) is not HANDED_IN or what.startswith("the client's"):
        return 404
    return expected(cell, roles, "theirs" if what == "another's assessment_id" else "ours")


class SignedIn:
    """A person's browser that signs in anew after each thing done: some of them end the session."""

    def __init__(self, app: Flask, house: House, account_id: UUID) -> None:
        self._app, self._house, self._account_id = app, house, account_id
        self._enter()

    def _enter(self) -> None:
        self._browser = Browser(self._app, self._house).sign_in(self._account_id)
        self._token = csrf_token(self._browser.client, "/account")

    def request(self, cell: Cell, path: str) -> int:
        status = request(self._browser, cell, path, self._token).status_code
        if cell.method != "GET" and status < 400:
            self._enter()
        return status


def expected(cell: Cell, roles: frozenset[Role], whose: str) -> int:
    """403 without the permission; 404 for what is out of reach; else what is said of this very endpoint."""
    arguments = cell.rule.arguments
    if not roles & MAY.get(cell.rule.endpoint, frozenset()):
        return 403
    if arguments and not in_reach(roles, whose, arguments):
        return 404
    return answer(cell, OTHERWISE)


def in_reach(roles: frozenset[Role], whose: str, arguments: set[str]) -> bool:
    if not arguments - FOUND_BY_NOBODY:
        return False
    if roles == DELEGATED_ONLY and {"code", "version_id"} & arguments:
        return False
    return whose == "ours" or (whose == "theirs" and bool(roles & WHOLE_REGISTER))


def answer(cell: Cell, exceptions: dict[tuple[str, str], tuple[int, str]]) -> int:
    status, _why = exceptions.get((cell.method, cell.rule.endpoint), (USUAL.get(cell.method, 0), ""))
    assert status, f"{cell}: say what it answers"
    return status


def test_nobody_signed_in_gets_anything_but_the_open_pages(world_app: tuple[Flask, House, World]) -> None:
    app, house, world = world_app
    browser = Browser(app, house)
    token = csrf_token(browser.client, "/sign-in")
    objects, wrong = objects_of(world.ours, world.vendor_item), []
    for cell in cells(app):
        response = request(browser, cell, address(app, cell.rule, objects), token)
        # A reader is led to sign in; a form is told, and what was typed is held on the page that says so.
        closed = 302 if cell.method == "GET" else 401
        right = answer(cell, OPEN) if cell.permission is Permission.ANYONE else closed
        led = response.status_code != 302 or response.location == "/sign-in"
        if response.status_code != right or not led:
            wrong.append((cell.method, cell.rule.rule, f"{response.status_code}, not {right}"))
    assert not wrong


def test_every_route_is_for_those_it_is_meant_for(house: House) -> None:
    app = create_app(house, "only for tests")
    declared = {
        endpoint: frozenset() if permission is Permission.ANYONE else ROLES[permission]
        for endpoint, permission in permissions(app).items()
    }
    assert declared == MAY
    there = {(cell.method, cell.rule.endpoint) for cell in cells(app)}
    assert set(OTHERWISE) | set(OPEN) <= there, "an exception for what isn't there"


def test_a_route_without_a_permission_cannot_be_written() -> None:
    pages = Guarded("forgetful", __name__)
    with pytest.raises(TypeError, match="permission"):
        pages.get("/open")(lambda: "")  # type: ignore[call-arg]


def test_a_route_that_came_in_another_way_stops_the_start(house: House) -> None:
    app = Flask("other")
    app.add_url_rule("/open", view_func=lambda: "")
    with pytest.raises(RuntimeError, match="/open"):
        seal(app)


def test_a_route_added_after_the_seal_answers_500(house: House) -> None:
    app = create_app(house, "only for tests")
    app._got_first_request = False
    app.view_functions["late"] = lambda: "open"
    app.url_map.add(Rule("/late", endpoint="late"))
    assert app.test_client().get("/late", base_url=BASE_URL).status_code == 500
