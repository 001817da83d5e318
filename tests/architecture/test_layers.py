"""What the folder tree promises, held against the imports and the code."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "audit_portal"


def sources(folder: str) -> list[Path]:
    return sorted((PACKAGE / folder).rglob("*.py"))


def test_every_import_contract_holds() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("folder", ["services", "web", "adapters"])
def test_nobody_but_storage_touches_the_database_session(folder: str) -> None:
    for path in sources(folder):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            touches = (
                isinstance(node, ast.Attribute)
                and node.attr == "session"
                and isinstance(node.value, ast.Name)
            )
            assert not (touches and node.value.id in ("tx", "db")), f"{path}:{node.lineno}"  # type: ignore[union-attr]


def test_only_the_real_clock_asks_the_machine_for_the_time() -> None:
    for folder in ("domain", "storage", "services", "web"):
        for path in sources(folder):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                asks = isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
                if asks and isinstance(node.value, ast.Name):
                    assert node.value.id not in ("datetime", "date", "time"), f"{path}:{node.lineno}"


def test_no_file_of_ours_is_too_long_to_read_in_one_sitting() -> None:
    long = {
        path.name: lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 500
    }
    assert not long
