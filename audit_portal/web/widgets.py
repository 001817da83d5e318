"""WTForms fields drawn with GOV.UK Frontend, in the language of the page.

The widgets mend gaps of govuk-frontend-wtf: English texts, day-first dates, attributes printed twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from govuk_frontend_wtf import wtforms_widgets as gov
from markupsafe import Markup
from wtforms import Field

Params = dict[str, Any]


def plain(value: Any) -> Any:
    """A copy with every lazy string made a string: the macros join, test and escape them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, LazyString) else value


def with_mark(text: Any) -> Markup:
    """A label that says in words that its field must be filled."""
    return Markup('{} <span class="app-required">{}</span>').format(str(text), str(_l("必須")))


class Ui:
    """Mixin, before a Gov* widget: default macro options, required mark, spoken error prefix."""

    extra: Params = {}

    def map_gov_params(self, field: Field, **kwargs: Any) -> Params:
        params: Params = {**self.extra, **super().map_gov_params(field, **kwargs)}  # type: ignore[misc]
        for name in ("autocomplete", "spellcheck", "inputmode", "rows", "classes", "disabled"):
            if name in params.get("attributes", {}):  # the macros would print them twice
                params[name] = params["attributes"].pop(name)
        if not field.description:
            params.pop("hint", None)  # upstream prints an empty hint under radios
        if field.errors:
            params["errorMessage"]["visuallyHiddenText"] = _l("エラー")
        title = params["fieldset"]["legend"] if "fieldset" in params else params.get("label")
        if title and field.flags.required and "html" not in title:
            title["html"] = with_mark(title["text"])
        return plain(params)

    def render(self, params: Params) -> Markup:
        """Without the variables of a page, which upstream makes anew for each field."""
        template = current_app.jinja_env.get_template(self.template)  # type: ignore[attr-defined]
        return Markup(template.render(params=params))  # noqa: S704 - a template escapes


class Text(Ui, gov.GovTextInput):
    pass


class TextArea(Ui, gov.GovTextArea):
    pass


class Select(Ui, gov.GovSelect):
    pass


class Radios(Ui, gov.GovRadioInput):
    extra = {"classes": "govuk-radios--small"}


class Checkboxes(Ui, gov.GovCheckboxesInput):
    extra = {"classes": "govuk-checkboxes--small"}


class Checkbox(Ui, gov.GovCheckboxInput):
    """One box: its label stands beside it, its hint under that."""

    extra = {"classes": "govuk-checkboxes--small"}

    def map_gov_params(self, field: Field, **kwargs: Any) -> Params:
        params = super().map_gov_params(field, **kwargs)
        if field.flags.required:
            params["items"][0]["html"] = with_mark(params["items"][0]["text"])
        if hint := params.pop("hint", None):
            params["items"][0]["hint"] = hint
        return params


class Submit(Ui, gov.GovSubmitInput):
    extra = {"preventDoubleClick": True}


class Email(Ui, gov.GovInput):
    input_type = "email"
    extra = {"autocomplete": "email", "spellcheck": False}


class Number(Ui, gov.GovInput):
    """A text box that calls up the digits; `type=number` loses what it can't read."""

    input_type = "text"
    extra = {"inputmode": "numeric", "spellcheck": False, "classes": "govuk-input--width-10"}


class Password(Ui, gov.GovPasswordInput):
    extra = {
        "showPasswordText": _l("表示"),
        "hidePasswordText": _l("隠す"),
        "showPasswordAriaLabelText": _l("パスワードを表示"),
        "hidePasswordAriaLabelText": _l("パスワードを隠す"),
        "passwordShownAnnouncementText": _l("パスワードを表示しています"),
        "passwordHiddenAnnouncementText": _l("パスワードを隠しています"),
    }


class CountedText(Ui, gov.GovCharacterCount):
    """Takes the limit from the field's `Length(max=…)`."""

    extra = {
        "textareaDescriptionText": _l("%{count} 文字まで"),
        "charactersUnderLimitText": {"other": _l("あと %{count} 文字")},
        "charactersAtLimitText": _l("あと 0 文字"),
        "charactersOverLimitText": {"other": _l("%{count} 文字超過")},
    }

    def map_gov_params(self, field: Field, **kwargs: Any) -> Params:
        return {**super().map_gov_params(field, **kwargs), "maxlength": field.flags.maxlength}


class Files(Ui, gov.GovFileInput):
    """Files, with drag and drop; without script, the browser's own file input. One: `Files(False)`."""

    extra = {
        "javascript": True,
        "chooseFilesButtonText": _l("ファイルを選ぶ"),
        "dropInstructionText": _l("または、ここにドロップ"),
        "noFileChosenText": _l("選択されていません"),
        "multipleFilesChosenText": {"other": _l("選択中：%{count} 件")},
        "enteredDropZoneText": _l("ドロップできます"),
        "leftDropZoneText": _l("ドロップできる範囲の外です"),
    }

    def __init__(self, multiple: bool = True) -> None:
        super().__init__(multiple=multiple)

    def map_gov_params(self, field: Field, **kwargs: Any) -> Params:
        kwargs.pop("multiple", None)
        return {**super().map_gov_params(field, **kwargs), "multiple": self.multiple}


class Date(Ui, gov.GovDateInput):
    """Year, month, day; upstream is day first and in English."""

    focus = "-year"  # where a link of the error summary leads
    parts = (("year", _l("年"), 4), ("month", _l("月"), 2), ("day", _l("日"), 2))

    def map_gov_params(self, field: Field, required: Any = None, **kwargs: Any) -> Params:
        if field.raw_data is not None:  # upstream fails on a post of other than three values
            field.raw_data = [*field.raw_data, "", "", ""][:3]
        params = super().map_gov_params(field, **kwargs)  # without `required`: it would land on a <div>
        day = field.data
        values = field.raw_data or ([day.year, day.month, day.day] if day else [""] * 3)
        wrong = " govuk-input--error" if field.errors else ""
        params["items"] = [
            {
                "label": label,
                "id": f"{field.id}-{key}",
                "name": field.name,
                "value": value,
                "classes": f"govuk-input--width-{width}{wrong}",
            }
            for (key, label, width), value in zip(self.parts, values, strict=True)
        ]
        return plain(params)


def error_summary(form: Any) -> Params:
    """Params of govukErrorSummary: a link to the control of each field in error, nested ones too."""

    def walk(fields: Any) -> Iterator[Params]:
        for field in fields:
            inner = getattr(field, "form", None) or getattr(field, "entries", None)  # FormField, FieldList
            if inner:
                yield from walk(inner)
            elif field.errors:  # a hidden field has nothing to lead to
                seen = field.widget.__class__.__name__ != "HiddenInput"
                target = f"#{field.id}{getattr(field.widget, 'focus', '')}"
                yield {"text": field.errors[0], **({"href": target} if seen else {})}

    own = ({"text": error} for error in form.form_errors)
    return plain({"titleText": _l("入力内容を確認してください"), "errorList": [*walk(form), *own]})
