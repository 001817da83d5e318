"""What an actor's queries may return. Added to every statement, so a query can't be outside its reach.

Loader criteria are built for each concrete table (the mixin form doesn't work with SQLModel) and hold
for get, list, count, joins, EXISTS and bulk updates alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql.elements import ColumnClause, TextClause
from sqlalchemy.sql.selectable import Alias
from sqlmodel import col

from audit_portal.domain.access import INSIDE, Actor, Level
from audit_portal.domain.assessment import CLIENT_ONLY
from audit_portal.storage.scope_answers import SHOWN_AFTER, files_on_answers, in_use, reached, vendors_answers
from audit_portal.storage.scope_values import with_plain_values
from audit_portal.storage.tables.accounts import Account, Certificate
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    Evidence,
    EvidenceReading,
    EvidenceVersion,
)
from audit_portal.storage.tables.base import Ledger, Row, Scope
from audit_portal.storage.tables.contracts import Contract, ContractDocument, ContractEngagement
from audit_portal.storage.tables.supervision import EngagementLink, Party, PartyKind, Reach


class Unscoped(RuntimeError):
    """A query without an actor, or past the scope: a programming error, never shown to people."""


def tables() -> Iterator[type[Row]]:
    """Every mapped table class."""

    def walk(cls: type[Row]) -> Iterator[type[Row]]:
        for each in cls.__subclasses__():
            if hasattr(each, "__table__"):
                yield each
            yield from walk(each)

    return walk(Row)


class _Criteria(dict[str, Any]):
    """The loader criteria of an actor by table name (None: open to all), made when a table is first asked for."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def __missing__(self, name: str) -> Any:
        cls = _classes(len(Row.metadata.tables))[name]
        rule = _rule(cls, self._actor)
        if rule is None:
            self[name] = None
        else:
            self[name] = with_loader_criteria(cls, with_plain_values(rule), include_aliases=True)
        return self[name]


@lru_cache(maxsize=1)
def _classes(_tables: int) -> Mapping[str, type[Row]]:
    return {str(cls.__tablename__): cls for cls in tables()}


@lru_cache(maxsize=256)
def _criteria(actor: Actor) -> _Criteria:
    """Making them takes longer than most queries; the same person asks several times in a request."""
    return _Criteria(actor)


# Of rows that are never the vendor's whose engagement it is: who reviews it (client or principal), or was put on it.
_SUPERVISING = frozenset({Level.REVIEWER, Level.ASSIGNED})


def _within(cls: type[Row], column: Any, actor: Actor, levels: frozenset[Level] | None = None) -> Any:
    """Whether a row's engagement is one the actor has at one of these levels, or at any.

    Who acts for the client has them all: asked row by row, a page of a list looks at its own rows alone. Who has
    a few finds them first. (PostgreSQL makes the same of both; SQLite does as it is told.)
    """
    reach = Reach.__table__  # type: ignore[attr-defined]
    theirs = reach.c.subject_id.in_(sorted(actor.subjects, key=str))
    if levels is not None:
        theirs = sa.and_(theirs, reach.c.level.in_(sorted(levels)))
    if actor.party_id in actor.subjects and not actor.is_vendor:
        table = cls.__table__  # type: ignore[attr-defined]
        return sa.exists().where(reach.c.engagement_id == column, theirs).correlate(table)
    return column.in_(sa.select(reach.c.engagement_id).where(theirs))


def _rule(cls: type[Row], actor: Actor) -> Any:
    match cls.__scope__:
        case Scope.OPEN:
            return None
        case Scope.ENGAGEMENT:
            column = getattr(cls, getattr(cls, "__engagement_column__", "engagement_id"))
            rule = _within(cls, column, actor, _SUPERVISING if cls.__principal_only__ else INSIDE)
            if actor.is_vendor and (cls is Answer or "answer_id" in cls.model_fields):
                column = getattr(cls, "id" if cls is Answer else "answer_id")
                rule = sa.and_(rule, column.in_(vendors_answers(actor)))
            if actor.is_vendor and cls in SHOWN_AFTER:
                rule = sa.and_(rule, SHOWN_AFTER[cls](actor))
            if cls is Assessment and actor.is_vendor:  # what the client asks itself isn't the vendor's to see
                rule = sa.and_(rule, _not_the_clients_own(actor))
            elif actor.is_vendor and "assessment_id" in cls.model_fields:  # nor what stands in it
                rule = sa.and_(rule, _of_no_clients_own(cls, actor))
            return rule
        case Scope.CONTRACT:
            rule = getattr(cls, "id" if cls is Contract else "contract_id").in_(_contracts(actor))
            if cls is ContractDocument and actor.is_vendor:
                rule = sa.and_(rule, _shown_to_vendor(actor))
            return rule
        case Scope.EVIDENCE:
            return sa.or_(_files_within(cls, actor), _of_contract(cls, actor), in_use(cls, actor))
        case Scope.SIDE:
            return _side(cls, actor)
        case Scope.OFFICE:
            return None if actor.sees_register else sa.false()
        case Scope.LINK:
            return _within(cls, cls.id, actor)  # type: ignore[attr-defined]
        case Scope.SELF:
            return Reach.subject_id.in_(sorted(actor.subjects, key=str))  # type: ignore[attr-defined]
        case Scope.PARTY:
            return None if actor.sees_register else _parties(actor)
        case Scope.REGISTER:
            return None if actor.sees_register else _details(cls, actor)
        case Scope.ACCOUNT:
            return None if actor.sees_register else _accounts(cls, actor)
        case Scope.OWN:
            return cls.account_id == actor.account_id  # type: ignore[attr-defined]
        case Scope.SYSTEM:
            return sa.false()


