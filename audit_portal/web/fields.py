"""Cleaning of typed text, and fields that read dates and numbers as Japanese keyboards type them."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField
from wtforms.validators import ValidationError

from audit_portal.domain import typed_text
from audit_portal.web.widgets import Date, Number


def clean_text(text: str | None) -> str | None:
    """Field filter: see domain.typed_text."""
    return typed_text.clean_text(text) if text else text


def clean_line(text: str | None) -> str | None:
    """Field filter, for fields of one line."""
    return typed_text.clean_line(text) if text else text


class YmdField(DateField):
    """A date as year, month, day, full-width digits too; a part left out is an error even if optional."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format="%Y %m %d", **{"widget": Date(), **kwargs})

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([normalize("NFKC", value).strip() for value in valuelist])
        except ValueError:
            self.data = None  # told in post_validate: Optional() sees only the year, and would clear it

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if any(self.raw_data or ()) and self.data is None and not self.errors:
            raise ValidationError(_l("実在する日付を、年・月・日のすべてに入力してください"))


class NumberField(IntegerField):
    """A whole number; full-width digits and thousands separators are taken too."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **{"widget": Number(), **kwargs})

    def process_formdata(self, valuelist: list[str]) -> None:
        text = re.sub(r"[,\u3001\s]", "", normalize("NFKC", valuelist[0])) if valuelist else ""
        self.data = None
        if text and not re.fullmatch(r"-?[0-9]{1,15}", text):
            raise ValueError(_l("数字だけで入力してください"))
        if text:
            self.data = int(text)
