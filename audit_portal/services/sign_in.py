"""Signing in: password, then the second factor for staff; nothing tells a wrong name from a wrong password."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pyotp

from audit_portal.domain import limits
from audit_portal.domain.access import STAFF, Permission, require, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import Forbidden, Invalid
from audit_portal.domain.events import SecondFactorChanged, SignedIn, SignInLocked
from audit_portal.services import passwords, throttle
from audit_portal.services.accounts import confirm_password, normal_email
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
    usable = account is not None and account.state is AccountState.ACTIVE
    over = account is not None and account.ends_on is not None and account.ends_on < house.today()
    if not right or not usable or over or account is None:
        _failed(house, email, address, account)
        raise Invalid("sign_in_wrong")
    throttle.clear(house, "account", email)
    if factor and factor.confirmed_at:
        return Passed(account.id, "ask")
    return Passed(account.id, "enrol" if needed else "")


def _failed(house: House, email: str, address: str, account: Account | None) -> None:
    tries = throttle.count(house, "account", email)
    throttle.count(house, "address", address)
    if tries == limits.SIGN_IN_TRIES:
        with house.db.begin(_SYSTEM) as tx:
            tx.record(SignInLocked(account_id=account.id if account else None))


def signed_in(house: House, account_id: UUID) -> None:
    """Puts the sign-in into the ledger."""
    with house.db.begin(_SYSTEM) as tx:
        tx.record(SignedIn(account_id=account_id))


@dataclass(frozen=True)
class Enrolment:
    secret: str  # base32, to type by hand
    uri: str  # otpauth://, for the QR code


def _aad(account_id: UUID) -> bytes:
    return b"totp:" + account_id.bytes


def begin_enrolment(house: House, account_id: UUID) -> Enrolment:
    """A new secret that counts only once a code from it was typed; until then the same one is shown again."""
    with house.db.begin(_SYSTEM) as tx:
        account = get.one(tx, Account, account_id)
        factor = accounts.second_factor(tx, account_id)
        if factor and factor.confirmed_at:
            raise Invalid("second_factor_there")
        if factor is None:
            secret = pyotp.random_base32()
            factor = SecondFactor(
                account_id=account_id, sealed_secret=house.keys.wrap(secret.encode(), _aad(account_id))
            )
            tx.add(factor)
            tx.record(SecondFactorChanged(account_id=account_id, enabled=False))
        secret = house.keys.unwrap(factor.sealed_secret, _aad(account_id)).decode()
        email = account.email
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Audit Portal"))


def check_code(house: House, account_id: UUID, code: str) -> None:
    """A code counts once (RFC 6238 5.2). Raises Invalid('code_wrong' | 'sign_in_locked')."""
    if throttle.locked(house, "code", str(account_id)):
        raise Invalid("sign_in_locked")
    with house.db.begin(_SYSTEM) as tx:
        factor = accounts.second_factor(tx, account_id)
        step = _matching_step(house, factor, code, int(tx.now.timestamp())) if factor else None
        if factor and step is not None:
            if factor.confirmed_at is None:
                factor.confirmed_at = tx.now
                get.one(tx, Account, account_id).stamp += 1  # sessions from before had no second factor
                tx.record(SecondFactorChanged(account_id=account_id, enabled=True))
            else:
                tx.record(SignedIn(account_id=account_id))
            factor.last_step = step
            return
    throttle.count(house, "code", str(account_id))
    raise Invalid("code_wrong", field="code")


def _matching_step(house: House, factor: SecondFactor, code: str, now: int) -> int | None:
    totp = pyotp.TOTP(house.keys.unwrap(factor.sealed_secret, _aad(factor.account_id)).decode())
    digits = "".join(filter(str.isdigit, passwords.prepared(code)))
    for step in (now // _PERIOD - 1, now // _PERIOD, now // _PERIOD + 1):
        if step > factor.last_step and pyotp.utils.strings_equal(totp.at(step * _PERIOD), digits):
            return step
    return None


def remove_second_factor(ctx: Context, password: str) -> None:
    """Takes the factor off, with the password; sessions end. Staff enrol anew at the next sign-in."""
    confirm_password(ctx, password)
    _remove(ctx.house, ctx.actor.account_id)


def remove_second_factor_of(ctx: Context, account_id: UUID) -> None:
    """For somebody who lost the telephone: an administrator takes the factor off, never their own."""
    require(ctx.actor, Permission.ACCOUNTS)
    if account_id == ctx.actor.account_id:
        raise Forbidden("not_on_yourself")
    _remove(ctx.house, account_id)


def _remove(house: House, account_id: UUID | None) -> None:
    with house.db.begin(_SYSTEM) as tx:
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
