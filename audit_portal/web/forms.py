"""What every form of the portal has: cleaned text, a key against sending twice, errors from services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, Form, HiddenField, PasswordField, StringField, SubmitField, TextAreaField
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput

from audit_portal.web.fields import clean_line, clean_text

_OWN = ("csrf_token", "idempotency_key")


class Required:
    """Something must be given: spaces alone don't count, 0 does.

    What was typed but can't be read is left to the field's own message.
    """

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        typed = any(str(value).strip() for value in field.raw_data or ())
        if field.data is False or field.data in ("", []) or (field.data is None and not typed):
            field.errors[:] = []  # "not a valid choice" says less than what is missing
            raise StopValidation(self.message)


class Cleaned:
    """Mixin for the Meta of a form: text is cleaned before it is checked (passwords are left as typed)."""

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
        kind = unbound_field.field_class
        if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
            first = clean_text if issubclass(kind, TextAreaField) else clean_line
            options = {**options, "filters": [first, *unbound_field.kwargs.get("filters", ())]}
        return super().bind_field(form, unbound_field, options)  # type: ignore[misc]


class RowForm(Form):
    """One row of a list inside a form; the form around it holds token and key."""

    class Meta(Cleaned, DefaultMeta):
        pass


class PortalForm(FlaskForm):
    """Base of all forms."""

    class Meta(Cleaned, FlaskForm.Meta):
        pass

    # A repeat of the same post carries the same key: the service answers it with the first result.
    idempotency_key = HiddenField(default=lambda: uuid4().hex)

    def hidden_tag(self, *fields: Any) -> Markup:
        """The hidden inputs, without ids, so that a page may hold several forms."""
        chosen = [getattr(self, each, None) if isinstance(each, str) else each for each in fields] or self
        hidden = [each for each in chosen if each is not None and isinstance(each.widget, HiddenInput)]
        return Markup("\n").join(each(id=False) for each in hidden)

    def add_error(self, field: str | None, message: Any) -> None:
        """Shows what a service refused beside its field, or above the form when it belongs to none."""
        target = self._fields.get(field) if field else None
        if target is None or isinstance(target.widget, HiddenInput):
            self.form_errors.append(message)
        else:
            target.errors = [*target.errors, message]

    def values(self) -> Mapping[str, Any]:
        """What the person entered, by field name: no token, no key, no buttons."""
        return {
            name: field.data
            for name, field in self._fields.items()
            if name not in _OWN and not isinstance(field, SubmitField)
        }
