"""Documents of a contract: files sent in, paper recorded, shown to the vendor or not, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import NotFound
from audit_portal.services.contracts import contract_documents, contract_views
from audit_portal.services.contracts.contract_documents import ContractUpload
from audit_portal.services.house import Context
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.contracts.forms import ContractUploadForm, PaperForm, ShareForm, WithdrawForm
from audit_portal.web.contracts.views import crumbs, here, page, pages
from audit_portal.web.evidence.uploading import abandon, taken

pages.teardown_request(abandon)
_DOCUMENTS = "/contracts/<uuid:contract_id>/documents"


@dataclass(frozen=True)
class ContractTarget:
    """A file on its way to a contract; see web/evidence/uploading.py."""

    contract_id: UUID
    form_class = ContractUploadForm
    template = "contracts/_upload.html"
    once = False

    @property
    def back(self) -> str:
        return here(self.contract_id)

    @property
    def back_label(self) -> str:
        return _("送らずに契約の画面へ戻る")

    @property
    def url(self) -> str:
        return url_for("contracts.upload", contract_id=self.contract_id)

    def known(self, ctx: Context) -> None:
        contract_views.get_contract(ctx, self.contract_id)

    def open(self, ctx: Context, form: Any, name: str, expected: int | None) -> ContractUpload:
        return ContractUpload(ctx, self.contract_id, form.facts(), name, expected)

    def message(self, name: str) -> str:
        return _("「%(name)s」を契約の文書に追加しました。", name=name)


def upload(contract_id: UUID) -> Response | tuple[Any, int]:
    """One file for a contract. A view: the permission was checked, the form's token was not yet."""
    return taken(ContractTarget(contract_id))


pages.add_url_rule(
    _DOCUMENTS, "upload", upload, methods=["PUT", "POST"], permission=Permission.CONTRACT_REGISTER
)


@pages.post("/contracts/<uuid:contract_id>/papers", permission=Permission.CONTRACT_REGISTER)
def paper(contract_id: UUID) -> Response | tuple[str, int]:
    found = contract_views.get_contract(context(), contract_id)
    form, status = PaperForm(), 422
    if form.validate():
        with kept(form) as outcome:
            contract_documents.record_paper(context(form), contract_id, form.facts())
        if outcome.ok:
            return done(here(contract_id, _anchor="documents"), _("紙の原本の保管場所を登録しました。"))
        status = outcome.status
    return page(found, paper=form), status


@pages.post(f"{_DOCUMENTS}/<uuid:document_id>/share", permission=Permission.CONTRACT_REGISTER)
def share(contract_id: UUID, document_id: UUID) -> Response | tuple[str, int]:
    form = ShareForm()
    shared = form.shared.data == "1"
    with kept(form) as outcome:
        contract_documents.share(context(form), contract_id, document_id, shared)
    if not outcome.ok:
        return page(contract_views.get_contract(context(), contract_id)), outcome.status
    message = _("委託先にも見えるようにしました。") if shared else _("委託先には見えないようにしました。")
    return done(here(contract_id, _anchor="documents"), message)


@pages.route(
    f"{_DOCUMENTS}/<uuid:document_id>/withdraw",
    methods=["GET", "POST"],
    permission=Permission.CONTRACT_REGISTER,
)
def withdraw(contract_id: UUID, document_id: UUID) -> Response | tuple[str, int]:
    found = contract_views.get_contract(context(), contract_id)
    document = next((each for each in found.documents if each.id == document_id), None)
    if document is None:
        raise NotFound()
    form, status = WithdrawForm(), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            contract_documents.withdraw(context(form), contract_id, document_id, form.reason.data)
        if outcome.ok:
            return done(
                here(contract_id, _anchor="documents"), _("文書を取り下げました。記録は残っています。")
            )
        status = outcome.status
    shown = render_template(
        "contracts/withdraw.html",
        form=form,
        document=document,
        head=found.head,
        back=here(contract_id),
        breadcrumbs=crumbs(found),
    )
    return shown, status if form.errors else 200
