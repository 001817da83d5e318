"""Who may do what: roles, permissions, reach. One readable table; everything not in it is refused.

A permission says what a role may attempt at all; the reach of an engagement says on which objects;
the functions at the end say what else must hold (four eyes).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from audit_portal.domain.errors import Forbidden


class Role(StrEnum):
    OFFICER = "officer"
    APPROVER = "approver"
    OWNER = "owner"
    AUDITOR = "auditor"
    VENDOR_LEAD = "vendor_lead"
    VENDOR_CONTRIBUTOR = "vendor_contributor"
    ADMIN = "admin"


STAFF = frozenset({Role.OFFICER, Role.APPROVER, Role.OWNER, Role.AUDITOR, Role.ADMIN})
VENDOR = frozenset({Role.VENDOR_LEAD, Role.VENDOR_CONTRIBUTOR})


class Level(StrEnum):
    """How a subject relates to an engagement; rows of the `reach` table."""

    OWN = "own"  # the vendor whose engagement it is
    BELOW = "below"  # it stands somewhere below one of the subject's own
    ABOVE = "above"  # it is the direct parent of one of the subject's own
    REVIEWER = "reviewer"  # the client, or the principal that reviews it
    GRANTED = "granted"  # the contract grants evidence of this tier
    ASSIGNED = "assigned"  # a person: auditor or owner


# Relatives see the link (parties, tier, state); only these levels see the engagement itself.
INSIDE = frozenset({Level.OWN, Level.REVIEWER, Level.GRANTED, Level.ASSIGNED})


class Permission(StrEnum):
    ANYONE = "anyone"  # no sign-in: the sign-in page itself, links by mail, report verification
    SIGNED_IN = "signed_in"  # own home page, own account
    ACCOUNTS = "accounts"
    JOBS = "jobs"
    PARTY_VIEW = "party.view"
    PARTY_REGISTER = "party.register"
    REGISTER_IMPORT = "register.import"
    VENDOR_INVITE = "vendor.invite"
    ENGAGEMENT_VIEW = "engagement.view"
    ENGAGEMENT_REGISTER = "engagement.register"
    ENGAGEMENT_CHANGE = "engagement.change"
    ENGAGEMENT_TIMELINE = "engagement.timeline"
    ENGAGEMENT_REOPEN = "engagement.reopen"
    AUDITOR_ASSIGN = "auditor.assign"
    ASSESSMENT_SEND = "assessment.send"
    ASSESSMENT_VIEW = "assessment.view"
    ANSWER_WRITE = "answer.write"
    ASSESSMENT_SUBMIT = "assessment.submit"
    ITEM_DELEGATE = "item.delegate"
    COMMENT_WRITE = "comment.write"
    TIME_ASK = "time.ask"
    TIME_DECIDE = "time.decide"
    COPY_READ = "copy.read"
    STALE_SETTLE = "stale.settle"
    COMPANY_ANSWERS = "company_answers"
    ROUND_SEND = "round.send"
    EVIDENCE_UPLOAD = "evidence.upload"
    EVIDENCE_READ = "evidence.read"
    ASSESSMENT_HAND_IN = "assessment.hand_in"  # what the client's own people answer
    CLAUSE_TIE = "clause.tie"
    BEHALF_ENTER = "behalf.enter"  # answers of a party without an account
    BEHALF_CONFIRM = "behalf.confirm"
    USER_CONTROL = "user_control"  # what a provider leaves to its user to do
    CONTRACT_VIEW = "contract.view"
    CONTRACT_REGISTER = "contract.register"
    PLAN_VIEW = "plan.view"
    PLAN_WRITE = "plan.write"
    REVIEW_WRITE = "review.write"
    FINDING_VIEW = "finding.view"
    DECISION_REQUEST = "decision.request"
    DECISION_MAKE = "decision.make"
    ROUTE_MANAGE = "route.manage"
    CLIENT_FACTS = "client.facts"  # what the client is, for every engagement
    CONDITION_FULFIL = "condition.fulfil"
    HANDOVER = "handover"  # of the client's own people: each of its moves is an officer's by this table
    LEAD_CHANGE = "lead_change"  # looks at how a vendor's new lead was confirmed
    REPORT_VIEW = "report.view"
    REPORT_CREATE = "report.create"
    REPORT_CERTIFY = "report.certify"
    REPORT_COUNTERSIGN = "report.countersign"
    SIGNING_KEY = "signing_key"


_R, _P = Role, Permission
ROLES: dict[Permission, frozenset[Role]] = {
    _P.ANYONE: frozenset(Role),
    _P.SIGNED_IN: frozenset(Role),
    _P.ACCOUNTS: frozenset({_R.ADMIN}),
    _P.JOBS: frozenset({_R.ADMIN}),
    _P.PARTY_VIEW: frozenset({_R.OFFICER, _R.APPROVER, _R.OWNER, _R.AUDITOR}),
    _P.PARTY_REGISTER: frozenset({_R.OFFICER}),
    _P.REGISTER_IMPORT: frozenset({_R.OFFICER}),
    _P.VENDOR_INVITE: frozenset({_R.OFFICER}),
    _P.ENGAGEMENT_VIEW: frozenset(Role) - {_R.ADMIN},
    _P.ENGAGEMENT_REGISTER: frozenset({_R.OFFICER}),
    _P.ENGAGEMENT_CHANGE: frozenset({_R.OFFICER, _R.OWNER}),
    _P.ENGAGEMENT_TIMELINE: frozenset({_R.OFFICER, _R.APPROVER, _R.OWNER, _R.AUDITOR}),
    _P.ENGAGEMENT_REOPEN: frozenset({_R.OFFICER}),
    _P.AUDITOR_ASSIGN: frozenset({_R.OFFICER}),
    _P.ASSESSMENT_SEND: frozenset({_R.OFFICER}),
    _P.ASSESSMENT_VIEW: frozenset(Role) - {_R.ADMIN},
    _P.ANSWER_WRITE: frozenset({_R.OFFICER, _R.OWNER, _R.VENDOR_LEAD, _R.VENDOR_CONTRIBUTOR}),
    _P.ASSESSMENT_SUBMIT: frozenset({_R.VENDOR_LEAD}),
    _P.ASSESSMENT_HAND_IN: frozenset({_R.OFFICER, _R.OWNER}),
    _P.CLAUSE_TIE: frozenset({_R.OFFICER, _R.OWNER}),
    _P.BEHALF_ENTER: frozenset({_R.OFFICER}),
    _P.BEHALF_CONFIRM: frozenset({_R.OFFICER, _R.OWNER}),
    _P.USER_CONTROL: frozenset({_R.OFFICER, _R.OWNER}),
    _P.CONTRACT_VIEW: frozenset(Role) - {_R.ADMIN, _R.VENDOR_CONTRIBUTOR},
    _P.CONTRACT_REGISTER: frozenset({_R.OFFICER}),
    _P.ITEM_DELEGATE: frozenset({_R.OFFICER, _R.VENDOR_LEAD}),
    _P.COMMENT_WRITE: frozenset({_R.OFFICER, _R.OWNER, _R.AUDITOR, _R.VENDOR_LEAD, _R.VENDOR_CONTRIBUTOR}),
    _P.TIME_ASK: frozenset({_R.VENDOR_LEAD}),
    _P.TIME_DECIDE: frozenset({_R.OFFICER}),
    _P.COPY_READ: frozenset({_R.VENDOR_LEAD}),
    _P.STALE_SETTLE: frozenset({_R.OFFICER}),
    _P.COMPANY_ANSWERS: frozenset({_R.VENDOR_LEAD}),
    _P.ROUND_SEND: frozenset({_R.OFFICER}),
    _P.EVIDENCE_UPLOAD: frozenset({_R.OFFICER, _R.OWNER, _R.VENDOR_LEAD, _R.VENDOR_CONTRIBUTOR}),
    _P.EVIDENCE_READ: frozenset(Role) - {_R.ADMIN},
    _P.PLAN_VIEW: frozenset({_R.OFFICER, _R.APPROVER, _R.OWNER, _R.AUDITOR}),
    _P.PLAN_WRITE: frozenset({_R.OFFICER}),
    _P.REVIEW_WRITE: frozenset({_R.OFFICER, _R.AUDITOR}),
    _P.FINDING_VIEW: frozenset(Role) - {_R.ADMIN, _R.VENDOR_CONTRIBUTOR},
    _P.DECISION_REQUEST: frozenset({_R.OFFICER}),
    _P.DECISION_MAKE: frozenset({_R.APPROVER}),
    _P.ROUTE_MANAGE: frozenset({_R.OFFICER, _R.ADMIN}),
    _P.CLIENT_FACTS: frozenset({_R.OFFICER, _R.ADMIN}),
    _P.CONDITION_FULFIL: frozenset({_R.OFFICER, _R.OWNER}),
    _P.HANDOVER: frozenset({_R.OFFICER}),
    _P.LEAD_CHANGE: frozenset({_R.OFFICER, _R.ADMIN}),
    _P.REPORT_VIEW: frozenset({_R.OFFICER, _R.APPROVER, _R.OWNER, _R.AUDITOR}),
    _P.REPORT_CREATE: frozenset({_R.OFFICER, _R.AUDITOR}),
    _P.REPORT_CERTIFY: frozenset({_R.AUDITOR}),
    _P.REPORT_COUNTERSIGN: frozenset({_R.OFFICER}),
    _P.SIGNING_KEY: frozenset({_R.OFFICER, _R.AUDITOR}),
}

# Their reach is the client's; auditors and owners reach what they are assigned.
_FOR_THE_CLIENT = frozenset({Role.OFFICER, Role.APPROVER})


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with an account, or the system itself in a named job."""

    account_id: UUID | None
    party_id: UUID | None
    roles: frozenset[Role]
    name: str
    system: str | None = None
    by: UUID | None = None  # for whom the system acts

    @property
    def person(self) -> UUID:
        """The acting person's account id. Raises Forbidden for the system: a person has to do this."""
        if self.account_id is None:
            raise Forbidden("person_needed")
        return self.account_id

    @property
    def label(self) -> str:
        """What ledger and history call the actor: an id, never a name."""
        if self.system and self.by is None:
            return f"system:{self.system}"
        return str(self.by or self.account_id)

    @property
    def subjects(self) -> frozenset[UUID]:
        """The ids under which `reach` knows this actor."""
        ids = {self.account_id} if self.account_id else set()
        if self.party_id and self.roles & (_FOR_THE_CLIENT | VENDOR):
            ids.add(self.party_id)
        return frozenset(ids)

    @property
    def party(self) -> UUID:
        """The acting person's party. Raises Forbidden for the system."""
        if self.party_id is None:
            raise Forbidden("person_needed")
        return self.party_id

    @property
    def is_vendor(self) -> bool:
        return bool(self.roles & VENDOR)

    @property
    def only_delegated(self) -> bool:
        """A contributor reaches just the items delegated to them."""
        return self.roles == frozenset({Role.VENDOR_CONTRIBUTOR})

    @property
    def sees_register(self) -> bool:
        """Sees every party and every account of the client's register."""
        return bool(self.roles & (_FOR_THE_CLIENT | {Role.ADMIN}))

    def may(self, permission: Permission) -> bool:
        return bool(self.roles & ROLES[permission])