def _files_within(cls: Any, actor: Actor) -> Any:
    """Files of engagements within reach. A vendor has all of those it supervises; of its own engagements its own
    files, a contributor those of items given to them. What its client keeps there (sources, papers, the client's own
    answers) is not its to see, nor what others read."""
    if not actor.is_vendor:
        return _within(cls, cls.engagement_id, actor, INSIDE)
    inside = _within(cls, cls.engagement_id, actor, INSIDE)
    if cls is EvidenceReading:
        return sa.and_(inside, col(EvidenceReading.account_id) == actor.account_id)
    file = col(Evidence.id) if cls is Evidence else col(EvidenceVersion.evidence_id)
    own = sa.and_(inside, file.in_(files_on_answers(actor) if actor.only_delegated else _of_party(actor)))
    return sa.or_(_within(cls, cls.engagement_id, actor, _SUPERVISING), own)


def _of_party(actor: Actor) -> Any:
    """The files of the actor's own party."""
    file = Evidence.__table__  # type: ignore[attr-defined]
    return sa.select(file.c.id).where(file.c.party_id == actor.party_id)


def _contracts(actor: Actor) -> sa.Select[tuple[Any]]:
    """Contracts that serve, or served, an engagement the actor sees from inside."""
    tie = ContractEngagement.__table__  # type: ignore[attr-defined]
    return sa.select(tie.c.contract_id).where(tie.c.engagement_id.in_(reached(actor, inside=True)))


def _of_contract(cls: Any, actor: Actor) -> Any:
    """Files of contracts: a vendor's lead has those of documents shown to it, a contributor none."""
    if actor.only_delegated:
        return sa.false()
    of_contract = cls.contract_id.in_(_contracts(actor))
    if not actor.is_vendor:
        return of_contract
    document, contract = ContractDocument.__table__, Contract.__table__  # type: ignore[attr-defined]
    own = sa.select(contract.c.id).where(contract.c.principal_id == actor.party_id)
    shown = sa.select(document.c.evidence_id).where(document.c.shared, document.c.withdrawn_at.is_(None))
    if cls is EvidenceReading:
        return sa.and_(of_contract, col(EvidenceReading.account_id) == actor.account_id)
    evidence_id: Any = cls.id if cls is Evidence else cls.evidence_id
    return sa.and_(of_contract, sa.or_(evidence_id.in_(shown), cls.contract_id.in_(own)))


def _shown_to_vendor(actor: Actor) -> Any:
    """A vendor sees what is marked shared, and all of contracts in which it entrusts the work itself."""
    contract = Contract.__table__  # type: ignore[attr-defined]
    own = sa.select(contract.c.id).where(contract.c.principal_id == actor.party_id)
    open_to_it = sa.and_(col(ContractDocument.shared), col(ContractDocument.withdrawn_at).is_(None))
    return sa.or_(open_to_it, col(ContractDocument.contract_id).in_(own))


def _not_the_clients_own(actor: Actor) -> Any:
    return sa.not_(
        sa.and_(col(Assessment.kind).in_(sorted(CLIENT_ONLY)), col(Assessment.vendor_id) == actor.party_id)
    )


def _of_no_clients_own(cls: Any, actor: Actor) -> Any:
    check = Assessment.__table__  # type: ignore[attr-defined]
    own = sa.select(check.c.id).where(
        check.c.kind.in_(sorted(CLIENT_ONLY)), check.c.vendor_id == actor.party_id
    )
    return sa.or_(cls.assessment_id.is_(None), cls.assessment_id.not_in(own))


