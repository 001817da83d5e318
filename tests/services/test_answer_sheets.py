"""An assessment out as a workbook and back: edited by openpyxl, as another program edits what we wrote."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, Invalid, NotFound, PortalError
from audit_portal.domain.sheets import plain_words
from audit_portal.services.assessments import answer_sheets, assessment_view
from audit_portal.services.assessments.answer_sheets import Applied, Checked, FileWords, Outcome
from audit_portal.services.house import House
from tests.adapters.workbooks import edited
from tests.factories.house import account, context, vendor
from tests.factories.world import attach, send, work
from tests.services.carried_steps import COMPANY, two
from tests.services.steps import CLIENT_ITEM, VENDOR_ITEM, Case, execute, make_case

LABELS = dict(zip(AnswerValue, ("はい", "一部", "いいえ", "該当しない", "分からない"), strict=True))
VALUES: Mapping[str, AnswerValue] = {plain_words(label): value for value, label in LABELS.items()}
WORDS = FileWords(
    language="ja",
    guide_name="はじめに",
    guide=[("書き方", "黄色い欄に書いてください。")],
    answers_name="回答",
    heads=["区分", "番号", "質問", "説明", "回答", "具体的な内容", "今後の対応", "終える予定の日"],
    values=LABELS,
    returned="差戻し：%(note)s",
    evidence="資料は画面で付けてください。",
    wrong_value="選んでください。",
    too_long="長すぎます。",
    wrong_date="日付ではありません。",
    former_head="前の回答",
    former_guide=("前の回答", "右端にあります。"),
    former=lambda each: f"{each.number} {each.value.value} {each.comment}",
)


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def exported(case: Case, who: str = "vendor_lead", assessment_id: UUID | None = None) -> bytes:
    _number, pieces = answer_sheets.export(case.as_(who), assessment_id or case.assessment_id, WORDS)
    return b"".join(pieces)


def rows_of(book: Any) -> dict[str, int]:
    """Item → row, of the sheet with the answers."""
    return {row[1].value: row[0].row for row in book["回答"].iter_rows(min_row=2)}


def filled(content: bytes, **answers: tuple[Any, ...]) -> bytes:
    """Answers written into the cells E to H; items by their number."""

    def change(book: Any) -> None:
        places = rows_of(book)
        for name, cells in answers.items():
            for column, value in zip("EFGH", cells, strict=False):
                book["回答"][f"{column}{places[name.replace('_', '-')]}"] = value

    return edited(content, change)


def upload(case: Case, content: bytes, who: str = "vendor_lead") -> Checked:
    answer_sheets.upload(case.as_(who), case.assessment_id, "回答.xlsx", content)
    found = answer_sheets.preview(case.as_(who), case.assessment_id, VALUES)
    assert found is not None
    return found


def apply(case: Case, found: Checked, *overwrite: str, who: str = "vendor_lead") -> Applied:
    ticked = frozenset(overwrite)
    return answer_sheets.apply(case.as_(who), case.assessment_id, found.sha256, VALUES, ticked)


def outcomes(found: Checked) -> dict[str, Outcome]:
    return {each.code: each.outcome for each in found.items if each.waits}


def refusal(case: Case, content: bytes, who: str = "vendor_lead") -> PortalError:
    with pytest.raises(PortalError) as refused:
        upload(case, content, who)
    return refused.value


def test_each_side_gets_its_own_items_and_nothing_else(case: Case) -> None:
    for who in ("vendor_lead", "officer"):
        book = openpyxl.load_workbook(io.BytesIO(exported(case, who)))
        assert set(rows_of(book)) == {item.code for item in case.view(who).mine if item.editable}
    assert CLIENT_ITEM not in rows_of(openpyxl.load_workbook(io.BytesIO(exported(case))))


def test_only_answer_cells_can_be_written_to_and_ids_are_hidden(case: Case) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(case)))
    sheet = book["回答"]
    assert sheet.protection.sheet and book.security.lockStructure
    assert [cell.protection.locked for cell in sheet[2]] == [True] * 4 + [False] * 4
    assert [cell.protection.locked for cell in sheet[1]] == [True] * 8
    assert book["_portal"].sheet_state == "veryHidden"
    assert {each.type for each in sheet.data_validations.dataValidation} == {"list", "textLength", "date"}


def test_answers_come_back_as_they_were_typed(case: Case) -> None:
    content = filled(
        exported(case), QSL_002=("一部", "=規程を見直し中\n二行目", "規程を直す", date(2027, 3, 31))
    )
    cell = openpyxl.load_workbook(io.BytesIO(content))["回答"]["F2"]
    cell_type = cell.data_type
    found = upload(case, filled(exported(case), QSL_002=("一部", "規程を見直し中\n二行目", "規程を直す", date(2027, 3, 31))))  # fmt: skip
    assert outcomes(found) == {VENDOR_ITEM: Outcome.CHANGED}
    assert apply(case, found) == Applied((VENDOR_ITEM,), ())
    item = case.item(VENDOR_ITEM, "vendor_lead")
    assert (item.value, item.comment, item.action, item.action_due) == (
        AnswerValue.PARTIAL, "規程を見直し中\n二行目", "規程を直す", date(2027, 3, 31),
    )  # fmt: skip
    assert item.answered_name and cell_type == "f"


def test_what_was_answered_goes_out_and_an_untouched_file_changes_nothing(case: Case) -> None:
    case.write(
        "vendor_lead",
        VENDOR_ITEM,
        AnswerValue.NO,
        "=式に見える文",
        action="直す",
        action_due=date(2027, 1, 5),
    )
    found = upload(case, edited(exported(case), lambda book: None))
    assert outcomes(found) == {}
    assert apply(case, found) == Applied((), ())
    assert case.item(VENDOR_ITEM).comment == "=式に見える文"


def test_an_untouched_row_does_not_undo_what_others_wrote_meanwhile(case: Case) -> None:
    content = filled(exported(case), QSL_005=("はい",))
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.YES, "あとから書いた")
    found = upload(case, content)
    assert outcomes(found) == {"QSL-005": Outcome.CHANGED}
    apply(case, found)
    assert case.item(VENDOR_ITEM).comment == "あとから書いた"


def test_an_item_changed_meanwhile_is_shown_and_only_overwritten_when_ticked(case: Case) -> None:
    content = filled(exported(case), QSL_002=("いいえ", "ファイルの答え"), QSL_005=("はい",))
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.YES, "画面の答え")
    found = upload(case, content)
    (stale,) = found.of(Outcome.STALE)
    assert (stale.before.comment, stale.after.comment if stale.after else "") == (
        "画面の答え",
        "ファイルの答え",
    )
    assert apply(case, found) == Applied(("QSL-005",), (VENDOR_ITEM,))
    assert case.item(VENDOR_ITEM).comment == "画面の答え"
    again = answer_sheets.preview(case.as_("vendor_lead"), case.assessment_id, VALUES)
    assert again is not None and outcomes(again) == {VENDOR_ITEM: Outcome.STALE}
    assert apply(case, again, stale.key) == Applied((VENDOR_ITEM,), ())
    assert case.item(VENDOR_ITEM).comment == "ファイルの答え"
    assert answer_sheets.preview(case.as_("vendor_lead"), case.assessment_id, VALUES) is None


def test_a_tick_is_good_only_for_what_was_shown(case: Case) -> None:
    content = filled(exported(case), QSL_002=("いいえ", "ファイルの答え"))
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.YES, "一")
    (stale,) = upload(case, content).of(Outcome.STALE)
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.YES, "二")
    found = answer_sheets.preview(case.as_("vendor_lead"), case.assessment_id, VALUES)
    assert found is not None
    assert apply(case, found, stale.key) == Applied((), (VENDOR_ITEM,))
    assert case.item(VENDOR_ITEM).comment == "二"


def test_a_file_attached_meanwhile_makes_nothing_stale(case: Case) -> None:
    content = filled(exported(case), QSL_002=("はい",))
    attach(case.as_("vendor_lead"), case.assessment_id, VENDOR_ITEM)
    assert outcomes(upload(case, content)) == {VENDOR_ITEM: Outcome.CHANGED}


def test_good_answers_are_taken_beside_bad_ones_which_are_named(case: Case) -> None:
    content = filled(exported(case), QSL_002=("はい！", "x" * 10_001, "", "来年"), QSL_005=("はい",))
    found = upload(case, content)
    (wrong,) = found.of(Outcome.WRONG)
    assert [(flaw.address[0], flaw.code) for flaw in wrong.flaws] == [
        ("E", "sheet_value_unknown"), ("F", "cell_longer"), ("H", "date_not_understood"),
    ]  # fmt: skip
    assert apply(case, found) == Applied(("QSL-005",), (VENDOR_ITEM,))
    assert case.item(VENDOR_ITEM).value is None


def test_a_formula_is_refused_with_its_cell(case: Case) -> None:
    found = upload(case, filled(exported(case), QSL_002=("はい", '=HYPERLINK("http://x","y")')))
    (wrong,) = found.of(Outcome.WRONG)
    assert [(flaw.address[0], flaw.code) for flaw in wrong.flaws] == [("F", "cell_formula")]


@pytest.mark.parametrize("column", ["A", "C", "D"])
def test_an_answer_to_an_altered_question_is_not_taken(case: Case, column: str) -> None:
    def alter(book: Any) -> None:
        row = rows_of(book)[VENDOR_ITEM]
        book["回答"][f"{column}{row}"] = "別の質問"
        book["回答"][f"E{row}"] = "はい"

    (wrong,) = upload(case, edited(exported(case), alter)).of(Outcome.WRONG)
    assert [flaw.code for flaw in wrong.flaws] == ["sheet_protected_changed"]


def test_rows_may_be_moved_but_an_item_stands_there_once(case: Case) -> None:
    def move(book: Any) -> None:
        sheet, places = book["回答"], rows_of(book)
        first, other = places[VENDOR_ITEM], places["QSL-005"]
        for column in range(1, 9):
            a, b = sheet.cell(first, column), sheet.cell(other, column)
            a.value, b.value = b.value, a.value
        sheet.cell(other, 5).value = "はい"

    assert outcomes(upload(case, edited(exported(case), move))) == {VENDOR_ITEM: Outcome.CHANGED}

    def double(book: Any) -> None:
        sheet, row = book["回答"], rows_of(book)[VENDOR_ITEM]
        sheet.append([sheet.cell(row, column).value for column in range(1, 9)])
        sheet.cell(row, 5).value = "はい"

    found = upload(case, edited(exported(case), double))
    assert [flaw.code for each in found.of(Outcome.WRONG) for flaw in each.flaws] == ["sheet_item_twice"] * 2


def test_a_row_of_no_item_is_named(case: Case) -> None:
    found = upload(
        case, edited(exported(case), lambda book: book["回答"].append(["", "QSL-999", "", "", "はい"]))
    )
    assert [flaw.code for flaw in found.strays] == ["sheet_item_unknown"]


def hide(book: Any, cell: str, value: Any) -> None:
    book["_portal"][cell] = value


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda book: hide(book, "B2", "99"), "sheet_mark_wrong"),
        (lambda book: hide(book, "D2", "0" * 64), "sheet_mark_wrong"),
        (lambda book: hide(book, "C1", "client"), "sheet_mark_wrong"),
        (lambda book: hide(book, "E1", "0" * 64), "sheet_mark_wrong"),
        (lambda book: hide(book, "E1", "no hex"), "sheet_mark_wrong"),
        (lambda book: book["_portal"].delete_rows(2), "sheet_mark_wrong"),
        (lambda book: book.remove(book["_portal"]), "sheet_not_ours"),
        (lambda book: book.remove(book["回答"]), "sheet_not_ours"),
    ],
)  # fmt: skip
def test_an_altered_hidden_part_is_noticed(case: Case, change: Callable[[Any], None], code: str) -> None:
    assert refusal(case, edited(exported(case), change)).code == code


def test_another_assessments_file_is_refused_by_its_number(case: Case) -> None:
    officer = case.as_("officer")
    from audit_portal.services.engagements import engagements

    other = send(officer, engagements.register(officer, case.everyone.vendor_id, work("別の業務")))
    error = refusal(case, exported(case, assessment_id=other))
    number = assessment_view.get_assessment(officer, other).head.number
    assert (error.code, error.facts["number"]) == ("sheet_other_assessment", number)


def test_another_vendors_file_is_refused_and_nothing_is_told_of_it(case: Case) -> None:
    from audit_portal.services.engagements import engagements

    officer = case.as_("officer")
    neighbour = vendor(case.house, case.everyone.officer, "関西印刷", "カンサイ")
    lead = account(case.house, neighbour, Role.VENDOR_LEAD)
    other = send(officer, engagements.register(officer, neighbour, work()))
    _number, pieces = answer_sheets.export(context(case.house, lead), other, WORDS)
    error = refusal(case, b"".join(pieces))
    assert (error.code, error.facts["number"]) == ("sheet_other_assessment", "–")


def test_the_clients_file_is_not_the_vendors(case: Case) -> None:
    assert refusal(case, exported(case, "officer")).code == "sheet_other_side"


def test_a_contributor_gets_and_gives_only_what_was_delegated(case: Case) -> None:
    with pytest.raises(Conflict) as refused:
        exported(case, "vendor_contributor")
    assert refused.value.code == "sheet_nothing_open"
    me = case.everyone.vendor_contributor
    execute(case.house, "UPDATE answer SET delegate_id = :me WHERE item = 'QSL-005'", me=me.hex if case.house.db.is_sqlite else me)  # fmt: skip
    assert set(rows_of(openpyxl.load_workbook(io.BytesIO(exported(case, "vendor_contributor"))))) == {
        "QSL-005"
    }
    content = filled(exported(case), QSL_002=("はい",), QSL_005=("はい",))
    found = upload(case, content, "vendor_contributor")
    assert outcomes(found) == {VENDOR_ITEM: Outcome.CLOSED, "QSL-005": Outcome.CHANGED}
    assert apply(case, found, who="vendor_contributor") == Applied(("QSL-005",), (VENDOR_ITEM,))
    assert case.item(VENDOR_ITEM).value is None


def test_after_submission_nothing_is_written(case: Case) -> None:
    content = filled(exported(case), QSL_002=("いいえ", "あとの祭り"))
    case.submitted()
    with pytest.raises(Conflict):
        exported(case)
    found = upload(case, content)
    assert outcomes(found) == {VENDOR_ITEM: Outcome.CLOSED}
    assert apply(case, found) == Applied((), (VENDOR_ITEM,))
    assert case.item(VENDOR_ITEM).comment == "しています。"


def test_returned_items_go_out_with_the_note_and_only_those(case: Case) -> None:
    case.submitted().give_back(VENDOR_ITEM, note="根拠を書いてください。")
    book = openpyxl.load_workbook(io.BytesIO(exported(case)))
    assert set(rows_of(book)) == {VENDOR_ITEM}
    assert "根拠を書いてください。" in book["回答"]["D2"].value


def test_whoever_reaches_nothing_gets_nothing(case: Case) -> None:
    neighbour = vendor(case.house, case.everyone.officer, "関西印刷", "カンサイ")
    stranger = context(case.house, account(case.house, neighbour, Role.VENDOR_LEAD))
    with pytest.raises(NotFound):
        answer_sheets.export(stranger, case.assessment_id, WORDS)
    with pytest.raises(NotFound):
        answer_sheets.upload(stranger, case.assessment_id, "a.xlsx", exported(case))


def test_another_installations_key_does_not_open_it(case: Case) -> None:
    content = exported(case)

    class OtherKeys:
        def __getattr__(self, name: str) -> Any:
            return getattr(case.house.keys, name)

        def mac(self, message: bytes, purpose: bytes) -> bytes:
            return bytes(32)

    other = replace(case, house=replace(case.house, keys=OtherKeys()))
    with pytest.raises(Invalid) as refused:
        answer_sheets.upload(other.as_("vendor_lead"), case.assessment_id, "a.xlsx", content)
    assert refused.value.code == "sheet_mark_wrong"


def test_what_was_answered_before_stands_beside_and_is_never_read_back(house: House, tmp_path: Path) -> None:
    both = two(house, tmp_path)
    case = both.second
    assert openpyxl.load_workbook(io.BytesIO(exported(both.first, "officer")))["回答"]["I1"].value is None
    content = exported(case)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet, places = book["回答"], rows_of(book)
    assert sheet["I1"].value == "前の回答" and book["はじめに"]["A3"].value == "前の回答"
    seen = both.former(COMPANY)
    assert seen is not None
    cell = sheet[f"I{places[COMPANY]}"]
    assert cell.value == f"{seen.number} yes {seen.comment}" and cell.protection.locked
    shown = {code for code, place in places.items() if sheet[f"I{place}"].value}
    assert shown == {code for code in places if both.former(code)} != set()
    assert outcomes(upload(case, content)) == {}  # nothing of it counts as an answer

    def scribbled(book: Any) -> None:
        book["回答"][f"I{places[COMPANY]}"] = "=1+1"

    assert outcomes(upload(case, edited(filled(content, QSL_002=("いいえ", "")), scribbled))) == {
        COMPANY: Outcome.CHANGED
    }
    both.confirm(COMPANY)
    assert rows_of(openpyxl.load_workbook(io.BytesIO(exported(case)))).keys() == places.keys()
    again = openpyxl.load_workbook(io.BytesIO(exported(case)))["回答"]
    assert again[f"I{places[COMPANY]}"].value is None  # it is the answer by now


def test_the_same_assessment_gives_the_same_file(case: Case) -> None:
    assert exported(case) == exported(case)
