"""Who may do what: the table of roles and permissions, and the rules of four eyes."""

from __future__ import annotations

from itertools import chain, combinations
from uuid import UUID, uuid4

import pytest

from audit_portal.domain.access import (
    INSIDE,
    ROLES,
    STAFF,
    VENDOR,
    Actor,
    Level,
    Permission,
    Role,
    check_roles,
    not_signed_in,
    other_person,
    require,
    system,
)
from audit_portal.domain.errors import Forbidden

OPEN = {Permission.ANYONE, Permission.SIGNED_IN}
ALL_SETS = [
    frozenset(each) for each in chain.from_iterable(combinations(Role, n) for n in range(len(Role) + 1))
]


def actor(*roles: Role, account: UUID | None = None, party: UUID | None = None) -> Actor:
    return Actor(account or uuid4(), party or uuid4(), frozenset(roles), "試験 太郎")


def test_every_permission_says_its_roles() -> None:
    assert set(ROLES) == set(Permission)
    assert all(ROLES.values())


def test_an_administrator_reaches_nothing_of_the_supervision() -> None:
    held = {permission for permission, roles in ROLES.items() if Role.ADMIN in roles}
    assert held == OPEN | {
        Permission.ACCOUNTS,
        Permission.JOBS,
        Permission.ROUTE_MANAGE,
        Permission.CLIENT_FACTS,
        Permission.LEAD_CHANGE,
    }


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN])
def test_who_approves_or_administers_neither_reviews_nor_signs(role: Role) -> None:
    apart = {
        Permission.REVIEW_WRITE,
        Permission.DECISION_REQUEST,
        Permission.REPORT_CERTIFY,
        Permission.REPORT_COUNTERSIGN,
        Permission.ANSWER_WRITE,
        Permission.EVIDENCE_UPLOAD,
    }
    assert not {permission for permission in apart if role in ROLES[permission]}


def test_only_the_vendor_lead_hands_in_and_only_the_approver_decides() -> None:
    assert ROLES[Permission.ASSESSMENT_SUBMIT] == {Role.VENDOR_LEAD}
    assert ROLES[Permission.DECISION_MAKE] == {Role.APPROVER}
    assert ROLES[Permission.REPORT_CERTIFY] == {Role.AUDITOR}
    assert ROLES[Permission.REPORT_COUNTERSIGN] == {Role.OFFICER}


def test_a_vendor_can_do_no_more_than_answer() -> None:
    held = {permission for permission, roles in ROLES.items() if roles & VENDOR}
    assert held == OPEN | {
        Permission.ENGAGEMENT_VIEW,
        Permission.CONTRACT_VIEW,
        Permission.COMPANY_ANSWERS,
        Permission.ASSESSMENT_VIEW,
        Permission.ANSWER_WRITE,
        Permission.ASSESSMENT_SUBMIT,
        Permission.ITEM_DELEGATE,
        Permission.COMMENT_WRITE,
        Permission.TIME_ASK,
        Permission.COPY_READ,
        Permission.EVIDENCE_UPLOAD,
        Permission.EVIDENCE_READ,
        Permission.FINDING_VIEW,
    }


def test_every_role_is_of_the_staff_or_of_a_vendor_and_none_of_both() -> None:
    assert set(Role) == STAFF | VENDOR
    assert not STAFF & VENDOR


@pytest.mark.parametrize("vendor", [False, True])
def test_roles_of_staff_and_vendor_never_mix(vendor: bool) -> None:
    for roles in ALL_SETS:
        both = {Role.APPROVER, Role.AUDITOR} <= roles
        if roles and roles <= (VENDOR if vendor else STAFF) and not both:
            check_roles(roles, vendor)
        else:
            with pytest.raises(Forbidden):
                check_roles(roles, vendor)


def test_who_audits_is_another_person_than_who_approves() -> None:
    with pytest.raises(Forbidden, match="auditor_is_not_approver"):
        check_roles(frozenset({Role.APPROVER, Role.AUDITOR}), vendor=False)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_require_follows_the_table(permission: Permission, role: Role) -> None:
    if role in ROLES[permission]:
        require(actor(role), permission)
    else:
        with pytest.raises(Forbidden) as refused:
            require(actor(role), permission)
        assert refused.value.code == "permission_missing"


def test_an_account_without_a_role_may_nothing() -> None:
    for permission in Permission:
        with pytest.raises(Forbidden):
            require(actor(), permission)


def test_the_system_may_but_is_no_person() -> None:
    require(system("jobs"), Permission.ACCOUNTS)
    assert system("jobs").label == "system:jobs"
    with pytest.raises(Forbidden):
        _ = system("jobs").person
    assert system("jobs").subjects == frozenset()


def test_what_the_system_does_for_a_person_is_put_down_to_the_person() -> None:
    someone = actor(Role.ADMIN)
    acting = system("jobs", by=someone)
    assert acting.label == someone.label
    require(acting, Permission.ACCOUNTS)
    assert (acting.subjects, acting.system) == (frozenset(), "jobs")
    with pytest.raises(Forbidden):
        _ = acting.person
    assert system("jobs", by=system("sweep")).label == "system:jobs"


def test_who_is_not_signed_in_has_a_label_and_no_reach() -> None:
    me = uuid4()
    assert not_signed_in(me).label == str(me)
    assert not any(not_signed_in(me).may(permission) for permission in Permission)


@pytest.mark.parametrize("role", Role)
def test_only_those_who_act_for_their_party_reach_what_the_party_reaches(role: Role) -> None:
    me, party = uuid4(), uuid4()
    for_party = role in VENDOR | {Role.OFFICER, Role.APPROVER}
    assert actor(role, account=me, party=party).subjects == ({me, party} if for_party else {me})


def test_relatives_in_the_chain_are_outside() -> None:
    assert set(Level) - INSIDE == {Level.ABOVE, Level.BELOW}


def test_a_label_is_an_id_and_never_a_name() -> None:
    someone = actor(Role.OFFICER)
    assert someone.label == str(someone.account_id)
    assert someone.name not in someone.label


def test_four_eyes_refuse_the_same_person_only() -> None:
    me = actor(Role.APPROVER)
    other_person(me, uuid4(), None, code="own_request")
    with pytest.raises(Forbidden) as refused:
        other_person(me, uuid4(), me.account_id, code="own_request")
    assert refused.value.code == "own_request"


def test_a_lead_who_is_also_a_contributor_is_not_held_to_what_was_delegated() -> None:
    assert actor(Role.VENDOR_CONTRIBUTOR).only_delegated
    assert not actor(Role.VENDOR_CONTRIBUTOR, Role.VENDOR_LEAD).only_delegated
