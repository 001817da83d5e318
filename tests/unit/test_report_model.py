"""The report's facts and their machine-readable twin."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from importlib.resources import files

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from audit_portal.domain.report import Summary, manifest, manifest_bytes, result_counts
from tests.adapters.report_sample import sample, with_answer

SCHEMA = json.loads(files("audit_portal.domain.report").joinpath("manifest.schema.json").read_text("utf-8"))


def test_the_published_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_manifest_follows_the_published_schema() -> None:
    Draft202012Validator(SCHEMA).validate(manifest(sample()))
    Draft202012Validator(SCHEMA).validate(manifest(sample(decision=None, ledger=None, not_checked=())))


def test_the_schema_refuses_an_unknown_result() -> None:
    body = manifest(sample())
    body["sections"][0]["items"][0]["review"]["result"] = "fine"
    assert not Draft202012Validator(SCHEMA).is_valid(body)


def test_the_manifest_is_canonical_and_stable() -> None:
    raw = manifest_bytes(sample())
    assert raw == manifest_bytes(sample())
    assert rfc8785.dumps(json.loads(raw)) == raw


def test_every_item_is_counted_once_and_every_result_is_named() -> None:
    counts = result_counts(sample())
    assert sum(counts.values()) == len(sample().items()) == 20
    assert counts == {
        "conforms": 13, "partly": 2, "not": 1, "unconfirmed": 2, "not_applicable": 1, "open": 1,
    }  # fmt: skip


def test_times_are_written_in_utc() -> None:
    assert manifest(sample())["generated_at"] == "2026-11-21T03:04:05Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        manifest(sample(generated_at=datetime(2026, 11, 21)))


def test_a_lone_surrogate_does_not_stop_the_report() -> None:
    assert manifest(with_answer("a\ud800b"))["vendor"]["name"] == "a?b"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_fits_into_the_manifest(text: str) -> None:
    report = sample()
    body = json.loads(manifest_bytes(replace(report, summary=Summary(report.summary.conclusion, text))))
    assert body["summary"]["remarks"] == text.encode("utf-8", "replace").decode()
