"""From an empty database to an installation: keys known, client registered, first administrator in."""

from __future__ import annotations

from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import Role, system
from audit_portal.domain.accounts import LinkKind
from audit_portal.domain.corporate_number import corporate_number
from audit_portal.domain.errors import Conflict, Misconfigured
from audit_portal.domain.events.parties import PartyRegistered
from audit_portal.domain.events.system import InstallationPrepared
from audit_portal.domain.numbers import Numbered
from audit_portal.services.accounts import accounts, links
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.house import House
from audit_portal.services.readings import reading
from audit_portal.storage import parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.tables.system import Installation
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("setup")


def prepare(house: House, sample: bool = False) -> bool:
    """Writes what this installation is known by; False when it was there already (then the keys must fit)."""
    with house.db.read(_SYSTEM) as tx:
        there = parties.installation(tx)
    if there:
        check_keys(house)
        return False
    with house.db.begin(_SYSTEM) as tx:
        row = Installation(
            id=uuid7(),
            key_id=house.keys.key_id(),
            ledger_origin=house.ledger_signer.origin,
            ledger_key=house.ledger_signer.verifier_key,
            sample=sample,
            staff_need_second_factor=not sample,
        )
        tx.add(row)
        tx.record(InstallationPrepared(installation_id=row.id, key_id=row.key_id, ledger_key=row.ledger_key))
    return True


def check_keys(house: House) -> None:
    """Raises Misconfigured when the keys at hand aren't the ones this database was made with."""
    with house.db.read(_SYSTEM) as tx:
        row = parties.installation(tx)
    if row is None:
        raise Misconfigured("database_empty", mend="audit-portal init")
    if row.key_id != house.keys.key_id():
        raise Misconfigured("key_other", key="root.key", expected=row.key_id, found=house.keys.key_id())
    if row.ledger_key != house.ledger_signer.verifier_key:
        raise Misconfigured(
            "key_other", key="ledger.key", expected=row.ledger_key, found=house.ledger_signer.verifier_key
        )


def is_sample(house: House) -> bool:
    with house.db.read(_SYSTEM) as tx:
        row = parties.installation(tx)
    return bool(row and row.sample)


def client_id(house: House) -> UUID | None:
    with house.db.read(_SYSTEM) as tx:
        client = parties.client(tx)
    return client.id if client else None


def setup_link(house: House) -> str | None:
    """A one-time link for the first administrator; None once there is a client."""
    if client_id(house):
        return None
    with house.db.begin(_SYSTEM) as tx:
        links.close(tx, LinkKind.SETUP, None)
        return links.issue(house, tx, LinkKind.SETUP, None, "copied")


def register_client(house: House, name: str, kana: str, number: str) -> UUID:
    """The organisation that runs the portal. Raises Conflict('link_used') when there is one."""
    with house.db.begin(_SYSTEM) as tx:
        return _client(tx, name, kana, number).id


def _client(tx: Transaction, name: str, kana: str, number: str) -> Party:
    if parties.client(tx):
        raise Conflict("link_used")
    party = Party(
        number=next_number(tx, Numbered.PARTY),
        kind=PartyKind.CLIENT,
        name=name,
        kana=reading(kana),
        corporate_number=corporate_number(number),
    )
    tx.add(party)
    tx.flush()
    tx.record(PartyRegistered(party_id=party.id, number=party.number))
    return party


def finish(house: House, token: str, client: tuple[str, str, str], person: NewPerson, password: str) -> UUID:
    """The set-up page: takes the link, registers client (name, kana, corporate number) and administrator.

    All in one transaction: what is refused leaves the link good for another try.
    """
    with house.db.begin(_SYSTEM) as tx:
        links.use(tx, LinkKind.SETUP, token)
        party = _client(tx, *client)
        accounts.join(tx, party, person, password)
    return party.id


def administrator(
    name: str, email: str, department: str, language: str = "ja", officer: bool = False
) -> NewPerson:
    """The first person; in a small company also the officer. An administrator alone sees no evidence."""
    roles = frozenset({Role.ADMIN, Role.OFFICER} if officer else {Role.ADMIN})
    return NewPerson(name=name, email=email, department=department, roles=roles, language=language)
