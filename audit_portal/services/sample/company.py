"""The people of the sample: who they are, how they join, and whose context a step is made in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import Actor, Role
from audit_portal.services.accounts import accounts, signing_keys
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.house import Context, House

_DOMAIN = "sample-shoji.example"


@dataclass(frozen=True)
class SamplePerson:
    email: str
    password: str
    what: str
    passphrase: str = ""


@dataclass(frozen=True)
class _Staff:
    key: str
    name: str
    department: str
    roles: frozenset[Role]
    what: str
    signs: bool = False


_STAFF = (
    _Staff(
        "hanako",
        "佐藤 花子",
        "個人情報保護推進室",
        frozenset({Role.OFFICER}),
        "個人情報保護担当 / officer",
        True,
    ),
    _Staff(
        "makoto",
        "高橋 誠",
        "個人情報保護推進室",
        frozenset({Role.OFFICER}),
        "個人情報保護担当（2人目） / second officer",
    ),
    _Staff("kenji", "田中 健二", "管理本部", frozenset({Role.APPROVER}), "個人情報保護管理者 / approver"),
    _Staff(
        "akira",
        "中村 彰",
        "管理本部",
        frozenset({Role.APPROVER}),
        "管理本部長、決裁経路の途中の承認者 / approver before the last",
    ),
    _Staff("yumi", "山本 由美", "内部監査室", frozenset({Role.AUDITOR}), "監査人 / auditor", True),
    _Staff("ken", "渡辺 健", "営業企画部", frozenset({Role.OWNER}), "所管部門 / owner"),
    _Staff("admin", "伊藤 直樹", "情報システム部", frozenset({Role.ADMIN}), "管理者 / administrator"),
)


class Company:
    """The people of the sample, and their contexts."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people: list[SamplePerson] = []
        self._actors: dict[str, Actor] = {}
        self.passphrases: dict[str, str] = {}

    def id_of(self, key: str) -> UUID:
        return self._actors[key].person

    def as_(self, key: str) -> Context:
        return Context(self.house, self._actors[key])

    def join(self, party_id: UUID, key: str, person: NewPerson, what: str, signs: bool = False) -> None:
        password = f"{key}-{secrets.token_hex(6)}"
        account_id = accounts.joined_now(self.house, party_id, person, password)
        self._actors[key] = Actor(account_id, party_id, person.roles, person.name)
        if signs:
            self.passphrases[key] = f"{key}-sign-{secrets.token_hex(6)}"
            signing_keys.issue(self.as_(key), self.passphrases[key])
        self.people.append(SamplePerson(person.email, password, what, self.passphrases.get(key, "")))


def hire(company: Company, client_id: UUID) -> None:
    """The client's own people join."""
    for each in _STAFF:
        person = NewPerson(each.name, f"{each.key}@{_DOMAIN}", each.roles, each.department, "03-5555-0134")
        company.join(client_id, each.key, person, each.what, each.signs)
