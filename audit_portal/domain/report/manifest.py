"""The report's machine-readable twin: canonical JSON (RFC 8785), schema `audit-portal-report/3`.

The published schema stands beside this file as manifest.schema.json.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import rfc8785

from audit_portal.domain.report.model import Report, result_counts

MANIFEST_SCHEMA = "audit-portal-report/3"
MANIFEST_NAME = "manifest.json"


def manifest(report: Report) -> dict[str, Any]:
    """All facts of the report. Times are RFC 3339 in UTC, dates ISO 8601, unknown values null."""
    body = _plain(report)
    body["schema"] = MANIFEST_SCHEMA
    body["counts"] = result_counts(report)
    return body


def manifest_bytes(report: Report) -> bytes:
    return rfc8785.dumps(manifest(report))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # A lone surrogate has no UTF-8 form: JSON for others to read can't hold it.
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a report holds aware times only")
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
