"""One Chromium a module, and installations of the portal that end with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import databases
from tests.browser.server import Portal
from tests.require import require

ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = require("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def portal_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Portal]]:
    """Makes a new installation (not yet initialised) on "sqlite" or "postgres"."""
    with ExitStack() as stack:

        def make(database: str) -> Portal:
            url = ""
            if database == "postgres":
                url = databases.postgres_url(empty=True)
                stack.callback(databases.drop, url)
            folder: Path = tmp_path_factory.mktemp("portal")
            portal = Portal(folder, url)
            stack.callback(portal.stop)
            return portal

        yield make
