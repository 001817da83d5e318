"""The form of an engagement's facts: all sections on one page, from facts and back to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, IntegerField, StringField, SubmitField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from audit_portal.domain.checklist import Tier
from audit_portal.domain.engagement import (
    Aim,
    Category,
    DataKind,
    EngagementFacts,
    Part,
    Place,
    ScopeItem,
    Transfer,
    Upstream,
)
from audit_portal.domain.supervision import Classification, WorkKind
from audit_portal.services.engagements.engagement_profile import Choices
from audit_portal.web import labels as people_labels
from audit_portal.web import widgets as ui
from audit_portal.web.engagements.fact_rows import FIRST, SPARE, lines
from audit_portal.web.engagements.fact_sections import (
    ClassSection,
    DataSection,
    PeopleSection,
    PeriodSection,
    PlaceSection,
    RiskSection,
    ScopeSection,
    TermsSection,
    WorkSection,
)

# Facts that their fields show as they are.
_SAME = (
    "title",
    "purpose",
    "data_categories",
    "persons",
    "description",
    "special_care",
    "my_number",
    "handled_abroad",
    "subcontracting",
    "starts_on",
    "ends_on",
    "abroad_where",
    "no_recipient_why",
    "transfer_note",
    "profile",
    "recheck_on",
    "classification_reason",
    "tier_reason",
)
T = TypeVar("T")
# Fields only officers fill; the service holds the same rule.
OFFICERS_ONLY = (
    "classification",
    "classification_reason",
    "recheck_on",
    "owner",
    "deputy",
    "risk_tier",
    "tier_reason",
)


class EngagementForm(
    WorkSection,
    ScopeSection,
    DataSection,
    PlaceSection,
    TermsSection,
    ClassSection,
    PeopleSection,
    PeriodSection,
    RiskSection,
):
    submit = SubmitField(_l("登録する"), widget=ui.Submit())

    def __init__(self, choices: Choices, language: str, **data: Any) -> None:
        super().__init__(**data)
        self._countries = {site.id: site.country for site in choices.sites}
        self.sites.choices = [
            (
                str(site.id),
                _("%(site)s（%(country)s）", site=site.name, country=people_labels.country(site.country)),
            )
            for site in choices.sites
        ]
        self.profile.choices = [(code, name.get(language) or name["ja"]) for code, name in choices.asked]
        people = [("", _l("決めていない")), *((str(key), name) for key, name in choices.owners)]
        self.owner.choices = self.deputy.choices = people
        if not self.is_submitted():
            for rows in (self.boundary, self.places, self.recipients):
                _spare(rows)

    def validate_abroad_where(self, field: StringField) -> None:
        if self.handled_abroad.data and not field.data:
            raise ValidationError(_l("どの国の、どこで取り扱うかを入力してください"))

    def validate_no_recipient_why(self, field: StringField) -> None:
        if self.handled_abroad.data and not field.data and all(row.form.empty for row in self.recipients):
            raise ValidationError(_l("外国の提供先を入力するか、外国の会社に渡さない理由を入力してください"))

    def facts(self, before: EngagementFacts | None = None) -> EngagementFacts:
        """What was typed; what the form doesn't ask of this person stays as it was `before`."""
        found = EngagementFacts(
            title=self.title.data,
            work_kind=WorkKind(self.work_kind.data),
            purpose=self.purpose.data,
            data_categories=self.data_categories.data,
            persons=self.persons.data or 0,
            description=self.description.data or "",
            special_care=self.special_care.data,
            my_number=self.my_number.data,
            handled_abroad=self.handled_abroad.data,
            subcontracting=self.subcontracting.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            category=Category(self.category.data) if self.category.data else None,
            aims=_chosen(self.aims.data, Aim),
            scope=self._scope(),
            data_kinds=_chosen(self.data_kinds.data, DataKind),
            places=self._places(),
            abroad_where=self.abroad_where.data or "",
            recipients=tuple(row.form.value() for row in self.recipients if not row.form.empty),
            no_recipient_why=self.no_recipient_why.data or "",
            transfer=_chosen(self.transfer.data, Transfer),
            transfer_note=self.transfer_note.data or "",
            profile=tuple(self.profile.data or ()),
            upstream=self._upstream(),
            classification=before.classification if before else Classification.ENTRUSTMENT,
            classification_reason=before.classification_reason if before else "",
        )
        return replace(found, **(self._officers() if "classification" in self else _kept(before)))

    def _officers(self) -> dict[str, Any]:
        return {
            "classification": Classification(self.classification.data),
            "classification_reason": self.classification_reason.data,
            "recheck_on": self.recheck_on.data,
            "risk_tier": Tier(self.risk_tier.data) if self.risk_tier.data else None,
            "tier_reason": (self.tier_reason.data or "") if self.risk_tier.data else "",
            "owner_id": UUID(self.owner.data) if self.owner.data else None,
            "deputy_id": UUID(self.deputy.data) if self.deputy.data else None,
        }

    def _scope(self) -> tuple[ScopeItem, ...]:
        return (
            *(ScopeItem(Part.IN, each) for each in lines(self.inside.data)),
            *(ScopeItem(Part.OUT, each) for each in lines(self.outside.data)),
            *(
                ScopeItem(Part.BOUNDARY, row.form.task.data, row.form.liaison.data)
                for row in self.boundary
                if row.form.task.data
            ),
        )

    def _places(self) -> tuple[Place, ...]:
        sites = (UUID(each) for each in self.sites.data or ())
        typed = (row.form.value() for row in self.places if row.form.place.data)
        return (*(Place(self._countries[each], each) for each in sites), *typed)

    def _upstream(self) -> Upstream:
        return Upstream(
            self.upstream_who.data or "",
            self.upstream_number.data or "",
            self.upstream_contract.data or "",
            self.upstream_permission.data,
            self.upstream_permitted_on.data,
        )


