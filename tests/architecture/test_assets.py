"""What the browser gets is ours or unchanged from its makers, and asks for nothing elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "audit_portal/web/static"
VENDOR = STATIC / "vendor"
SOURCES = json.loads((VENDOR / "SOURCES.json").read_text("utf-8"))
FILES = {file["file"]: file["sha256"] for source in SOURCES for file in source["files"]}
OWN = sorted(path for path in STATIC.iterdir() if path.suffix in (".css", ".js", ".svg"))


@pytest.mark.parametrize("name", FILES)
def test_a_vendored_file_is_the_one_that_was_fetched(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == FILES[name]


def test_every_vendored_file_has_a_source() -> None:
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert present == {*FILES, "SOURCES.json"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["package"])
def test_every_package_has_its_version_and_licence(source: dict) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", source["version"])
    assert source["licence"] == "MIT"
    licences = [VENDOR / file["file"] for file in source["files"] if file["file"].endswith("/LICENSE")]
    assert len(licences) == 1
    assert "Permission is hereby granted, free of charge" in licences[0].read_text("utf-8")


def test_no_font_and_no_crest_is_committed() -> None:
    kinds = {path.suffix for path in STATIC.rglob("*") if path.is_file()}
    assert kinds <= {".css", ".js", ".svg", ".json", ""}


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_own_files_ask_for_nothing_elsewhere(path: Path) -> None:
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"(?:https?:|data:|['\"(]\s*//)", text)


def test_the_theme_brings_no_font_and_imports_only_what_is_vendored() -> None:
    text = (STATIC / "theme.css").read_text("utf-8")
    assert "@font-face" not in text
    assert "GDS Transport" not in text
    addresses = re.findall(r"url\(\"?([^\")]+)", text)
    assert sorted(addresses) == sorted(f"vendor/{name}" for name in FILES if name.endswith(".css"))


def test_scripts_import_only_files_that_are_here() -> None:
    imports = [
        (path, name) for path in OWN for name in re.findall(r"from '([^']+)'", path.read_text("utf-8"))
    ]
    assert imports
    assert [name for path, name in imports if not (path.parent / name).is_file()] == []
