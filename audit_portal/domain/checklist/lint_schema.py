"""Holds a file to the JSON Schema and says each fault in words a lawyer who edits YAML can act on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from audit_portal.domain.checklist.source import Problem, SourceFile

_LONGEST = 160
_WHAT_TO_DO = {
    "required": "Add it.",
    "additionalProperties": "Remove it, or correct its spelling.",
    "enum": "Write one of the words allowed.",
    "const": "Write the value required here.",
    "pattern": "Write it in the form required; see checklists/README.md.",
    "type": "Write the kind of value required.",
    "format": "Write a date such as 2026-11-01.",
    "minLength": "Write the text.",
    "minItems": "Add an entry.",
    "uniqueItems": "Remove the repetition.",
}


def schema_problems(file: SourceFile, schema: Mapping[str, Any]) -> Iterator[Problem]:
    """Every fault, each with the line of the place it is about."""
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for error in validator.iter_errors(file.data):
        for cause in _causes(error):
            place = tuple(cause.absolute_path)
            where = _name(file.data, place)
            what_to_do = _WHAT_TO_DO.get(str(cause.validator), "See checklists/checklist.schema.json.")
            yield file.problem(place, "schema", f"{where}: {_short(cause.message)}.", what_to_do)


def _causes(error: ValidationError) -> Iterator[ValidationError]:
    """The faults inside an alternative say more than "is not valid under any of …"."""
    if error.context:
        for each in error.context:
            yield from _causes(each)
    else:
        yield error


def _name(data: Any, place: tuple[str | int, ...]) -> str:
    """For instance `SEL-004 question.en`: people know items by their id, not by their position."""
    if len(place) >= 2 and place[0] == "items" and isinstance(place[1], int):
        item = data["items"][place[1]]
        item_id = item.get("id") if isinstance(item, Mapping) else None
        start = item_id if isinstance(item_id, str) else f"item {place[1] + 1}"
        return " ".join(filter(None, (start, ".".join(map(str, place[2:])))))
    return ".".join(map(str, place)) or "the file"


def _short(message: str) -> str:
    return message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
