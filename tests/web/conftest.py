"""Pages are tested over a whole house, through the application as it is served."""

from __future__ import annotations

import pytest
from flask import Flask

from audit_portal.app import create_app
from audit_portal.services.house import House
from tests import applications
from tests.factories.fixtures import cheap_passwords, everyone, house
from tests.web.client import Browser

__all__ = ["app", "browser", "cheap_passwords", "everyone", "house"]

applications.share()


@pytest.fixture
def app(house: House) -> Flask:
    made = create_app(house, "only for tests")
    made.config["PROPAGATE_EXCEPTIONS"] = False  # a fault must show as the page people would get
    return made


@pytest.fixture
def browser(app: Flask, house: House) -> Browser:
    """A browser that nobody has signed in with yet."""
    return Browser(app, house)
