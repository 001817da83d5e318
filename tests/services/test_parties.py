"""The vendor register."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from audit_portal.domain import limits
from audit_portal.domain.corporate_number import check_digit
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.register import ContactPurpose
from audit_portal.services.house import House
from audit_portal.services.parties import parties, party_contacts
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.services.parties.party_contacts import ContactFacts
from tests.factories.house import People, context, vendor

FACTS = PartyFacts(
    name="𠮷髙﨑運輸株式会社", kana="よしたかさき ｳﾝﾕ", entrusting_entity="株式会社サンプル販売"
)
CONTACT = ContactFacts("海野 渚", kana="うんの ﾅｷﾞｻ", email="Madoguchi@Example.JP")


def number(base: str) -> str:
    return check_digit(base) + base


def test_a_vendor_is_registered_and_read_back(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    vendor_id = parties.register(ctx, replace(FACTS, corporate_number=number("234567890123")), CONTACT)
    view = parties.get_vendor(ctx, vendor_id)
    assert (view.name, view.kana) == ("𠮷髙﨑運輸株式会社", "ヨシタカサキ ウンユ")
    assert (view.entrusting_entity, view.corporate_number) == ("株式会社サンプル販売", number("234567890123"))
    (contact,) = party_contacts.listed(ctx, vendor_id)
    assert (contact.kana, contact.email) == ("ウンノ ナギサ", "madoguchi@example.jp")
    assert contact.purposes == tuple(ContactPurpose)
    assert {each.contact and each.contact.name for each in parties.listed(ctx, None).items} == {
        "海野 渚",
        None,
    }
    assert view.number.startswith("P-2026-")


def test_a_reading_grows_no_longer_than_its_column(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    vendor_id = parties.register(ctx, replace(FACTS, kana="㍿" * limits.KANA))
    assert len(parties.get_vendor(ctx, vendor_id).kana) == limits.KANA


@pytest.mark.parametrize("wrong", ["1", "1234567890123", "abc", "１２３" * 10, "٣" * 13])
def test_a_wrong_corporate_number_is_refused(house: House, everyone: People, wrong: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parties.register(context(house, everyone.officer), replace(FACTS, corporate_number=wrong))
    assert (refusal.value.code, refusal.value.field) == ("corporate_number_wrong", "corporate_number")


def test_a_corporate_number_is_registered_once(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    facts = replace(FACTS, corporate_number=number("234567890123"))
    vendor_id = parties.register(ctx, facts)
    with pytest.raises(Invalid) as refusal:
        parties.register(ctx, facts)
    assert refusal.value.code == "corporate_number_taken"
    parties.change(ctx, vendor_id, parties.get_vendor(ctx, vendor_id).version, facts)


def test_a_wrong_address_of_the_contact_is_told_at_its_field(house: House, everyone: People) -> None:
    with pytest.raises(Invalid) as refusal:
        parties.register(context(house, everyone.officer), FACTS, replace(CONTACT, email="nowhere"))
    assert (refusal.value.code, refusal.value.field) == ("email_wrong", "contact_email")


def test_a_change_from_an_older_version_is_refused(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    version = parties.get_vendor(ctx, everyone.vendor_id).version
    parties.change(ctx, everyone.vendor_id, version, FACTS)
    with pytest.raises(Conflict) as refusal:
        parties.change(ctx, everyone.vendor_id, version, FACTS)
    assert refusal.value.code == "changed_meanwhile"


@pytest.mark.parametrize(
    "who", ["admin", "approver", "owner", "auditor", "vendor_lead", "vendor_contributor"]
)
def test_only_officers_write_the_register(house: House, everyone: People, who: str) -> None:
    ctx = context(house, getattr(everyone, who))
    with pytest.raises(Forbidden):
        parties.register(ctx, FACTS)
    with pytest.raises(Forbidden):
        parties.change(ctx, everyone.vendor_id, 0, FACTS)


def test_the_client_is_no_vendor(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    for party_id in (everyone.client_id, uuid4()):
        with pytest.raises(NotFound):
            parties.get_vendor(ctx, party_id)
        with pytest.raises(NotFound):
            parties.change(ctx, party_id, 0, FACTS)


def test_the_list_follows_the_reading_and_pages_over_all(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    for count in range(limits.PAGE + 3):
        parties.register(ctx, replace(FACTS, kana=f"カナ{count:03}"))
    key, seen = None, []
    while True:
        page = parties.listed(ctx, key)
        seen += [each.kana for each in page.items]
        key = page.next_key
        if key is None:
            break
    assert len(seen) == limits.PAGE + 4
    assert [each for each in seen if each.startswith("カナ")] == [
        f"カナ{n:03}" for n in range(limits.PAGE + 3)
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("北海", True),
        ("ほっかい", True),
        ("ﾎｯｶｲ", True),
        ("P-2026", True),
        ("南海", False),
        ("%", False),
        ("_", False),
        ("\\", False),
        ("'; DROP TABLE party; --", False),
        ("北" * 100_000, False),
    ],
)
def test_a_search_looks_into_name_reading_and_number(
    house: House, everyone: People, wanted: str, found: bool
) -> None:
    page = parties.listed(context(house, everyone.officer), None, wanted)
    assert [each.id for each in page.items] == ([everyone.vendor_id] if found else [])


def test_owners_and_auditors_see_only_what_they_are_assigned(house: House, everyone: People) -> None:
    vendor(house, everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    for who in (everyone.owner, everyone.auditor):
        assert parties.listed(context(house, who), None).items == ()
        with pytest.raises(NotFound):
            parties.get_vendor(context(house, who), everyone.vendor_id)


@pytest.mark.parametrize("key", ["x", "0" * 31, "z" * 32 + ".a", "0" * 32, "'"])
def test_a_made_up_page_key_is_refused(house: House, everyone: People, key: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parties.listed(context(house, everyone.officer), key)
    assert refusal.value.code == "page_key_wrong"
