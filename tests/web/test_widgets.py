"""Fields clean what is typed; widgets tie every error to its control; the shell shows what it is given."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from audit_portal.web.fields import clean_line, clean_text
from tests.web.demo import DemoForm, demo_app

FULL = {
    "company": "東京データ処理",
    "email": "a@example.jp",
    "kept": "all",
    "media": "ic",
    "period": "1y",
    "since": ["2024", "4", "1"],
    "people": "48000",
    "detail": "説明",
    "agreed": "y",
    "password": " secret ",
}


class Elements(HTMLParser):
    """The attributes of every element of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice: {names}"
        self.all.append((tag, {name: value or "" for name, value in attrs}))

    def with_attribute(self, name: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.all if name in attributes]


@pytest.fixture(scope="module")
def app() -> Flask:
    return demo_app(WTF_CSRF_ENABLED=False)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def entered(app: Flask, **changes: object) -> DemoForm:
    with app.test_request_context("/", method="POST"):
        form = DemoForm(MultiDict({**FULL, **changes}))
        form.validate()
        return form


# ---- cleaning -----------------------------------------------------------------------------------


@given(st.text())
def test_cleaned_text_is_nfc_and_holds_no_control_or_direction_marks(text: str) -> None:
    cleaned = clean_text(text) or ""
    assert cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", cleaned
    )
    assert clean_text(cleaned) == cleaned


@given(st.text())
def test_a_cleaned_line_has_no_line_end(text: str) -> None:
    assert len((clean_line(text) or "").splitlines()) <= 1


def test_line_ends_count_once_and_joined_emoji_stay_whole() -> None:
    assert clean_text("一\r\n二\r三\u2028四") == "一\n二\n三\n四"
    assert clean_text("👩\u200d💻") == "👩\u200d💻"
    assert clean_text("か\u3099") == "が"


def test_a_name_can_not_be_written_backwards() -> None:
    assert clean_line("report\u202efdp.exe") == "reportfdp.exe"


# ---- fields -------------------------------------------------------------------------------------


def test_a_form_filled_in_is_valid_but_for_its_file(app: Flask) -> None:
    form = entered(app)
    assert set(form.errors) == {"files"}
    values = form.values()
    assert values["since"] == date(2024, 4, 1)
    assert not {"csrf_token", "idempotency_key", "submit"} & set(values)


def test_full_width_digits_are_read(app: Flask) -> None:
    form = entered(app, since=["２０２４", "４", "１"], people="４８，０００")
    assert (form.since.data, form.people.data) == (date(2024, 4, 1), 48000)


@pytest.mark.parametrize(
    "parts", [["", "4", "1"], ["2024", "", ""], ["2024", "2", "30"], ["x", "y", "z"], ["2024"]]
)
@pytest.mark.parametrize("name", ["since", "until"])
def test_a_date_in_part_or_not_real_is_an_error_even_where_optional(
    app: Flask, name: str, parts: list[str]
) -> None:
    form = entered(app, **{name: parts})
    assert form.errors[name] == ["実在する日付を、年・月・日のすべてに入力してください"]


def test_a_date_left_out_is_none_where_optional(app: Flask) -> None:
    form = entered(app, until=["", "", ""])
    assert "until" not in form.errors
    assert form.until.data is None


@pytest.mark.parametrize("text", ["約五万", "1.5", "1e5", "-", "9" * 16])
def test_what_is_no_whole_number_says_so(app: Flask, text: str) -> None:
    assert entered(app, people=text).errors["people"] == ["数字だけで入力してください"]


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("nothing", ["", []])
def test_a_required_field_left_out_gives_its_own_message(app: Flask, name: str, nothing: object) -> None:
    if name in ("agreed", "media"):
        nothing = []  # a browser sends no box that isn't ticked
    assert entered(app, **{name: nothing}).errors[name] == ["入力してください"]


def test_spaces_are_not_an_answer_but_nought_is(app: Flask) -> None:
    assert entered(app, company="\u3000 ").errors["company"] == ["入力してください"]
    assert "people" not in entered(app, people="0").errors


def test_a_password_stays_as_typed(app: Flask) -> None:
    assert entered(app).password.data == " secret "


def test_one_line_fields_lose_line_ends_and_long_ones_keep_them(app: Flask) -> None:
    form = entered(app, company="東京\r\nBcc: x", detail="一\r\n二")
    assert form.company.data == "東京 Bcc: x"
    assert form.detail.data == "一\n二"


# ---- the form base ------------------------------------------------------------------------------


def test_every_new_form_has_a_key_of_its_own_and_keeps_it_when_it_comes_back(app: Flask) -> None:
    with app.test_request_context("/"):
        first, second = DemoForm().idempotency_key.data, DemoForm().idempotency_key.data
    assert first != second
    assert len(first) == 32
    assert entered(app, idempotency_key=first).idempotency_key.data == first


