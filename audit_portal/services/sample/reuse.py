"""Vendors of the sample that are asked again: what they said before is there to be confirmed, or has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from audit_portal.domain.checklist import AnswerValue
from audit_portal.services.assessments import (
    answers,
    assessment_view,
    carrying,
    former,
    sending,
    submission,
)
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.carrying import Confirmed
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.engagements import engagement_profile, engagements
from audit_portal.services.sample import checks
from audit_portal.services.sample.company import Company
from audit_portal.services.sample.vendors import Placed

_RULES = "QSL-002"  # the same question as SEL-008


def asked_again(company: Company, vendor: Placed) -> None:
    """Further work for a vendor that has answered the whole check before."""
    engagement_id = _more_work(company, vendor, "会員アンケートの集計")
    full = sending.sendable(company.as_("hanako"))[0]
    due = company.house.today() + timedelta(days=12)
    message = "前回と変わらない項目は、前回の回答を確かめるだけで済みます。"
    sending.send(company.as_("hanako"), engagement_id, SendOrder(full.id, due, message))


def changed_since(company: Company, vendor: Placed) -> None:
    """A short check of further work, in which the vendor says something else than before on its rules."""
    engagement_id = _more_work(company, vendor, "年賀状の宛名の印刷")
    short = next(each for each in sending.sendable(company.as_("hanako")) if not each.covers_annex10)
    due = company.house.today() + timedelta(days=9)
    assessment_id = sending.send(company.as_("hanako"), engagement_id, SendOrder(short.id, due))
    lead = company.as_(vendor.key)
    plan = company.house.today() + timedelta(days=45)
    written = Written(
        AnswerValue.PARTIAL,
        "年末の繁忙期に入る臨時の担当者の手順が、まだ書かれていません。",
        "臨時の担当者の手順書を作ります。",
        plan,
    )
    answers.save(lead, assessment_id, _RULES, written, None)
    view = assessment_view.get_assessment(lead, assessment_id)
    carrying.confirm(
        lead,
        assessment_id,
        [
            Confirmed(each.code, view.item(each.code).version, each.given_id, each.answer_version)
            for each in former.offered(lead, view)
        ],
    )
    for item in assessment_view.get_assessment(lead, assessment_id).mine:
        if item.value is None:
            value = AnswerValue.NO if item.fact else AnswerValue.YES
            said = Written(value, "社内の規程に沿って実施しています。")
            answers.save(lead, assessment_id, item.code, said, item.version)
            if item.evidence_needed:
                checks.attach(lead, assessment_id, item.code)
    version = assessment_view.get_assessment(lead, assessment_id).head.version
    submission.submit(lead, assessment_id, version)


def _more_work(company: Company, vendor: Placed, title: str) -> UUID:
    officer = company.as_("hanako")
    facts = engagement_profile.get_profile(officer, vendor.engagement_id).facts
    return engagements.register(officer, vendor.party_id, replace(facts, title=title))
