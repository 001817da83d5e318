"""The columns of a table of evaluations that were made before the portal was used."""

from __future__ import annotations

from audit_portal.domain import limits
from audit_portal.domain.imports.columns.which_work import WHICH_WORK
from audit_portal.domain.imports.table import Column
from audit_portal.domain.imports.table import column as _c
from audit_portal.domain.imports.words import EVALUATION_KINDS, first_words

EVALUATIONS: tuple[Column, ...] = (
    *WHICH_WORK,
    _c(
        "kind",
        "評価の種類",
        "Kind of evaluation",
        "種類",
        "種別",
        "評価種別",
        needed=True,
        longest=40,
        words=first_words(EVALUATION_KINDS),
        example="定期評価",
    ),
    _c(
        "evaluated_on",
        "評価した日",
        "Evaluated on",
        "評価日",
        "実施日",
        "前回評価日",
        "最終評価日",
        needed=True,
        longest=40,
        example="2026/2/10",
    ),
    _c(
        "result",
        "評価の結果",
        "Result",
        "結果",
        "評価結果",
        "判定",
        needed=True,
        longest=limits.LINE,
        example="適合（指摘1件、是正済み）",
    ),
    _c(
        "evaluator",
        "評価した人",
        "Evaluated by",
        "評価者",
        "担当者",
        "実施者",
        needed=True,
        longest=limits.NAME,
        example="総務部 山田 太郎",
    ),
    _c(
        "record_place",
        "記録の保管場所",
        "Where the record is",
        "記録の場所",
        "保管場所",
        "記録",
        needed=True,
        longest=limits.LINE,
        example="共有フォルダ「委託先評価2025」",
    ),
)
