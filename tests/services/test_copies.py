"""The dated copy: what was handed in then, whatever came later, with what the ledger's digest was made of."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.errors import Forbidden, NotFound
from audit_portal.domain.ledger import canonical, leaf_hash, tree_root
from audit_portal.services.assessments import copies
from audit_portal.services.assessments.copies import CopyView
from audit_portal.services.house import House
from tests.factories.house import account, context, vendor
from tests.factories.world import attach, submit
from tests.services.steps import VENDOR_ITEM, Case, execute, make_case


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def copy(case: Case, number: int | None = None) -> CopyView:
    return copies.get_copy(case.as_("vendor_lead"), case.assessment_id, number)


def said(found: CopyView, code: str = VENDOR_ITEM) -> Any:
    return next(item for section in found.sections for item in section.items if item.code == code)


def recomputed(content: dict[str, Any]) -> str:
    """The root as a stranger would work it out from the file alone."""
    leaves = []
    for each in content["answers"]:
        names = ("item", "value", "comment", "action", "action_due")
        body = {name: each[name] for name in names}
        body["evidence"] = sorted(file["sha256"] for file in each["evidence"])
        digest = hashlib.sha256(bytes.fromhex(each["salt"]) + canonical(body)).digest()
        assert digest.hex() == each["digest"]
        leaves.append(leaf_hash(digest))
    return tree_root(leaves).hex()


def roots_in_ledger(case: Case) -> list[str]:
    rows = execute(
        case.house, "SELECT body FROM ledger_entry WHERE event = 'assessment.submitted' ORDER BY seq"
    )
    return [json.loads(bytes(body))["facts"]["answers_root"] for (body,) in rows]


def test_the_copy_holds_what_was_handed_in_and_its_root_is_the_ledgers(case: Case) -> None:
    attach(case.as_("vendor_lead"), case.assessment_id, VENDOR_ITEM, b"a document of ours\n")
    case.submitted()
    found = copy(case)
    assert (found.vendor_name, found.principal_name) == ("北海印刷株式会社", "株式会社サンプル商事")
    assert (found.submitted_by, found.submitted_at) == ("試験 vendor_lead", case.house.clock.now())
    item = said(found)
    assert item.comment == "しています。"
    assert hashlib.sha256(b"a document of ours\n").hexdigest() in {file.sha256 for file in item.files}
    assert [recomputed(found.content)] == [found.answers_root] == roots_in_ledger(case)


def test_a_later_submission_leaves_the_earlier_copy_as_it_was(case: Case) -> None:
    case.submitted()
    first = copy(case)
    case.give_back(VENDOR_ITEM)
    case.write("vendor_lead", VENDOR_ITEM, text="直した文")
    assert copy(case) == first  # a draft after the return is not what was handed in
    submit(case.as_("vendor_lead"), case.assessment_id)
    assert said(copy(case)).comment == "直した文"
    assert copy(case, 1) == first and copy(case, 2) == copy(case)
    assert [recomputed(copy(case, n).content) for n in (1, 2)] == roots_in_ledger(case)


def test_only_the_lead_of_the_vendor_that_handed_in_gets_it(case: Case) -> None:
    with pytest.raises(NotFound):
        copy(case)  # nothing was handed in yet
    case.submitted()
    for who in ("officer", "auditor", "vendor_contributor", "approver"):
        with pytest.raises(Forbidden):
            copies.get_copy(case.as_(who), case.assessment_id)
    other = vendor(case.house, case.everyone.officer, "別の会社", "ベツノカイシャ")
    stranger = context(case.house, account(case.house, other, Role.VENDOR_LEAD))
    with pytest.raises(NotFound):
        copies.get_copy(stranger, case.assessment_id)
    with pytest.raises(NotFound):
        copy(case, 2)
