"""A vendor that answered a check of one engagement, and is asked the same of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from audit_portal.adapters.checklists_yaml import ChecklistFolder
from audit_portal.domain.checklist import AnswerValue
from audit_portal.services.assessments import answers, assessment_view, carrying, former
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.carrying import Confirmed
from audit_portal.services.assessments.former import Former
from audit_portal.services.engagements import engagements
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.house import House
from tests.factories.world import send, short_checklists, submit, work
from tests.services.steps import Case, make_case

COMPANY, OTHER = "QSL-002", "QSL-003"  # answered for the whole company
OF_WORK = "QSL-004"  # answered for one engagement
SAID = "しています。"


def sited_checklists(house: House, folder: Path) -> House:
    """As `short_checklists`, but QSL-003 is asked about sites."""
    return _changed(house, folder, "id: QSL-003", "scope: company", "scope: site")


def _changed(house: House, folder: Path, behind: str, old: str, new: str) -> House:
    short_checklists(house, folder)
    file = next((folder / "checklists" / "quick_selection").glob("*.yaml"))
    head, mark, rest = file.read_text(encoding="utf-8").partition(behind)
    later = file.with_name("2026.11.2.yaml")
    text = (head + mark + rest.replace(old, new, 1)).replace("version: 2026.11.1", "version: 2026.11.2")
    later.write_text(text, encoding="utf-8")
    file.unlink()
    return short_checklists(replace(house, checklists=ChecklistFolder(folder / "checklists")), folder)


@dataclass(frozen=True)
class Two:
    """`first` was handed in; `second`, of another engagement, has just been sent."""

    first: Case
    second: Case

    def former(self, code: str = COMPANY, who: str = "vendor_lead") -> Former | None:
        case = self.second
        return former.beside(case.as_(who), case.view(who), code).former

    def seen(self, *codes: str, who: str = "vendor_lead") -> list[Confirmed]:
        """These items as the person has them on the screen."""
        found = []
        for code in codes:
            beside = self.former(code, who)
            assert beside is not None
            version = self.second.item(code, who).version
            found.append(Confirmed(code, version, beside.given_id, beside.answer_version))
        return found

    def confirm(self, *codes: str, who: str = "vendor_lead") -> tuple[str, ...]:
        seen = self.seen(*codes, who=who)
        return carrying.confirm(self.second.as_(who), self.second.assessment_id, seen)


def two(house: House, folder: Path, prepare: Callable[[House, Path], House] = short_checklists) -> Two:
    case = make_case(house, folder, prepare=prepare)
    attach(case, COMPANY, "規程.txt", date(2027, 3, 31))
    case.submitted()
    case.house.clock.move(seconds=60)  # type: ignore[attr-defined]
    return Two(case, another(case))


def another(case: Case, title: str = "問い合わせの受付") -> Case:
    officer = case.as_("officer")
    engagement_id = engagements.register(officer, case.everyone.vendor_id, work(title))
    return replace(case, engagement_id=engagement_id, assessment_id=send(officer, engagement_id))


def again(case: Case) -> Case:
    """The same engagement, a year later."""
    return replace(case, assessment_id=send(case.as_("officer"), case.engagement_id))


def attach(case: Case, code: str, name: str, expires_on: date | None = None) -> UUID:
    place = Place(case.assessment_id, code, expires_on=expires_on)
    with Upload(case.as_("vendor_lead"), place, name, None) as upload:
        upload.write(f"{name} の中身\n".encode())
        return upload.finish()


def finish(case: Case, **said: str) -> None:
    """Answers what is left (as told in `said`, by item with _ for -) and hands in."""
    lead = case.as_("vendor_lead")
    for code, words in said.items():
        item = code.replace("_", "-")
        answers.save(lead, case.assessment_id, item, Written(AnswerValue.PARTIAL, words, "直します。"), None)
    for item in assessment_view.get_assessment(lead, case.assessment_id).mine:
        if item.value is None:
            answers.save(lead, case.assessment_id, item.code, Written(AnswerValue.YES, SAID), item.version)
    case.house.clock.move(seconds=60)  # type: ignore[attr-defined]
    submit(lead, case.assessment_id)
