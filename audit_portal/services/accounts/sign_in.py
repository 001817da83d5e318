"""Signing in: password, then the second factor for staff; nothing tells a wrong name from a wrong password."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pyotp

from audit_portal.domain import limits
from audit_portal.domain.access import STAFF, Actor, Permission, not_signed_in, require, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import Forbidden, Invalid, Misconfigured
from audit_portal.domain.events.accounts import SecondFactorChanged, SignedIn, SignInLocked
from audit_portal.services.accounts import passwords, throttle
from audit_portal.services.accounts.accounts import confirm_password
from audit_portal.services.accounts.addresses import normal_email
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts, get, parties
from audit_portal.storage.tables.accounts import Account, SecondFactor
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("sign_in")
_PERIOD = 30


@dataclass(frozen=True)
class Passed:
    """The password was right. `second` says what comes next: "", "ask" (a code) or "enrol"."""

    account_id: UUID
    second: str
    stamp: int  # the account's; a change of the account since then undoes what was passed
    at: datetime


def with_password(house: House, email: str, password: str, address: str) -> Passed:
    """Raises Invalid('sign_in_wrong') or Invalid('sign_in_locked'), the same for known and unknown people."""
    try:
        email, possible = normal_email(email), True
    except Invalid:
        email, possible = email.strip().lower(), False  # counted alike, but no account can have it
    if throttle.locked(house, "account", email) or throttle.locked(house, "address", address, most=100):
        raise Invalid("sign_in_locked")
    with house.db.read(_SYSTEM) as tx:
        account = accounts.by_email(tx, email) if possible else None
        identity = accounts.identity(tx, account.id) if account else None
        factor = accounts.second_factor(tx, account.id) if account else None
        needed = account is not None and _needed(tx, account)
    right = passwords.matches(identity.secret if identity else None, password)
    if not right or account is None or not _open(house, account):
        _failed(house, email, address, account)
        raise Invalid("sign_in_wrong")
    throttle.clear(house, "account", email)
    second = "ask" if factor and factor.confirmed_at else "enrol" if needed else ""
    return Passed(account.id, second, account.stamp, house.clock.now())


def _open(house: House, account: Account) -> bool:
    over = account.ends_on is not None and account.ends_on < house.today()
    return account.state is AccountState.ACTIVE and not over


def half(house: House, account_id: UUID, stamp: int, issued_at: datetime) -> bool:
    """Whether a right password still counts as half a sign-in: not too old, and the account is as it was."""
    if house.clock.now() - issued_at >= timedelta(seconds=limits.HALF_SIGN_IN_LIFE):
        return False
    with house.db.read(_SYSTEM) as tx:
        account = accounts.people(tx, [account_id]).get(account_id)
        return account is not None and account.stamp == stamp and _open(house, account)


def _failed(house: House, email: str, address: str, account: Account | None) -> None:
    tries = throttle.count(house, "account", email)
    throttle.count(house, "address", address)
    if tries == limits.SIGN_IN_TRIES:
        with house.db.begin(_SYSTEM) as tx:
            tx.record(SignInLocked(account_id=account.id if account else None))


def signed_in(house: House, account_id: UUID) -> None:
    """Puts the sign-in into the ledger."""
    with house.db.begin(_by(not_signed_in(account_id))) as tx:
        tx.record(SignedIn(account_id=account_id))


def _by(person: Actor) -> Actor:
    return system("sign_in", by=person)


@dataclass(frozen=True)
class Enrolment:
    secret: str  # base32, to type by hand
    uri: str  # otpauth://, for the QR code
    sealed: str  # the secret for the browser's session to keep; base64 (RFC 4648 5)


def _aad(account_id: UUID) -> bytes:
    return b"totp:" + account_id.bytes


def begin_enrolment(house: House, account_id: UUID, sealed: str | None = None) -> Enrolment:
    """The secret this browser's session keeps sealed, or a new one; it counts once a code from it was typed.

    Nothing is stored: a secret shown to one browser is shown to no other, not even with the same password.
    """
    with house.db.read(_SYSTEM) as tx:
        account = get.one(tx, Account, account_id)
        factor = accounts.second_factor(tx, account_id)
    if factor and factor.confirmed_at:
        raise Invalid("second_factor_there")
    secret = _unsealed(house, account_id, sealed)
    if secret is None or sealed is None:
        secret = pyotp.random_base32()
        wrapped = house.keys.wrap(secret.encode(), _pending(account_id))
        sealed = base64.urlsafe_b64encode(wrapped).decode()
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name="Audit Portal")
    return Enrolment(secret, uri, sealed)


def _pending(account_id: UUID) -> bytes:
    return b"totp-pending:" + account_id.bytes


def _unsealed(house: House, account_id: UUID, sealed: str | None) -> str | None:
    try:
        wrapped = base64.urlsafe_b64decode(sealed or "")
        return house.keys.unwrap(wrapped, _pending(account_id)).decode() if wrapped else None
    except (binascii.Error, ValueError, Misconfigured):
        return None  # sealed for somebody else, or under a key that is gone: begun anew


def confirm_enrolment(
    house: House, account_id: UUID, sealed: str, code: str, stamp: int | None = None
) -> int:
    """The first code from a sealed secret makes it the second factor; sessions end. Returns the new stamp.

    With `stamp`, only while the account still has it. Raises Invalid('code_wrong' | 'second_factor_there' |
    'sign_in_locked').
    """
    _not_guessing(house, account_id)
    secret = _unsealed(house, account_id, sealed)
    with house.db.begin(_by(not_signed_in(account_id))) as tx:
        account = accounts.lock(tx, account_id)
        factor = accounts.second_factor(tx, account_id)
        if factor and factor.confirmed_at:
            raise Invalid("second_factor_there")
        step = _matching_step(secret, 0, code, int(tx.now.timestamp())) if secret else None
        if secret and step is not None and stamp in (None, account.stamp):
            if factor is None:
                factor = SecondFactor(account_id=account_id, sealed_secret=b"")
                tx.add(factor)
            factor.sealed_secret = house.keys.wrap(secret.encode(), _aad(account_id))
            factor.confirmed_at, factor.last_step = tx.now, step
            account.stamp += 1  # sessions from before had no second factor
            tx.record(SecondFactorChanged(account_id=account_id, enabled=True))
            return account.stamp
    raise _wrong_code(house, account_id)


def check_code(house: House, account_id: UUID, code: str) -> None:
    """A code counts once (RFC 6238 5.2). Raises Invalid('code_wrong' | 'sign_in_locked')."""
    _not_guessing(house, account_id)
    with house.db.begin(_by(not_signed_in(account_id))) as tx:
        factor = accounts.second_factor(tx, account_id)
        if factor and factor.confirmed_at:
            secret = house.keys.unwrap(factor.sealed_secret, _aad(account_id)).decode()
            step = _matching_step(secret, factor.last_step, code, int(tx.now.timestamp()))
            if step is not None:
                factor.last_step = step
                tx.record(SignedIn(account_id=account_id))
                return
    raise _wrong_code(house, account_id)


def _not_guessing(house: House, account_id: UUID) -> None:
    if throttle.locked(house, "code", str(account_id)):
        raise Invalid("sign_in_locked")


def _wrong_code(house: House, account_id: UUID) -> Invalid:
    throttle.count(house, "code", str(account_id))
    return Invalid("code_wrong", field="code")


def _matching_step(secret: str, last_step: int, code: str, now: int) -> int | None:
    totp = pyotp.TOTP(secret)
    digits = "".join(filter(str.isdigit, passwords.prepared(code)))
    for step in (now // _PERIOD - 1, now // _PERIOD, now // _PERIOD + 1):
        if step > last_step and pyotp.utils.strings_equal(totp.at(step * _PERIOD), digits):
            return step
    return None


def remove_second_factor(ctx: Context, password: str) -> None:
    """Takes the factor off, with the password; sessions end. Staff enrol anew at the next sign-in."""
    confirm_password(ctx, password)
    _remove(ctx, ctx.actor.person)


def remove_second_factor_of(ctx: Context, account_id: UUID) -> None:
    """For somebody who lost the telephone: an administrator takes the factor off, never their own."""
    require(ctx.actor, Permission.ACCOUNTS)
    if account_id == ctx.actor.account_id:
        raise Forbidden("not_on_yourself")
    _remove(ctx, account_id)


def _remove(ctx: Context, account_id: UUID) -> None:
    with ctx.house.db.begin(_by(ctx.actor)) as tx:
        account = get.one(tx, Account, account_id)
        factor = accounts.second_factor(tx, account.id)
        if factor is None:
            return
        tx.remove(factor)
        account.stamp += 1
        tx.record(SecondFactorChanged(account_id=account.id, enabled=False))


@dataclass(frozen=True)
class FactorState:
    on: bool
    needed: bool  # the installation asks it of this person


def second_factor(ctx: Context, account_id: UUID) -> FactorState:
    """Of oneself; of others for who manages accounts."""
    if account_id != ctx.actor.account_id:
        require(ctx.actor, Permission.ACCOUNTS)
    with ctx.house.db.read(_SYSTEM) as tx:
        account = get.one(tx, Account, account_id)
        factor = accounts.second_factor(tx, account_id)
        return FactorState(bool(factor and factor.confirmed_at), _needed(tx, account))


def _needed(tx: Transaction, account: Account) -> bool:
    staff = bool({role.value for role in STAFF} & set(account.roles))
    installation = parties.installation(tx)
    return staff and installation is not None and installation.staff_need_second_factor
