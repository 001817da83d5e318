"""The YAML reader: plain data with lines, and refusal of what could mislead or swell."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.adapters import yaml_lines
from audit_portal.adapters.yaml_lines import MAX_BYTES, YamlRefused, read_yaml


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a: " + b"x" * MAX_BYTES, "yaml_too_big"),
        (b"a: \xff", "yaml_not_utf8"),
        (b"a: \x00", "yaml_syntax"),
        (b"[" * 100_000, "yaml_too_deep"),
        (b"a: &b [*b]", "yaml_alias"),
        (b"a: &b [x]\nc: [*b, *b]", "yaml_alias"),
        (b"{a: 1}: 2", "yaml_key"),
        (b"a: 1\na: 2", "yaml_duplicate_key"),
        (b"a: !!binary aGk=", "yaml_tag"),
        (b"a: 1\n---\nb: 2", "yaml_documents"),
    ],
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_the_reader_refuses_what_could_mislead_or_swell(
    content: bytes, code: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_lines, "_LOADER", getattr(yaml, loader, yaml.SafeLoader))
    with pytest.raises(YamlRefused) as refusal:
        read_yaml(content)
    assert refusal.value.code == code


def test_words_dates_and_versions_stay_text() -> None:
    data, lines = read_yaml(b"a: [yes, no, 2026-11-01, 1.5, 007, 7, true, null, '7']\nb:\n  c: ~\n")
    assert data == {"a": ["yes", "no", "2026-11-01", "1.5", "007", 7, True, None, "7"], "b": {"c": None}}
    assert lines[("b", "c")] == 3


# JSON is YAML as far as this goes: beyond it, JSON escapes characters in a way that YAML refuses.
words = st.text(st.characters(max_codepoint=0xD7FF), max_size=20)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**15), 10**15), words),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)),
    max_leaves=15,
)


@given(plain)
def test_the_same_data_is_read_back(value: object) -> None:
    assert read_yaml(json.dumps(value).encode())[0] == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    try:
        read_yaml(content)
    except YamlRefused as refused:
        assert refused.line >= 1