def test_an_error_of_a_service_stands_with_its_field_or_above_the_form(app: Flask) -> None:
    form = entered(app)
    form.add_error("company", "登録済みです")
    form.add_error(None, "締め切りました")
    form.add_error("idempotency_key", "送信済みです")
    form.add_error("no_such_field", "不明です")
    assert form.errors["company"] == ["登録済みです"]
    assert form.form_errors == ["締め切りました", "送信済みです", "不明です"]


def test_hidden_inputs_have_no_id_so_that_a_page_may_hold_two_forms(app: Flask) -> None:
    with app.test_request_context("/"):
        hidden = Elements(DemoForm().hidden_tag()).all
    assert [attributes["name"] for _, attributes in hidden] == ["idempotency_key"]
    assert "id" not in hidden[0][1]


# ---- drawing ------------------------------------------------------------------------------------


def test_each_error_is_tied_to_its_control_and_linked_from_the_summary(client: FlaskClient) -> None:
    answer = client.post("/form", data={})
    assert answer.status_code == 422
    page = Elements(answer.text)
    messages = [
        each["id"] for each in page.with_attribute("id") if "govuk-error-message" in each.get("class", "")
    ]
    assert len(messages) == 11
    described = " ".join(each["aria-describedby"] for each in page.with_attribute("aria-describedby")).split()
    assert [each for each in messages if each not in described] == []
    ids = [each["id"] for each in page.with_attribute("id")]
    assert len(ids) == len(set(ids))
    links = [each["href"][1:] for each in page.with_attribute("href") if each["href"].startswith("#")]
    assert len(links) == 1 + len(messages)
    controls = {
        attributes.get("id") for tag, attributes in page.all if tag in ("input", "select", "textarea", "main")
    }
    assert set(links) <= controls
    assert "<title>エラー：入力 – " in answer.text
    assert "入力内容を確認してください" in answer.text


def test_the_hint_of_a_box_stands_under_its_label_and_is_read_with_it(client: FlaskClient) -> None:
    answer = client.get("/form").text
    assert 0 < answer.index("内容を確かめた") < answer.index("読んでから選びます。")
    page = Elements(answer)
    (box,) = (each for each in page.with_attribute("name") if each["name"] == "agreed")
    hint = box["aria-describedby"]
    assert [each["class"] for each in page.with_attribute("id") if each["id"] == hint] == [
        "govuk-hint govuk-checkboxes__hint"
    ]


def test_a_typed_value_comes_back_escaped(client: FlaskClient) -> None:
    text = client.post("/form", data={"company": '"><script>x</script>', "since": ["2024", "13", "1"]}).text
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text
    assert 'value="13"' in text


def test_a_post_of_one_date_part_is_drawn_and_not_a_crash(client: FlaskClient) -> None:
    assert client.post("/form", data={"since": "2024"}).status_code == 422


@pytest.mark.parametrize("language", ["ja", "en"])
def test_widgets_speak_the_language_of_the_page(client: FlaskClient, language: str) -> None:
    text = client.get(f"/form?lang={language}").text
    words = {
        "ja": ("必須", "パスワードを表示", "ファイルを選ぶ"),
        "en": ("Required", "Show password", "Choose files"),
    }
    for word in words[language]:
        assert word in text
    assert all(word not in text for word in words["en" if language == "ja" else "ja"])


def test_nothing_inline_that_the_policy_refuses(client: FlaskClient) -> None:
    for path in ("/", "/form", "/draft", "/upload", "/error/404"):
        page = Elements(client.get(path).text)
        assert not page.with_attribute("style")
        assert all("src" in attributes for tag, attributes in page.all if tag == "script")
        assert not [tag for tag, attributes in page.all if any(name.startswith("on") for name in attributes)]


def test_every_form_has_a_token_and_leaves_checking_to_the_server() -> None:
    client = demo_app().test_client()
    for path in ("/", "/form", "/draft", "/upload"):
        text = client.get(path).text
        forms = re.findall(r"<form.*?</form>", text, re.S)
        assert len(forms) > 1
        assert all("novalidate" in form and 'name="csrf_token"' in form for form in forms)


def test_user_text_in_parts_is_escaped(client: FlaskClient) -> None:
    text = client.get("/").text
    assert "&lt;b&gt;覚書&lt;/b&gt;" in text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 418, 422, 429, 500, 502, 503])
def test_each_error_page_says_what_happened_and_what_to_do(
    client: FlaskClient, status: int, language: str
) -> None:
    answer = client.get(f"/error/{status}?lang={language}")
    main = answer.text.split("<main")[1].split("</main>")[0]
    assert answer.status_code == status
    assert main.count("<p>") == 3
    assert "0192-abcd" in main
    assert bool(re.search("[ぁ-ん]", main)) == (language == "ja")
