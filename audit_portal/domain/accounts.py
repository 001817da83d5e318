"""Words about people and how they get in."""

from __future__ import annotations

from enum import StrEnum


class AccountState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    ENDED = "ended"


class LinkKind(StrEnum):
    SETUP = "setup"
    INVITATION = "invitation"
    RESET = "reset"
