"""Every role × endpoint × object, from the live route map: nothing is allowed by default, nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask, Response
from werkzeug.routing import Rule

from audit_portal.app import create_app
from audit_portal.domain.access import ROLES, VENDOR, Permission, Role
from audit_portal.services.house import House
from audit_portal.web.guard import Guarded, permissions, seal
from tests.factories.world import Thread, World, make_world, short_checklists
from tests.web.client import BASE_URL, Browser, csrf_token

# A contributor reaches only what was delegated; nothing is, in this world.
DELEGATED_ONLY = {Role.VENDOR_CONTRIBUTOR}
WHOLE_REGISTER = {Role.OFFICER, Role.APPROVER, Role.ADMIN}


@pytest.fixture
def world_app(house: House, tmp_path: Path) -> tuple[Flask, House, World]:
    short = short_checklists(house, tmp_path)
    world = make_world(short)
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
        "certificate_id": nobody,
        "job_id": nobody,
        "code": item,
        "token": "x" * 43,
    }


def nobodys(item: str) -> dict[str, str]:
    none = UUID(int=0)
    return objects_of(Thread(*[none] * 9), item)


def request(browser: Browser, cell: Cell, path: str, token: str) -> Response:
    headers = {"X-CSRFToken": token, "Accept": "text/html"}
    if cell.rule.endpoint in ("evidence.upload", "contracts.upload"):
        return upload(browser, cell, path, token, headers)
    data = {"csrf_token": token} if cell.method == "POST" else None
    return browser.client.open(path, method=cell.method, base_url=BASE_URL, headers=headers, data=data)


def upload(browser: Browser, cell: Cell, path: str, token: str, headers: dict[str, str]) -> Response:
    """A whole file, so that nothing but the object can be the reason of a refusal."""
    if cell.method == "PUT":
        headers |= {"X-File-Name": "a.txt", "Accept": "application/json"}
        return browser.client.put(path, base_url=BASE_URL, headers=headers, data=b"a file")
    data = {"csrf_token": token, "file": (BytesIO(b"a file"), "a.txt")}
    return browser.client.post(
        path, base_url=BASE_URL, headers=headers, data=data, content_type="multipart/form-data"
    )


def person(world: World, role: Role) -> UUID:
    return UUID(str(getattr(world.everyone, role.value)))


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_its_permissions_say_and_only_on_its_own_objects(
    world_app: tuple[Flask, House, World], role: Role
) -> None:
    app, house, world = world_app
    item = world.vendor_item if role in VENDOR else world.client_item
    wrong = []
    for cell in cells(app):
        if cell.permission is Permission.ANYONE or cell.rule.endpoint == "sign_in.sign_out":
            continue
        browser = Browser(app, house).sign_in(person(world, role))
        token = csrf_token(browser.client, "/account")
        for whose, objects in (
            ("ours", objects_of(world.ours, item)),
            ("theirs", objects_of(world.theirs, item)),
            ("nobody's", nobodys(item)),
        ):
            status = request(browser, cell, address(app, cell.rule, objects), token).status_code
            if not as_expected(cell, role, whose, status):
                wrong.append((cell.method, cell.rule.rule, whose, status))
    assert not wrong


def as_expected(cell: Cell, role: Role, whose: str, status: int) -> bool:
    """403 without the permission; 404 for what is out of reach; anything but refusal or fault otherwise."""
    if role not in ROLES[cell.permission]:
        return status == 403
    if not cell.rule.arguments - {"code", "job_id", "certificate_id", "token"}:
        return status in (404,) if cell.rule.arguments else status not in (401, 403, 404, 500)
    in_reach = whose == "ours" or (whose == "theirs" and role in WHOLE_REGISTER)
    if role in DELEGATED_ONLY and ({"code", "version_id"} & cell.rule.arguments):
        return status == 404
    if not in_reach:
        return status == 404
    return status not in (401, 403, 404, 500)


def test_nobody_signed_in_gets_anything_but_the_open_pages(world_app: tuple[Flask, House, World]) -> None:
    app, house, world = world_app
    browser = Browser(app, house)
    token = csrf_token(browser.client, "/sign-in")
    for cell in cells(app):
        response = request(
            browser, cell, address(app, cell.rule, objects_of(world.ours, world.vendor_item)), token
        )
        if cell.permission is Permission.ANYONE:
            assert response.status_code not in (401, 500), cell
        else:
            scripts = cell.method == "PUT"  # they are told, not led to another page
            assert response.status_code == (401 if scripts else 302), cell
            assert scripts or response.location == "/sign-in", cell


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
