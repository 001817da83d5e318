"""Files that come in, against openpyxl merely reading them: all of the work of upload, preview and writing."""

from __future__ import annotations

import io
import shutil
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import openpyxl

from audit_portal.config import ROOT
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.corporate_number import check_digit
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.sheets import NewBook, NewSheet, plain_words
from audit_portal.server import settle
from audit_portal.services import checklists, imports
from audit_portal.services.assessments import answer_sheets, sending
from audit_portal.services.assessments.answer_sheets import FileWords
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context, House
from audit_portal.services.imports import Order
from tests import databases
from tests.benchmarks.figures import Figure
from tests.clock import SetClock
from tests.factories.house import context, make_house, people
from tests.factories.world import Unlinted, work

ROWS, ITEMS, RUNS = 1_000, 200, 7
LABELS = dict(zip(AnswerValue, ("はい", "一部", "いいえ", "該当しない", "分からない"), strict=True))
VALUES = {plain_words(label): value for value, label in LABELS.items()}


def run(kind: str) -> Iterator[Figure]:
    """`kind`: sqlite or postgres."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    url = databases.sqlite_url(folder) if kind == "sqlite" else databases.postgres_url()
    house = long_checklist(make_house(url, folder / "instance", SetClock()), folder)
    everyone = people(house)
    officer, lead = context(house, everyone.officer), context(house, everyone.vendor_lead)
    settle()
    vendors = [_vendors(attempt) for attempt in range(RUNS)]
    ratio = _against_reading(vendors, lambda content: _bring_in(officer, content))
    yield Figure(f"{kind}: import of {ROWS} vendors from xlsx against openpyxl reading it", ratio, 3)
    engagement_id = engagements.register(officer, everyone.vendor_id, work())
    sendable = sending.sendable(officer)
    order = SendOrder(next(each.id for each in sendable if each.title["ja"] == "長い確認"), house.today())
    assessment_id = sending.send(officer, engagement_id, order)
    _take(lead, assessment_id, _answers(lead, assessment_id, "はじめ"))  # fills what is read once a process
    files = (_answers(lead, assessment_id, f"回答{attempt}") for attempt in range(RUNS))
    ratio = _against_reading(files, lambda content: _take(lead, assessment_id, content))
    yield Figure(f"{kind}: answer file of {ITEMS} rows against openpyxl reading it", ratio, 3)
    house.db.dispose()
    if kind == "sqlite":
        yield from _memory(house)


def _against_reading(files: Iterable[bytes], take: Callable[[bytes], None]) -> float:
    """The quickest of several runs against the quickest reading in between: what else runs disturbs these least."""
    taken, read = [], []
    for content in files:
        read.append(_reading(content))
        taken.append(_seconds(lambda c=content: take(c)))  # type: ignore[misc]
    return min(taken) / min(read)


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _reading(content: bytes) -> float:
    def read() -> list[object]:
        book = openpyxl.load_workbook(io.BytesIO(content))
        return [row for sheet in book for row in sheet.iter_rows(values_only=True)]

    return min(_seconds(read) for _ in range(3))


def _vendors(attempt: int) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(
        [
            "管理番号",
            "会社名",
            "会社名のカナ",
            "法人番号",
            "所在地",
            "窓口の氏名",
            "窓口の部署",
            "窓口のメールアドレス",
        ]
    )
    for n in range(attempt * ROWS, (attempt + 1) * ROWS):
        number = check_digit(f"{n:012d}") + f"{n:012d}"
        sheet.append(
            [
                f"V-{n}",
                f"株式会社試験{n}",
                f"シケン{n}",
                number,
                "東京都千代田区丸の内1-1-1",
                f"山田{n}",
                "総務部",
                f"a{n}@example.jp",
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _countries(_text: str) -> str:
    return "JP"


def _bring_in(ctx: Context, content: bytes) -> None:
    imports.upload(ctx, ImportKind.VENDORS, "台帳.xlsx", content)
    found = imports.preview(ctx, ImportKind.VENDORS, _countries)
    if found is None or found.flaws:
        raise RuntimeError("the file is not as it should be")
    run = imports.apply(ctx, ImportKind.VENDORS, found.sha256, Order(), _countries)
    if run.created != ROWS:
        raise RuntimeError("not all came in")


def long_checklist(house: House, folder: Path, items: int = ITEMS) -> House:
    """A house whose one checklist asks so many items of the vendor."""
    target = folder / "checklists"
    shutil.copytree(ROOT / "checklists", target)
    file = next((target / "quick_selection").glob("*.yaml"))
    head, found, rest = file.read_text(encoding="utf-8").partition("items:\n")
    if not found:
        raise RuntimeError("the checklist has no items")
    file.write_text(_retitled(head) + found + _many(rest, items), encoding="utf-8")
    long = replace(house, checklists=Unlinted(target))
    checklists.publish_all(long)
    return long


def _retitled(head: str) -> str:
    lines = head.splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if line.startswith("title:"))
    lines[place + 1] = "  ja: 長い確認\n"
    return "".join(lines)


def _many(items: str, count: int) -> str:
    """The second item (a vendor's control), over and over."""
    each = items.split("  - id: ")
    one = next(item for item in each if item.startswith("QSL-002"))
    return "".join(f"  - id: QSL-{number:03d}{one[len('QSL-002') :]}" for number in range(1, count + 1))


def _words() -> FileWords:
    return FileWords(
        "ja", "はじめに", [], "回答", ["区分", "番号", "質問", "手引き", "回答", "説明", "対応", "日"], LABELS,
        "差戻し：%(note)s", "資料", "選ぶ", "長い", "日付", "前の回答", ("前の回答", "右端"), lambda each: each.comment,
    )  # fmt: skip


def _answers(ctx: Context, assessment_id: UUID, comment: str) -> bytes:
    """The file filled in by another program."""
    _number, pieces = answer_sheets.export(ctx, assessment_id, _words())
    book = openpyxl.load_workbook(io.BytesIO(b"".join(pieces)))
    for row in book["回答"].iter_rows(min_row=2):
        row[4].value, row[5].value = "はい", f"{comment} {row[1].value}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _take(ctx: Context, assessment_id: UUID, content: bytes) -> None:
    answer_sheets.upload(ctx, assessment_id, "回答.xlsx", content)
    found = answer_sheets.preview(ctx, assessment_id, VALUES)
    if found is None:
        raise RuntimeError("the file did not stay")
    applied = answer_sheets.apply(ctx, assessment_id, found.sha256, VALUES, frozenset())
    if len(applied.taken) != ITEMS:
        raise RuntimeError(f"{len(applied.taken)} of {ITEMS} were taken")


def _memory(house: House) -> Iterator[Figure]:
    """Peak memory of writing a list of 20,000 rows more than of one of 1,000, in MiB."""
    peaks = {}
    for count in (1_000, 20_000):
        rows = ([f"番号{n}", f"株式会社試験{n}", n] for n in range(count))
        tracemalloc.start()
        for _piece in house.sheets.write(NewBook((NewSheet("一覧", rows),))):
            pass
        peaks[count] = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
    yield Figure(
        "list as xlsx, memory of 20,000 rows more than of 1,000, in MiB", peaks[20_000] - peaks[1_000], 1
    )
