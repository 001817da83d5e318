"""Signing keys: one's own, one at a time, gone when revoked."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509

from audit_portal.domain.access import Role
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.services.accounts import signing_keys
from audit_portal.services.house import House
from tests.clock import SetClock
from tests.factories.house import People, account, context

PASSPHRASE = "署名のための長い合い言葉"


def test_a_key_is_usable_once_issued_and_only_one_is(house: House, everyone: People) -> None:
    auditor = context(house, everyone.auditor)
    with pytest.raises(Invalid, match="certificate_needed"):
        signing_keys.usable(auditor)
    issued = signing_keys.issue(auditor, PASSPHRASE)
    assert signing_keys.usable(auditor)[0] == issued
    with pytest.raises(Conflict, match="certificate_there"):
        signing_keys.issue(auditor, PASSPHRASE)


@pytest.mark.parametrize(
    ("passphrase", "code"), [("short", "passphrase_too_short"), ("x" * 300, "passphrase_too_long")]
)
def test_a_passphrase_has_a_sensible_length(
    house: House, everyone: People, passphrase: str, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        signing_keys.issue(context(house, everyone.auditor), passphrase)
    assert signing_keys.mine(context(house, everyone.auditor)) == ()


def test_a_revoked_key_is_on_the_list_and_a_new_one_can_be_made(
    house: House, everyone: People, clock: SetClock
) -> None:
    auditor = context(house, everyone.auditor)
    first = signing_keys.issue(auditor, PASSPHRASE)
    signing_keys.revoke(auditor, first, "forgotten")
    crl = x509.load_der_x509_crl(signing_keys.revocation_list(house))
    assert [format(each.serial_number, "x") for each in crl] == [signing_keys.mine(auditor)[0].serial]
    with pytest.raises(Conflict, match="certificate_revoked_before"):
        signing_keys.revoke(auditor, first, "forgotten")
    clock.move(minutes=1)
    second = signing_keys.issue(auditor, PASSPHRASE)
    assert [each.usable for each in signing_keys.mine(auditor)] == [True, False]
    assert signing_keys.usable(auditor)[0] == second


def test_a_reason_must_be_one_of_the_known(house: House, everyone: People) -> None:
    auditor = context(house, everyone.auditor)
    issued = signing_keys.issue(auditor, PASSPHRASE)
    with pytest.raises(Invalid, match="revocation_reason_wrong"):
        signing_keys.revoke(auditor, issued, "because")
    assert signing_keys.usable(auditor)[0] == issued


def test_nobody_sees_or_revokes_another_persons_key(house: House, everyone: People) -> None:
    issued = signing_keys.issue(context(house, everyone.auditor), PASSPHRASE)
    for person in (everyone.officer, account(house, everyone.client_id, Role.AUDITOR)):
        assert signing_keys.mine(context(house, person)) == ()
        with pytest.raises(NotFound):
            signing_keys.revoke(context(house, person), issued, "forgotten")
    for person in (everyone.admin, everyone.approver, everyone.vendor_lead):
        with pytest.raises(Forbidden):
            signing_keys.mine(context(house, person))
    assert signing_keys.usable(context(house, everyone.auditor))[0] == issued


def test_a_key_ends_with_its_time(house: House, everyone: People, clock: SetClock) -> None:
    auditor = context(house, everyone.auditor)
    signing_keys.issue(auditor, PASSPHRASE)
    clock.at = signing_keys.mine(auditor)[0].not_after
    with pytest.raises(Invalid, match="certificate_needed"):
        signing_keys.usable(auditor)
    signing_keys.issue(auditor, PASSPHRASE)


def test_of_two_keys_made_at_once_only_one_is_kept(
    house: House, everyone: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = context(house, everyone.auditor)
    slow = house.authority.issue

    def overtaken(*args: Any) -> Any:
        monkeypatch.setattr(house.authority, "issue", slow)
        signing_keys.issue(auditor, PASSPHRASE)
        return slow(*args)

    monkeypatch.setattr(house.authority, "issue", overtaken)
    with pytest.raises(Conflict, match="certificate_there"):
        signing_keys.issue(auditor, PASSPHRASE)
    assert len(signing_keys.mine(auditor)) == 1
