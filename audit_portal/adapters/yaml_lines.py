"""Reads YAML into plain data with the line of every place, and refuses what could mislead or swell.

Refused: anchors, aliases and tags (a few bytes can stand for gigabytes), a key that stands twice (the first
would silently be lost), deep nesting, big files. Built from parser events, so nothing here recurses.
Plain `yes`, `no` and dates stay text: only true, false, null and whole numbers are resolved (YAML 1.2 core,
section 10.3, without floats).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_BYTES = 2 * 1024**2
MAX_DEPTH = 20

Place = tuple[str | int, ...]

# The C scanner where libyaml is there: the same events, about ten times faster.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlRefused(Exception):
    """`line` counts from 1."""

    def __init__(self, code: str, line: int, message: str, what_to_do: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.code, self.line, self.message, self.what_to_do = code, line, message, what_to_do


@dataclass
class _Open:
    """A list or mapping whose end was not seen yet."""

    value: Any
    place: Place
    key: str | None = None  # of a mapping: read, its value still to come
    seen: set[str] = field(default_factory=set)


def read_yaml(content: bytes) -> tuple[Any, dict[Place, int]]:
    """Plain data (dict, list, str, int, bool, None) and place → line. Raises YamlRefused."""
    if len(content) > MAX_BYTES:
        raise YamlRefused("yaml_too_big", 1, f"The file is bigger than {MAX_BYTES} bytes.", "Split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise YamlRefused("yaml_not_utf8", line, "The file is not UTF-8.", "Save it as UTF-8.") from None
    try:
        return _Builder().build(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it can't be read"
        raise YamlRefused(
            "yaml_syntax", mark.line + 1 if mark else 1, f"This is not YAML: {what}.", "Correct the syntax."
        ) from None


class _Builder:
    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._lines: dict[Place, int] = {}
        self._documents = 0
        self._root: Any = None

    def build(self, events: Iterator[yaml.Event]) -> tuple[Any, dict[Place, int]]:
        for event in events:
            self._refuse(event)
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.MappingStartEvent):
                self._enter({}, event)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._enter([], event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._open.pop()
        return self._root, self._lines

    def _refuse(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlRefused(
                "yaml_alias", line, "Anchors (&) and aliases (*) are not allowed.", "Write the text out."
            )
        if getattr(event, "tag", None) and not isinstance(event, yaml.DocumentStartEvent):
            raise YamlRefused(
                "yaml_tag", line, "Tags (!) are not allowed.", "Remove the tag, or quote the text."
            )
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise YamlRefused("yaml_documents", line, "A second document begins here.", "Remove the ---.")

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        holder = self._open[-1] if self._open else None
        if holder is not None and isinstance(holder.value, dict) and holder.key is None:
            self._key(holder, event.value, line)
            return
        plain = bool(event.implicit[0])
        self._put(_resolve(event.value) if plain else event.value, line)

    def _key(self, holder: _Open, key: str, line: int) -> None:
        if key in holder.seen:
            raise YamlRefused("yaml_duplicate_key", line, f"The key {key} stands here twice.", "Remove one.")
        holder.seen.add(key)
        holder.key = key
        self._lines[(*holder.place, key)] = line

    def _enter(self, value: Any, event: Any) -> None:
        line = event.start_mark.line + 1
        if len(self._open) >= MAX_DEPTH:
            raise YamlRefused("yaml_too_deep", line, f"More than {MAX_DEPTH} levels deep.", "Flatten it.")
        place = self._put(value, line)
        self._open.append(_Open(value, place))

    def _put(self, value: Any, line: int) -> Place:
        """Hangs the value where it belongs and says where that is."""
        if not self._open:
            self._root = value
            self._lines[()] = line
            return ()
        holder = self._open[-1]
        if isinstance(holder.value, list):
            place: Place = (*holder.place, len(holder.value))
            holder.value.append(value)
            self._lines[place] = line
            return place
        if holder.key is None:
            raise YamlRefused("yaml_key", line, "A list or mapping can't be a key.", "Write a word.")
        place = (*holder.place, holder.key)
        holder.value[holder.key] = value
        holder.key = None
        return place


def _resolve(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return int(text) if _INTEGER.fullmatch(text) else text