def system(job: str, by: Actor | None = None) -> Actor:
    """The portal itself, in one named job; not limited by reach. What a person started is put down to `by`."""
    return Actor(None, None, frozenset(), job, system=job, by=by.account_id if by else None)


def not_signed_in(account_id: UUID | None) -> Actor:
    """A person known only by a password or a link: a label for ledger and history, without any reach."""
    return Actor(account_id, None, frozenset(), "")


def require(actor: Actor, permission: Permission) -> None:
    """Raises Forbidden unless one of the actor's roles holds the permission; the system may."""
    if actor.system is None and not actor.may(permission):
        raise Forbidden("permission_missing", permission=permission.value)


def other_person(actor: Actor, *others: UUID | None, code: str) -> None:
    """Four eyes: raises Forbidden(code) when the actor already acted in the other part."""
    if actor.account_id in others:
        raise Forbidden(code)


def check_roles(roles: frozenset[Role], vendor: bool) -> None:
    """Staff roles belong to the client's people, vendor roles to the vendor's; never both in one account.

    Who audits is another person than who approves.
    """
    if not roles or not roles <= (VENDOR if vendor else STAFF):
        raise Forbidden("roles_do_not_fit")
    if roles >= {Role.APPROVER, Role.AUDITOR}:
        raise Forbidden("auditor_is_not_approver")
