"""A person never meets a code: every refusal the code can raise has a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from audit_portal.web.messages import SENTENCES

PACKAGE = Path(__file__).parents[2] / "audit_portal"
TOLD = {"Invalid", "NotFound", "Forbidden", "Conflict", "Refused", "Unavailable"}
# Met on the command line or in a job's log only, in English.
OPERATORS = {
    "adapters/checklists_yaml.py", "adapters/yaml_lines.py", "domain/checklist/parse.py",
    "domain/checklist/references.py", "domain/ledger", "services/backup.py", "services/checklists.py",
    "storage/snapshot.py", "adapters/keys_file.py", "adapters/certificate_authority.py", "services/sample/",
}  # fmt: skip
CODES_OF_OPERATORS = {
    "tsa_bad_reply",
    "tsa_refused",
    "tsa_reply_too_long",
    "tsa_unreachable",
    "party_unknown",
    "report_unknown",
    "report_moved_on",
}


def raised() -> Iterator[tuple[str, str]]:
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if any(name.startswith(each) for each in OPERATORS):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in TOLD
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, f"{name}:{node.lineno}"
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                code = node.value.value
                yield from [(code, f"{name}:{node.value.lineno}")] if isinstance(code, str) else []


def test_every_refusal_has_a_sentence() -> None:
    assert {
        code: place for code, place in raised() if code not in SENTENCES and code not in CODES_OF_OPERATORS
    } == {}


def test_no_sentence_is_left_that_nothing_raises() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if "messages" not in path.parts
    )
    assert {code for code in SENTENCES if f'"{code}"' not in text} == set()
