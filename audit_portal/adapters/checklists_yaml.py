"""The checklists folder on disk: `<id>/<version>.yaml`, the schema, the reference lists."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audit_portal.adapters.yaml_lines import MAX_BYTES, YamlRefused, read_yaml
from audit_portal.domain.checklist import (
    Checklist,
    Problem,
    References,
    SourceFile,
    lint,
    parse,
    parse_references,
)
from audit_portal.domain.checklist.references import FILES
from audit_portal.domain.errors import Invalid, Misconfigured, NotFound

SCHEMA = "checklist.schema.json"
REFERENCE = "reference"
# Held before a path is built from them: they may come from a form or a database row.
_ID = re.compile(r"[a-z][a-z_]{0,59}")
_VERSION = re.compile(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,3}")


class ChecklistFolder:
    """Read-only view of one folder. Nothing is cached: a publisher wants what is on disk now."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self) -> tuple[Path, ...]:
        """The checklist files, sorted: misplaced ones too, for the lint, but no reference lists."""
        found = (path for path in self.root.rglob("*.yaml") if path.is_file())
        return tuple(sorted(path for path in found if path.relative_to(self.root).parts[0] != REFERENCE))

    def versions(self) -> tuple[tuple[str, str], ...]:
        """(id, version) of every checklist file."""
        return tuple((path.parent.name, path.stem) for path in self.files())

    def parse(self, body: bytes) -> Checklist:
        """A checklist from its file's bytes. Raises Invalid('checklist_unreadable' | 'checklist_malformed')."""
        return load_bytes(body)

    def read(self, checklist_id: str, version: str) -> bytes:
        """The bytes whose SHA-256 an assessment pins. Raises NotFound('checklist_unknown', …)."""
        unknown = NotFound("checklist_unknown", checklist=checklist_id, version=version)
        if not (_ID.fullmatch(checklist_id) and _VERSION.fullmatch(version)):
            raise unknown
        try:
            return _bytes(self.root / checklist_id / f"{version}.yaml")
        except FileNotFoundError:
            raise unknown from None

    def load(self, checklist_id: str, version: str) -> Checklist:
        """Raises NotFound('checklist_unknown'), Invalid('checklist_unreadable' | 'checklist_malformed')."""
        return load_bytes(self.read(checklist_id, version))

    def references(self) -> References:
        """Raises Misconfigured('checklist_reference_unreadable') or Invalid('…_malformed')."""
        return parse_references({name: self._reference(name) for name in FILES})

    def lint(self) -> tuple[Problem, ...]:
        """Everything wrong in the folder, by file and line; empty when all can be published."""
        files = [self._source(path) for path in self.files()]
        if not files:
            return (
                Problem(".", 1, "no_checklists", "There is no checklist here.", "Check the folder's path."),
            )
        try:
            schema, references = self._schema(), self.references()
        except (Invalid, Misconfigured) as fault:
            return (*(each for file in files for each in file.problems), _reference_problem(fault))
        return lint(files, schema, references)

    def _source(self, path: Path) -> SourceFile:
        name = path.relative_to(self.root).as_posix()
        try:
            data, lines = read_yaml(_bytes(path))
        except YamlRefused as refused:
            problem = Problem(name, refused.line, refused.code, refused.message, refused.what_to_do)
            return SourceFile(name, None, {}, (problem,))
        return SourceFile(name, {} if data is None else data, lines)

    def _schema(self) -> Mapping[str, Any]:
        try:
            schema = json.loads(_bytes(self.root / SCHEMA))
        except (OSError, ValueError) as error:
            raise _unreadable(SCHEMA, 1, str(error)) from error
        if not isinstance(schema, dict):
            raise _unreadable(SCHEMA, 1, "it is not an object")
        return schema

    def _reference(self, name: str) -> Any:
        file = f"{REFERENCE}/{name}.yaml"
        try:
            return read_yaml(_bytes(self.root / file))[0]
        except YamlRefused as refused:
            raise _unreadable(file, refused.line, refused.message) from refused
        except OSError as error:
            raise _unreadable(file, 1, error.strerror or "it can't be read") from error


def load_bytes(content: bytes) -> Checklist:
    """A checklist from the bytes of its file, as published rows keep them; the digest is of these bytes.

    Raises Invalid('checklist_unreadable', line=…, why=…) or Invalid('checklist_malformed', …).
    """
    try:
        data, _ = read_yaml(content)
    except YamlRefused as refused:
        raise Invalid("checklist_unreadable", line=refused.line, why=refused.message) from refused
    return parse(data, hashlib.sha256(content).hexdigest())


def _bytes(path: Path) -> bytes:
    """At most one byte more than is allowed: enough to see that it is too much."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _unreadable(file: str, line: int, why: str) -> Misconfigured:
    return Misconfigured("checklist_reference_unreadable", file=file, line=line, why=why)


def _reference_problem(fault: Invalid | Misconfigured) -> Problem:
    facts = fault.facts
    if fault.code == "checklist_reference_unreadable":
        return Problem(
            facts["file"], facts["line"], fault.code, f"Unreadable: {facts['why']}.", "Mend it first."
        )
    return Problem(REFERENCE, 1, fault.code, f"{facts['place']} {facts['why']}.", "Mend it first.")