def _side(cls: Any, actor: Actor) -> Any:
    """Rows both sides share, and those kept to one's own party; a contributor's also to the items they hold."""
    rule = sa.and_(
        _within(cls, cls.engagement_id, actor, INSIDE),
        sa.or_(cls.audience_id.is_(None), cls.audience_id == actor.party_id),
    )
    if not actor.only_delegated:
        return rule
    if hasattr(cls, "answer_id"):
        answer = Answer.__table__  # type: ignore[attr-defined]
        held = sa.select(answer.c.id).where(answer.c.delegate_id == actor.account_id)
        return sa.and_(rule, cls.answer_id.in_(held))
    if hasattr(cls, "delegate_id"):
        return sa.and_(rule, cls.delegate_id == actor.account_id)
    return sa.false()


def _parties(actor: Actor) -> Any:
    """One's own, the client, and whoever stands in a link within reach."""
    link = EngagementLink.__table__  # type: ignore[attr-defined]
    near = link.c.id.in_(reached(actor, inside=False))
    return sa.or_(
        Party.id == actor.party_id,  # type: ignore[arg-type]
        Party.kind == PartyKind.CLIENT,  # type: ignore[arg-type]
        Party.id.in_(sa.select(link.c.vendor_id).where(near)),  # type: ignore[attr-defined]
        Party.id.in_(sa.select(link.c.principal_id).where(near)),  # type: ignore[attr-defined]
    )


def _details(cls: type[Row], actor: Actor) -> Any:
    """One's own party's, and those of vendors whose engagement one sees from inside; no relative's."""
    link = EngagementLink.__table__  # type: ignore[attr-defined]
    inside = sa.select(link.c.vendor_id).where(link.c.id.in_(reached(actor, inside=True)))
    column = cls.party_id  # type: ignore[attr-defined]
    return sa.or_(column == actor.party_id, column.in_(inside))


def _accounts(cls: type[Row], actor: Actor) -> Any:
    """Colleagues: accounts of one's own party."""
    if cls is Account:
        return Account.party_id == actor.party_id
    return Certificate.account_id == actor.account_id


def _asked(statement: Any) -> set[str]:
    """The tables of a statement, by name. The criteria reach mapped tables only: what an alias, a bare table or
    text would bring unfiltered is refused.
    """
    asked: set[str] = set()
    levels = [statement]  # and each SELECT inside it, which has to name its tables' classes itself
    while levels:
        level = levels.pop()
        own, mapped = set(), set()
        _refuse_unfiltered(level)
        left = list(level.get_children())
        while left:
            part = left.pop()
            if isinstance(part, sa.Select):
                levels.append(part)
                continue
            if isinstance(part, sa.Table | sa.Column):
                own.add(_table(part))
                if "parententity" in part._annotations:
                    mapped.add(_table(part))
            _refuse_unfiltered(part)
            left.extend(part.get_children())
        if isinstance(level, sa.Select) and own - mapped:
            raise Unscoped(f"{sorted(own - mapped)}: not asked for through the mapped class")
        asked |= own
    return asked


def _refuse_unfiltered(part: Any) -> None:
    if isinstance(part, Alias):
        raise Unscoped("no aliased tables: ask for the rows in a second query")
    if isinstance(part, TextClause) or (
        isinstance(part, ColumnClause) and part.is_literal and part.name != "*"
    ):
        raise Unscoped("no text in statements")


def _table(part: sa.Table | sa.Column[Any]) -> str:
    return str((part if isinstance(part, sa.Table) else part.table).name)


def _refuse_bulk(cls: type[Row] | None) -> None:
    """Only what is listed as deletable and exempt may change in bulk: no version, no history is kept of it."""
    if cls is None or cls.__ledger__ is not Ledger.EXEMPT or not cls.__deletable__:
        raise Unscoped("rows change one by one: load them")


def enforce(state: ORMExecuteState) -> None:
    """`do_orm_execute`: refuses statements past the ORM, adds the criteria to the rest."""
    if state.execution_options.get("_house"):
        return
    if not state.is_orm_statement:
        raise Unscoped("only statements on mapped tables go through a transaction")
    actor: Actor | None = state.session.info.get("actor")
    if actor is None:
        raise Unscoped("a query needs an actor: use Database.begin(actor) or Database.read(actor)")
    asked = {str(mapper.class_.__tablename__) for mapper in state.all_mappers}
    asked |= _asked(state.statement)
    if not state.is_select:
        _refuse_bulk(state.bind_mapper.class_ if state.bind_mapper else None)
    if not actor.system and (state.is_select or state.is_update or state.is_delete):
        # Those of the tables in this statement alone: all of them with each would cost more than the query.
        found = [_criteria(actor)[name] for name in sorted(asked)]
        state.statement = state.statement.options(*(each for each in found if each is not None))
