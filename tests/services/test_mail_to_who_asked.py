"""Who asked for a decision is told how it ended, by mail, in their own language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from audit_portal.adapters.letters import CatalogueLetters
from audit_portal.domain.errors import Conflict
from audit_portal.ports import Mail
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts
from audit_portal.services.decisions import decisions
from audit_portal.services.engagements import engagement_changes, engagement_profile
from audit_portal.services.house import House
from tests.factories.house import mailer
from tests.services.steps import ON_SQLITE, Case, answer_all, execute, make_case, submit


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def told(case: Case, name: str = "試験 officer") -> list[Mail]:
    """What the officer (or who else has the name) was sent about decisions since this was looked at last."""
    jobs.run_due(case.house)
    sent = mailer(case.house).sent
    found = [each for each in sent if f"{name} 様" in each.body and "/decisions/" in each.body]
    sent.clear()
    return found


def test_an_approval_is_told_once(case: Case) -> None:
    decision_id = case.requested()
    assert told(case) == []
    decisions.decide(case.as_("approver"), decision_id, 1, True, "確認しました。")
    (mail,) = told(case)
    assert mail.subject.startswith("承認されました：北海印刷株式会社（")
    assert "選定の承認：会員データの入力" in mail.body and f"/decisions/{decision_id}" in mail.body
    with pytest.raises(Conflict, match="decision_made"):
        decisions.decide(case.as_("approver"), decision_id, 1, True, "もう一度")
    assert told(case) == []


def test_a_refusal_is_told_with_its_reason(case: Case) -> None:
    decision_id = case.requested()
    decisions.decide(case.as_("approver"), decision_id, 1, False, "100%確かめられません。")
    (mail,) = told(case)
    assert mail.subject.startswith("不承認になりました") and "100%確かめられません。" in mail.body


def test_a_return_is_told_with_what_to_mend(case: Case) -> None:
    decision_id = case.requested()
    decisions.give_back(case.as_("approver"), decision_id, 1, "期日を書いてください。")
    (mail,) = told(case)
    assert mail.subject.startswith("申請が差し戻されました") and "期日を書いてください。" in mail.body


@ON_SQLITE
def test_the_letter_is_written_in_the_language_of_who_reads_it(case: Case) -> None:
    decision_id = case.requested()
    jobs.run_due(case.house)
    execute(case.house, "UPDATE account SET language = 'en' WHERE name = '試験 officer'")
    decisions.give_back(case.as_("approver"), decision_id, 1, "期日を書いてください。")
    asked: list[tuple[str, str]] = []

    class Letters(CatalogueLetters):
        def write(self, kind: str, to: str, language: str, facts: Mapping[str, str]) -> Mail:
            asked.append((kind, language))
            return super().write(kind, to, language, facts)

    jobs.run_due(replace(case.house, letters=Letters()))
    assert asked == [("decision_returned", "en")]


def test_a_request_that_changed_facts_overtook_is_told(case: Case) -> None:
    case.requested()
    told(case)
    found = engagement_profile.get_profile(case.as_("officer"), case.engagement_id)
    facts = replace(found.facts, persons=90_000)
    engagement_changes.change(case.as_("officer"), case.engagement_id, found.version, facts)
    (mail,) = told(case)
    assert mail.subject.startswith("内容が変わり、申請が終わりました")


@ON_SQLITE
def test_nobody_who_has_left_is_written_to_but_their_colleagues(case: Case) -> None:
    decision_id = case.requested()
    jobs.run_due(case.house)
    mailer(case.house).sent.clear()
    leaves(case)
    decisions.decide(case.as_("approver"), decision_id, 1, True, "確認しました。")
    jobs.run_due(case.house)
    assert [(mail.to, mail.subject[:8]) for mail in mailer(case.house).sent] == [
        (colleague(case), "承認されました：")
    ]


@ON_SQLITE
def test_a_check_handed_in_after_its_sender_left_is_told_to_the_colleagues(case: Case) -> None:
    jobs.run_due(case.house)
    mailer(case.house).sent.clear()
    leaves(case)
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    submit(case.as_("vendor_lead"), case.assessment_id)
    jobs.run_due(case.house)
    assert [mail.to for mail in mailer(case.house).sent] == [colleague(case)]


def leaves(case: Case) -> None:
    accounts.end_account(case.as_("admin"), case.everyone.officer)


def colleague(case: Case) -> str:
    """The address of the second officer."""
    return accounts.get_account(case.as_("admin"), case.second).email