class ChangeForm(EngagementForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    submit = SubmitField(_l("変更を保存する"), widget=ui.Submit())

    def for_owner(self) -> None:
        """Leaves out what an officer decides."""
        for name in OFFICERS_ONLY:
            del self[name]


def form_data(facts: EngagementFacts) -> dict[str, Any]:
    """Facts as the form's fields show them."""
    upstream = facts.upstream
    tasks: dict[Part, list[str]] = {
        part: [each.task for each in facts.scope if each.part is part] for part in (Part.IN, Part.OUT)
    }
    return {
        **{name: getattr(facts, name) for name in _SAME},
        "work_kind": facts.work_kind.value,
        "classification": facts.classification.value,
        "category": facts.category.value if facts.category else "",
        "aims": _values(facts.aims),
        "data_kinds": _values(facts.data_kinds),
        "transfer": _values(facts.transfer),
        "inside": "\n".join(tasks[Part.IN]),
        "outside": "\n".join(tasks[Part.OUT]),
        "boundary": [
            {"task": each.task, "liaison": each.liaison} for each in facts.scope if each.part is Part.BOUNDARY
        ],
        "sites": [str(each.site_id) for each in facts.places if each.site_id],
        "places": [
            {"place": each.place, "country": each.country} for each in facts.places if not each.site_id
        ],
        "recipients": [
            {"who": each.who, "country": each.country, "route": each.route.value, "rests_on": each.rests_on}
            for each in facts.recipients
        ],
        "upstream_who": upstream.who,
        "upstream_number": upstream.number,
        "upstream_contract": upstream.contract,
        "upstream_permission": upstream.permission_needed,
        "upstream_permitted_on": upstream.permitted_on,
        "owner": str(facts.owner_id or ""),
        "deputy": str(facts.deputy_id or ""),
        "risk_tier": facts.risk_tier.value if facts.risk_tier else "",
    }


def _kept(before: EngagementFacts | None) -> dict[str, Any]:
    names = ("recheck_on", "risk_tier", "tier_reason", "owner_id", "deputy_id")
    return {name: getattr(before, name) for name in names} if before else {}


def _chosen(values: list[str] | None, kind: Callable[[str], T]) -> tuple[T, ...]:
    return tuple(kind(each) for each in values or ())


def _values(chosen: tuple[Any, ...]) -> list[str]:
    return [each.value for each in chosen]


def _spare(rows: FieldList) -> None:
    for _place in range(SPARE if len(rows) else FIRST):
        if len(rows) < rows.max_entries:
            rows.append_entry()


__all__ = ["ChangeForm", "EngagementForm", "form_data"]
