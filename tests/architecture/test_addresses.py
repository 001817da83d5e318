"""Nothing in the repository names a package registry or a place on the machine it was made on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.require import require

ROOT = Path(__file__).parents[2]
# Written in pieces, so that this file does not hold them.
FORBIDDEN = [
    "pypi" + ".org",
    "python" + "hosted",
    "registry" + ".npmjs",
    "registry" + ".yarnpkg",
    "/wor" + "k/",
    "/roo" + "t/",
    "/hom" + "e/",
    "file" + ":///opt",
    "/tmp/" + "bash_jobs",
]


def named(text: str) -> list[str]:
    """The forbidden addresses in a text; a path counts only where it starts, not inside a longer one."""
    return [
        each
        for each in FORBIDDEN
        if re.search(r"(?<![\w.}-])" * each.startswith("/") + re.escape(each), text)
    ]


def repository_files() -> list[Path]:
    """Tracked files, and those that the next commit could take."""
    listed = subprocess.run(
        [require("git"), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_machine() -> None:
    files = repository_files()
    assert len(files) > 20
    found = {}
    for path in files:
        data = path.read_bytes()
        if b"\0" not in data and (hits := named(data.decode("utf-8", "replace"))):
            found[str(path.relative_to(ROOT))] = hits
    assert found == {}


def test_the_search_knows_a_path_from_a_part_of_an_address() -> None:
    assert named("see /wor" + "k/notes")
    assert named("https://pypi" + ".org/simple")
    assert not named("https://www.example.jp/wor" + "k/notes")
