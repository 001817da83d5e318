"""Signing in, second factor, sessions, passwords: what opens, what ends, what tells nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.access import Role, system
from audit_portal.domain.errors import Conflict, Forbidden, Invalid
from audit_portal.domain.events.accounts import PasswordChanged, SecondFactorChanged, SessionsEnded, SignedIn
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts, sessions, sign_in
from audit_portal.services.house import House
from audit_portal.storage import get
from audit_portal.storage.tables.accounts import Account, SecondFactor
from audit_portal.storage.tables.system import LedgerEntry
from tests.clock import SetClock
from tests.factories.house import PASSWORD, People, account, context, mailer

HERE = "192.0.2.1"


def email(house: House, account_id: UUID) -> str:
    return sessions.person_in(house, account_id).email


def enrolled(house: House, account_id: UUID, clock: SetClock) -> pyotp.TOTP:
    """Sets the second factor up; the next code counts from the next half minute on."""
    begun = sign_in.begin_enrolment(house, account_id)
    totp = pyotp.TOTP(begun.secret)
    sign_in.confirm_enrolment(house, account_id, begun.sealed, totp.at(clock.now()))
    clock.move(seconds=30)
    return totp


def refused(code: str, call: object, *args: object) -> None:
    with pytest.raises(Invalid) as refusal:
        call(*args)  # type: ignore[operator]
    assert refusal.value.code == code


def test_staff_set_a_second_factor_up_and_vendors_people_may_do_without(
    house: House, everyone: People
) -> None:
    assert sign_in.with_password(house, email(house, everyone.officer), PASSWORD, HERE).second == "enrol"
    assert sign_in.with_password(house, email(house, everyone.vendor_lead), PASSWORD, HERE).second == ""


def test_who_has_a_second_factor_is_asked_for_a_code(house: House, everyone: People, clock: SetClock) -> None:
    enrolled(house, everyone.vendor_lead, clock)
    assert sign_in.with_password(house, email(house, everyone.vendor_lead), PASSWORD, HERE).second == "ask"


def test_the_same_password_from_another_keyboard_is_right(house: House, everyone: People) -> None:
    typed = PASSWORD.replace("for", "ｆｏｒ")
    assert sign_in.with_password(house, email(house, everyone.owner).upper(), typed, HERE)


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_the_lock_out_look_alike_for_known_and_unknown(
    house: House, everyone: People, known: bool, clock: SetClock
) -> None:
    who = email(house, everyone.owner) if known else "nobody@example.jp"
    for _try in range(limits.SIGN_IN_TRIES):
        refused("sign_in_wrong", sign_in.with_password, house, who, "not the password", HERE)
    refused("sign_in_locked", sign_in.with_password, house, who, PASSWORD, HERE)
    clock.move(seconds=limits.SIGN_IN_LOCK + 1)
    if known:
        sign_in.with_password(house, who, PASSWORD, HERE)
    else:
        refused("sign_in_wrong", sign_in.with_password, house, who, PASSWORD, HERE)


def test_the_lock_out_of_one_person_does_not_lock_another(house: House, everyone: People) -> None:
    for _try in range(limits.SIGN_IN_TRIES):
        refused("sign_in_wrong", sign_in.with_password, house, email(house, everyone.owner), "wrong", HERE)
    assert sign_in.with_password(house, email(house, everyone.auditor), PASSWORD, HERE)


def test_trying_many_names_from_one_address_is_locked(house: House, everyone: People) -> None:
    for number in range(100):
        refused("sign_in_wrong", sign_in.with_password, house, f"n{number}@example.jp", "wrong", HERE)
    refused("sign_in_locked", sign_in.with_password, house, email(house, everyone.owner), PASSWORD, HERE)
    assert sign_in.with_password(house, email(house, everyone.owner), PASSWORD, "192.0.2.2")


@pytest.mark.parametrize("typed", ["", "x", "a" * 100_000, "\x00@example.jp", "𠮷@example.jp", "‮a@b.jp"])
def test_a_hostile_address_is_just_wrong(house: House, typed: str) -> None:
    refused("sign_in_wrong", sign_in.with_password, house, typed, "x" * 200, HERE)


def test_an_ended_or_invited_account_does_not_open(house: House, everyone: People) -> None:
    who = email(house, everyone.owner)
    accounts.end_account(context(house, everyone.admin), everyone.owner)
    refused("sign_in_wrong", sign_in.with_password, house, who, PASSWORD, HERE)


def test_a_code_counts_once(house: House, everyone: People, clock: SetClock) -> None:
    totp = enrolled(house, everyone.officer, clock)
    code = totp.at(clock.now())
    sign_in.check_code(house, everyone.officer, code)
    refused("code_wrong", sign_in.check_code, house, everyone.officer, code)


def test_the_code_of_the_enrolment_counts_no_second_time(
    house: House, everyone: People, clock: SetClock
) -> None:
    begun = sign_in.begin_enrolment(house, everyone.officer)
    code = pyotp.TOTP(begun.secret).at(clock.now())
    sign_in.confirm_enrolment(house, everyone.officer, begun.sealed, code)
    refused("code_wrong", sign_in.check_code, house, everyone.officer, code)


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_code_may_be_half_a_minute_off(
    house: House, everyone: People, clock: SetClock, seconds: int, good: bool
) -> None:
    begun = sign_in.begin_enrolment(house, everyone.officer)
    code = pyotp.TOTP(begun.secret).at(int(clock.now().timestamp()) + seconds)
    if good:
        sign_in.confirm_enrolment(house, everyone.officer, begun.sealed, code)
    else:
        refused("code_wrong", sign_in.confirm_enrolment, house, everyone.officer, begun.sealed, code)


def test_full_width_digits_with_a_space_are_a_code(house: House, everyone: People, clock: SetClock) -> None:
    totp = enrolled(house, everyone.officer, clock)
    code = totp.at(clock.now()).translate({48 + n: 0xFF10 + n for n in range(10)})
    sign_in.check_code(house, everyone.officer, f"{code[:3]} {code[3:]}")


def test_guessing_codes_is_locked(house: House, everyone: People, clock: SetClock) -> None:
    totp = enrolled(house, everyone.officer, clock)
    right = totp.at(clock.now())
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(limits.SIGN_IN_TRIES):
        refused("code_wrong", sign_in.check_code, house, everyone.officer, wrong)
    refused("sign_in_locked", sign_in.check_code, house, everyone.officer, right)


def factor_rows(house: House) -> list[SecondFactor]:
    with house.db.read(system("test")) as tx:
        return list(tx.session.exec(select(SecondFactor)).all())


def test_a_secret_stays_with_the_browser_it_was_shown_to_until_a_code_was_typed(
    house: House, everyone: People, clock: SetClock
) -> None:
    mine = sign_in.begin_enrolment(house, everyone.officer)
    thiefs = sign_in.begin_enrolment(house, everyone.officer)
    assert mine.secret != thiefs.secret
    assert sign_in.begin_enrolment(house, everyone.officer, mine.sealed) == mine
    assert mine.secret not in mine.sealed
    assert factor_rows(house) == []
    thiefs_code = pyotp.TOTP(thiefs.secret).at(clock.now())
    refused("code_wrong", sign_in.confirm_enrolment, house, everyone.officer, mine.sealed, thiefs_code)
    assert factor_rows(house) == []
    code = pyotp.TOTP(mine.secret).at(clock.now())
    sign_in.confirm_enrolment(house, everyone.officer, mine.sealed, code)
    assert factor_rows(house)[0].confirmed_at == clock.now()
    refused("second_factor_there", sign_in.begin_enrolment, house, everyone.officer)
    args = (everyone.officer, thiefs.sealed, thiefs_code)
    refused("second_factor_there", sign_in.confirm_enrolment, house, *args)


@pytest.mark.parametrize("sealed", ["", "x", "A" * 80, "é", "𠮷"])
def test_a_made_up_or_anothers_sealed_secret_confirms_nothing(
    house: House, everyone: People, clock: SetClock, sealed: str
) -> None:
    others = sign_in.begin_enrolment(house, everyone.owner)
    code = pyotp.TOTP(others.secret).at(clock.now())
    for kept in (sealed, others.sealed):
        refused("code_wrong", sign_in.confirm_enrolment, house, everyone.officer, kept, code)
        assert sign_in.begin_enrolment(house, everyone.officer, kept).secret != others.secret
    assert factor_rows(house) == []


def test_an_account_that_changed_meanwhile_is_not_enrolled(
    house: House, everyone: People, clock: SetClock
) -> None:
    passed = sign_in.with_password(house, email(house, everyone.officer), PASSWORD, HERE)
    begun = sign_in.begin_enrolment(house, everyone.officer)
    accounts.change_password(context(house, everyone.officer), PASSWORD, "another long password")
    code = pyotp.TOTP(begun.secret).at(clock.now())
    args = (everyone.officer, begun.sealed, code, passed.stamp)
    refused("code_wrong", sign_in.confirm_enrolment, house, *args)
    assert factor_rows(house) == []


def counts(house: House, passed: sign_in.Passed) -> bool:
    return sign_in.half(house, passed.account_id, passed.stamp, passed.at)


def test_half_a_sign_in_counts_ten_minutes(house: House, everyone: People, clock: SetClock) -> None:
    passed = sign_in.with_password(house, email(house, everyone.officer), PASSWORD, HERE)
    clock.move(seconds=limits.HALF_SIGN_IN_LIFE - 1)
    assert counts(house, passed)
    clock.move(seconds=1)
    assert not counts(house, passed)


def test_half_a_sign_in_is_undone_when_the_account_changes_or_ends(house: House, everyone: People) -> None:
    passed = sign_in.with_password(house, email(house, everyone.officer), PASSWORD, HERE)
    accounts.change_password(context(house, everyone.officer), PASSWORD, "another long password")
    assert not counts(house, passed)
    token = sessions.start(house, everyone.officer, {}, passed.stamp)
    assert sessions.load(house, token) is None

    admin = context(house, everyone.admin)
    passed = sign_in.with_password(house, email(house, everyone.owner), PASSWORD, HERE)
    version = accounts.get_account(admin, everyone.owner).version
    yesterday = house.today() - timedelta(days=1)
    accounts.change_account(admin, everyone.owner, version, frozenset({Role.OWNER}), yesterday)
    assert not counts(house, passed)

    passed = sign_in.with_password(house, email(house, everyone.auditor), PASSWORD, HERE)
    accounts.end_account(admin, everyone.auditor)
    assert not counts(house, passed)
    with house.db.read(system("test")) as tx:
        stamp = get.one(tx, Account, everyone.auditor).stamp
    assert not sign_in.half(house, everyone.auditor, stamp, passed.at), "not even with the stamp of now"


def actors(house: House, event: str) -> list[str]:
    """Who the ledger says did this, oldest first."""
    with house.db.read(system("test")) as tx:
        rows = tx.session.exec(
            select(LedgerEntry).where(LedgerEntry.event == event).order_by(col(LedgerEntry.seq))
        ).all()
    return [row.actor for row in rows]


def test_the_ledger_names_who_signed_in_and_who_changed_the_second_factor(
    house: House, everyone: People, clock: SetClock
) -> None:
    totp = enrolled(house, everyone.officer, clock)
    sign_in.check_code(house, everyone.officer, totp.at(clock.now()))
    sign_in.signed_in(house, everyone.officer)
    assert actors(house, SignedIn.name) == [str(everyone.officer)] * 2
    sign_in.remove_second_factor_of(context(house, everyone.admin), everyone.officer)
    assert actors(house, SecondFactorChanged.name) == [str(everyone.officer), str(everyone.admin)]
    enrolled(house, everyone.officer, clock)
    sign_in.remove_second_factor(context(house, everyone.officer), PASSWORD)
    assert actors(house, SecondFactorChanged.name)[2:] == [str(everyone.officer)] * 2
    sessions.end_everywhere(context(house, everyone.owner))
    assert actors(house, SessionsEnded.name) == [str(everyone.owner)]


def test_sessions_end_when_the_second_factor_comes_or_goes(
    house: House, everyone: People, clock: SetClock
) -> None:
    before = sessions.start(house, everyone.vendor_lead, {})
    enrolled(house, everyone.vendor_lead, clock)
    assert sessions.load(house, before) is None
    between = sessions.start(house, everyone.vendor_lead, {})
    ctx = context(house, everyone.vendor_lead)
    refused("password_wrong", sign_in.remove_second_factor, ctx, "wrong password")
    assert sessions.load(house, between)
    sign_in.remove_second_factor(ctx, PASSWORD)
    assert sessions.load(house, between) is None
    assert not sign_in.second_factor(ctx, everyone.vendor_lead).on


def test_only_another_administrator_takes_a_lost_second_factor_off(
    house: House, everyone: People, clock: SetClock
) -> None:
    enrolled(house, everyone.admin, clock)
    for who in ("officer", "admin"):
        with pytest.raises(Forbidden):
            sign_in.remove_second_factor_of(context(house, getattr(everyone, who)), everyone.admin)
    second = account(house, everyone.client_id, Role.ADMIN)
    sign_in.remove_second_factor_of(context(house, second), everyone.admin)
    assert sign_in.with_password(house, email(house, everyone.admin), PASSWORD, HERE).second == "enrol"


def test_a_change_of_password_ends_every_session(house: House, everyone: People) -> None:
    token = sessions.start(house, everyone.owner, {})
    ctx = context(house, everyone.owner)
    refused("password_wrong", accounts.change_password, ctx, "wrong", "another long password")
    assert sessions.load(house, token)
    accounts.change_password(ctx, PASSWORD, "another long password")
    assert sessions.load(house, token) is None
    refused("sign_in_wrong", sign_in.with_password, house, email(house, everyone.owner), PASSWORD, HERE)


def test_guessing_the_present_password_from_a_session_is_locked(house: House, everyone: People) -> None:
    ctx = context(house, everyone.owner)
    for _try in range(limits.SIGN_IN_TRIES):
        refused("password_wrong", accounts.confirm_password, ctx, "wrong")
    refused("sign_in_locked", accounts.confirm_password, ctx, PASSWORD)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("short", "password_too_short"),
        ("a" * 100_000, "password_too_long"),
        ("aaaaaaaaaaaaaaaa", "password_too_simple"),
        ("ﷺ" * 20, "password_too_long"),
    ],
)
def test_a_weak_or_endless_password_is_refused(house: House, everyone: People, new: str, code: str) -> None:
    refused(code, accounts.change_password, context(house, everyone.owner), PASSWORD, new)


def test_a_reset_is_mailed_to_those_who_exist_and_to_nobody_else(house: House, everyone: People) -> None:
    for who in ("nobody@example.jp", "not an address", "", "x" * 100_000, "\x00"):
        accounts.request_reset(house, who, HERE)
    jobs.run_due(house)
    assert mailer(house).sent == []
    accounts.request_reset(house, email(house, everyone.owner).upper(), HERE)
    jobs.run_due(house)
    assert [mail.to for mail in mailer(house).sent] == [email(house, everyone.owner)]


def test_asking_again_and_again_sends_one_mail_in_five_minutes(
    house: House, everyone: People, clock: SetClock
) -> None:
    for _time in range(3):
        accounts.request_reset(house, email(house, everyone.owner), HERE)
    jobs.run_due(house)
    assert len(mailer(house).sent) == 1
    clock.move(minutes=5)
    accounts.request_reset(house, email(house, everyone.owner), HERE)
    jobs.run_due(house)
    assert len(mailer(house).sent) == 2


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    sa.event.listen(house.db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(house.db.engine, "before_cursor_execute", note)


def test_asking_for_a_reset_does_the_same_work_for_known_and_unknown_people(
    house: House, everyone: People
) -> None:
    known, unknown = email(house, everyone.owner), "nobody@example.jp"
    accounts.request_reset(
        house, "first@example.jp", HERE
    )  # the counter of this address is there from now on
    with counted(house) as for_known:
        accounts.request_reset(house, known, HERE)
    with counted(house) as for_unknown:
        accounts.request_reset(house, unknown, HERE)
    assert for_known == for_unknown != []


def test_resets_asked_for_without_end_from_one_address_are_refused(
    house: House, everyone: People, clock: SetClock
) -> None:
    for number in range(limits.RESET_TRIES):
        accounts.request_reset(house, f"{number}@example.jp", HERE)
    with pytest.raises(Invalid, match="resets_locked"):
        accounts.request_reset(house, email(house, everyone.owner), HERE)
    accounts.request_reset(house, email(house, everyone.owner), "203.0.113.9")
    clock.move(seconds=limits.SIGN_IN_LOCK)
    accounts.request_reset(house, email(house, everyone.owner), HERE)


def test_a_reset_sets_the_password_and_ends_sessions(house: House, everyone: People) -> None:
    token = sessions.start(house, everyone.owner, {})
    accounts.request_reset(house, email(house, everyone.owner), HERE)
    jobs.run_due(house)
    link = mailer(house).last_link().rsplit("/", 1)[1]
    accounts.reset_password(house, link, "another long password")
    assert sessions.load(house, token) is None
    assert sign_in.with_password(house, email(house, everyone.owner), "another long password", HERE)


def reset_token(house: House, account_id: UUID) -> str:
    accounts.request_reset(house, email(house, account_id), HERE)
    jobs.run_due(house)
    return mailer(house).last_link().rsplit("/", 1)[1]


def test_every_new_password_closes_the_open_links_for_a_reset(
    house: House, everyone: People, clock: SetClock
) -> None:
    first = reset_token(house, everyone.owner)
    accounts.change_password(context(house, everyone.owner), PASSWORD, "another long password")
    with pytest.raises(Conflict, match="link_revoked"):
        accounts.reset_password(house, first, "a third long password")
    clock.move(minutes=5)
    second = reset_token(house, everyone.owner)
    clock.move(minutes=5)
    accounts.reset_password(house, reset_token(house, everyone.owner), "a third long password")
    with pytest.raises(Conflict, match="link_revoked"):
        accounts.reset_password(house, second, "a fourth long password")
    assert actors(house, PasswordChanged.name) == [str(everyone.owner)] * 2


@pytest.mark.parametrize("who", ["known", "nobody@example.jp", "not an address", "\x00@example.jp"])
def test_the_worker_is_woken_alike_whoever_asks_for_a_reset(house: House, everyone: People, who: str) -> None:
    woken: list[str] = []
    listening = replace(house, wake=lambda: woken.append("now"))
    accounts.request_reset(listening, email(house, everyone.owner) if who == "known" else who, HERE)
    assert woken == ["now"]


def test_signing_out_everywhere_ends_every_session(house: House, everyone: People) -> None:
    tokens = [sessions.start(house, everyone.owner, {}) for _ in range(3)]
    other = sessions.start(house, everyone.auditor, {})
    sessions.end_everywhere(context(house, everyone.owner))
    assert [sessions.load(house, token) for token in tokens] == [None] * 3
    assert sessions.load(house, other)


def test_a_session_ends_when_idle_and_at_its_longest(house: House, everyone: People, clock: SetClock) -> None:
    token = sessions.start(house, everyone.owner, {})
    clock.move(seconds=limits.SESSION_IDLE)
    assert sessions.load(house, token) is None
    token = sessions.start(house, everyone.owner, {})
    for _hour in range(limits.SESSION_MAX // 3600 - 1):
        clock.move(hours=1)
        assert sessions.load(house, token)
    clock.move(hours=1)
    assert sessions.load(house, token) is None
