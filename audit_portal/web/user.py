"""The signed-in person as flask-login and the templates know them."""

from __future__ import annotations

from flask_login import UserMixin

from audit_portal.domain.access import Actor, Permission
from audit_portal.services.accounts.sessions import Person


class User(UserMixin):
    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        return str(self.person.account_id)

    @property
    def actor(self) -> Actor:
        return self.person.actor

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def organisation(self) -> str:
        return " ".join(part for part in (self.person.party_name, self.person.department) if part)

    def may(self, permission: str) -> bool:
        """For templates: whether to offer a thing at all; the service checks again."""
        return self.actor.may(Permission(permission))
