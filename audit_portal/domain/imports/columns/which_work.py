"""The columns that say which engagement a row is about, and which vendor."""

from __future__ import annotations

from audit_portal.domain import limits
from audit_portal.domain.imports.table import Column
from audit_portal.domain.imports.table import column as _c

VENDOR_NAME = _c(
    "vendor_name",
    "委託先の会社名",
    "Vendor",
    "委託先",
    "委託先名",
    "会社名",
    "取引先名",
    longest=limits.NAME,
    example="㈱サンプル印刷",
)
VENDOR_NUMBER = _c(
    "vendor_number",
    "委託先の法人番号",
    "Vendor's corporate number",
    "法人番号",
    longest=limits.NUMBER,
    example="1234567890123",
)

# By its number, or by vendor and title: that one of the two is there is checked row by row.
WHICH_WORK: tuple[Column, ...] = (
    _c(
        "work",
        "委託業務の番号",
        "Engagement number",
        "委託業務番号",
        "業務番号",
        "委託業務の管理番号",
        longest=limits.NUMBER,
        example="E-2026-0001",
    ),
    VENDOR_NAME,
    VENDOR_NUMBER,
    _c(
        "work_title",
        "委託業務の名称",
        "Engagement title",
        "委託業務",
        "委託業務名",
        "業務名",
        "業務名称",
        longest=limits.NAME,
        example="会員向け案内状の印刷と発送",
    ),
)
