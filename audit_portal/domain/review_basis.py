"""What a reviewer must say of a sample, or of a third party's report, before a conclusion can rest on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit_portal.domain import limits
from audit_portal.domain.assessment import ReviewBasis
from audit_portal.domain.errors import Invalid

# The reviewer looked, or asked: something has to show it afterwards.
_LOOKED = frozenset({ReviewBasis.DOCUMENT, ReviewBasis.INTERVIEW, ReviewBasis.ON_SITE, ReviewBasis.REMOTE})


@dataclass(frozen=True)
class Sample:
    """How many there are, how many of them were looked at, and how those were chosen."""

    population: int | None
    size: int | None
    choice: str = ""


@dataclass(frozen=True)
class ThirdParty:
    """A report or certificate by somebody else: what it covers, of which time, and what it takes exception to."""

    title: str = ""
    scope: str = ""
    period_from: date | None = None
    period_to: date | None = None
    exceptions: str = ""  # "none" has to be said, too


@dataclass(frozen=True)
class Grounds:
    """How the reviewer came to know; only the part that belongs to the basis is kept."""

    basis: ReviewBasis
    sample: Sample | None = None
    report: ThirdParty | None = None


def grounds(basis: ReviewBasis, sample: Sample | None = None, report: ThirdParty | None = None) -> Grounds:
    """Checked, and without what belongs to another basis. Raises Invalid with the field that is wrong."""
    if basis is ReviewBasis.SAMPLED:
        return Grounds(basis, sample=_checked_sample(sample or Sample(None, None)))
    if basis is ReviewBasis.THIRD_PARTY:
        return Grounds(basis, report=_checked_report(report or ThirdParty()))
    return Grounds(basis)


def needs_record(basis: ReviewBasis, comment: str) -> bool:
    """Whether a file or an inspection has to be there: the reviewer doesn't say what was seen or heard."""
    return basis in _LOOKED and not comment.strip()


def _checked_sample(sample: Sample) -> Sample:
    if sample.population is None or not 0 < sample.population <= limits.POPULATION:
        raise Invalid("population_needed", field="population")
    if sample.size is None or sample.size < 1:
        raise Invalid("sample_size_needed", field="sample_size")
    if sample.size > sample.population:
        raise Invalid("sample_above_population", field="sample_size", population=sample.population)
    if not sample.choice.strip():
        raise Invalid("sample_choice_needed", field="sample_choice")
    return sample


def _checked_report(report: ThirdParty) -> ThirdParty:
    for code, field, text in (
        ("source_title_needed", "source_title", report.title),
        ("source_scope_needed", "source_scope", report.scope),
        ("source_exceptions_needed", "source_exceptions", report.exceptions),
    ):
        if not text.strip():
            raise Invalid(code, field=field)
    if report.period_from is None:
        raise Invalid("source_period_needed", field="source_from")
    if report.period_to is None:
        raise Invalid("source_period_needed", field="source_to")
    if report.period_to < report.period_from:
        raise Invalid("source_period_reversed", field="source_to", begin=report.period_from)
    return report
