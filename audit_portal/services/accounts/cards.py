"""How people are called: name, department and title, from now on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.accounts import AccountChanged
from audit_portal.services.house import Context
from audit_portal.storage import get
from audit_portal.storage.tables.accounts import Account


@dataclass(frozen=True)
class Card:
    """How a person is called; what they did before keeps the card of its time."""

    name: str
    department: str = ""
    title: str = ""


def change_card(ctx: Context, account_id: UUID, version: int, card: Card) -> None:
    """Another name, department or title from now on; sessions go on."""
    require(ctx.actor, Permission.ACCOUNTS)
    with ctx.begin() as tx:
        account = get.one(tx, Account, account_id)
        get.at_version(account, version)
        if account.state is AccountState.ENDED:
            raise Conflict("already_ended")
        changed = {
            each for each in ("name", "department", "title") if getattr(account, each) != getattr(card, each)
        }
        if changed:
            account.name, account.department, account.title = card.name, card.department, card.title
            tx.record(AccountChanged(account_id=account.id, what=frozenset(changed)))
