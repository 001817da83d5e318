"""Pages of imports: what came in, the file, what it would do, and bringing it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import Invalid
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.imports.columns import COLUMNS
from audit_portal.services import imports
from audit_portal.services.imports import Order, Outcome, Preview, RunView
from audit_portal.services.imports.template import template
from audit_portal.web import sheet_upload
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.downloads import attachment
from audit_portal.web.forms import PortalForm
from audit_portal.web.guard import Guarded
from audit_portal.web.imports import words
from audit_portal.web.imports.forms import BringInForm, bring_in_form
from audit_portal.web.lists import page_key, page_urls

pages = Guarded("imports", __name__)
SHOWN = 200  # bad cells on one page
_LISTED = 50  # rows of one outcome
_STREAMING: list[Callable[..., Any]] = []


def _crumbs(kind: ImportKind | None = None) -> list[tuple[str, str]]:
    found = [(_("委託先"), url_for("parties.listed"))]
    if kind is not None:
        found.append((_("ファイルの取り込み"), url_for("imports.listed")))
    return found


@pages.get("/imports", permission=Permission.REGISTER_IMPORT)
def listed() -> str:
    page = imports.history(context(), page_key())
    urls = page_urls("imports.listed", page.next_key)
    return render_template("imports/listed.html", page=page, words=words, breadcrumbs=_crumbs(), **urls)


def _form_page(kind: ImportKind, form: sheet_upload.SheetForm) -> str:
    return render_template(
        "imports/upload.html",
        kind=kind,
        form=form,
        words=words,
        columns=COLUMNS[kind],
        template_url=url_for(f"imports.{kind.value}_template"),
        preview_url=url_for(f"imports.{kind.value}_preview"),
        waits=_waits(kind),
        breadcrumbs=_crumbs(kind),
    )


def _waits(kind: ImportKind) -> bool:
    try:
        return imports.preview(context(), kind, words.country) is not None
    except Invalid:
        return False


def _preview_page(preview: Preview, form: BringInForm) -> str:
    return render_template(
        "imports/preview.html",
        kind=preview.kind,
        preview=preview,
        form=form,
        words=words,
        told=sheet_upload.told,
        headings={column.field: column.heading for column in COLUMNS[preview.kind]},
        counts=[(outcome, len(preview.of(outcome))) for outcome in Outcome],
        listed=_LISTED,
        most=SHOWN,
        upload_url=url_for(f"imports.{preview.kind.value}"),
        apply_url=url_for(f"imports.{preview.kind.value}_apply"),
        breadcrumbs=_crumbs(preview.kind),
    )


def _after(run: RunView) -> str:
    return _(
        "取り込みました：新しく登録%(created)s件、更新%(changed)s件、変わらない%(unchanged)s件。",
        created=run.created,
        changed=run.changed,
        unchanged=run.unchanged,
    )


def _routes(kind: ImportKind) -> None:
    """The pages of one kind of table; each address says in words what it is about."""
    path, name = f"/imports/{kind.value}", kind.value

    def form() -> str:
        return _form_page(kind, sheet_upload.SheetForm(formdata=None))

    def upload() -> Response | tuple[str, int]:
        """The token is checked inside: the body is read piece by piece."""
        ctx = context()
        refusal = sheet_upload.take(lambda name, content: imports.upload(ctx, kind, name, content))
        if refusal is None:
            return redirect(url_for(f"imports.{kind.value}_preview"), 303)
        again = sheet_upload.SheetForm(formdata=None)
        status = sheet_upload.refused(again, refusal)
        return _form_page(kind, again), status

    def preview() -> Response | str | tuple[str, int]:
        try:
            found = imports.preview(context(), kind, words.country)
        except Invalid as refusal:  # too many questions: only the register could tell
            again = sheet_upload.SheetForm(formdata=None)
            return _form_page(kind, again), sheet_upload.refused(again, refusal)
        if found is None:
            return redirect(url_for(f"imports.{kind.value}"), 303)
        return _preview_page(found, bring_in_form(found, formdata=None))

    def apply() -> Response | tuple[str, int]:
        found = imports.preview(context(), kind, words.country)
        if found is None:
            return _gone()
        filled = bring_in_form(found)
        if not filled.validate():
            return _preview_page(found, filled), 422
        with kept(filled) as outcome:
            run = imports.apply(
                context(filled), kind, filled.sha256.data or "", filled.order(), words.country
            )
        if outcome.ok:
            return done(url_for("imports.listed"), _after(run))
        filled.sha256.data = found.sha256
        return _preview_page(found, filled), outcome.status

    def _gone() -> Response | tuple[str, int]:
        sent = PortalForm()  # its key may be that of a form that went through a moment ago
        with kept(sent) as outcome:
            imports.apply(context(sent), kind, "", Order(), words.country)
        again = sheet_upload.SheetForm(formdata=None)
        for error in sent.form_errors:
            again.add_error("file", error)
        return _form_page(kind, again), outcome.status

    def template_file() -> Response:
        pieces = template(context(), kind, words.template_words())
        return attachment(pieces, f"{words.KINDS[kind]}_{_('ひな形')}.xlsx")

    permission = Permission.REGISTER_IMPORT
    pages.add_url_rule(path, name, form, methods=["GET"], permission=permission)
    pages.add_url_rule(path, f"{name}_upload", upload, methods=["POST"], permission=permission)
    pages.add_url_rule(f"{path}/preview", f"{name}_preview", preview, methods=["GET"], permission=permission)
    pages.add_url_rule(f"{path}/apply", f"{name}_apply", apply, methods=["POST"], permission=permission)
    pages.add_url_rule(
        f"{path}/template.xlsx", f"{name}_template", template_file, methods=["GET"], permission=permission
    )
    _STREAMING.append(upload)


for _kind in ImportKind:
    _routes(_kind)

STREAMING = tuple(_STREAMING)
