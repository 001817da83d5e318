"""Tools some tests need: without one the test skips and says so; under REQUIRE=name,… that is a failure."""

from __future__ import annotations

import os
import shutil

import pytest

_COMMANDS = {"chromium": ("chromium", "chromium-browser", "google-chrome")}


def command(name: str) -> str | None:
    """Path of a program, or None."""
    return next((path for each in _COMMANDS.get(name, (name,)) if (path := shutil.which(each))), None)


def missing(name: str, reason: str) -> None:
    """Skips the running test, unless the environment demands that the tool is there."""
    if name in os.environ.get("REQUIRE", "").split(","):
        pytest.fail(f"{name} is required here but {reason}")
    pytest.skip(f"{name}: {reason}")


def require(name: str) -> str:
    """The path of a program the test can't do without."""
    path = command(name)
    if path is None:
        missing(name, "is not installed")
    return str(path)
