"""A contract's document beside its clauses: which one and which page stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.domain.errors import NotFound
from audit_portal.domain.preview import SHOWN, Unshown
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.contracts import document_preview
from audit_portal.services.contracts.contract_views import ContractHead, DocumentView
from audit_portal.services.contracts.document_preview import Preview
from audit_portal.web.context import context

Documents = tuple[tuple[ContractHead, DocumentView], ...]
WHY: Mapping[Unshown, Any] = {
    Unshown.PAPER: _l("紙の原本だけが登録されているため、ここには表示できません。原本を見てください。"),
    Unshown.KIND: _l("この種類のファイルの内容は、ここには表示できません。ダウンロードして見てください。"),
    Unshown.LARGE: _l("ファイルが大きいため、ここには表示できません。ダウンロードして見てください。"),
    Unshown.LOCKED: _l("パスワード付きのPDFのため、ここには表示できません。ダウンロードして見てください。"),
    Unshown.UNREADABLE: _l("このファイルからは文字を読み取れませんでした。ダウンロードして見てください。"),
    Unshown.HEAVY: _l(
        "このページの読み取りには時間がかかりすぎるため、表示できません。ダウンロードして見てください。"
    ),
    Unshown.BUSY: _l("いま、ほかの文書を読み取っています。少し待ってから、もう一度表示してください。"),
}


def address() -> dict[str, Any]:
    """The part of the address that keeps the document open: on to forms and links of the same page."""
    return {name: request.args[name] for name in ("document", "page") if request.args.get(name)}


def beside(view: AssessmentView, code: str, documents: Documents) -> dict[str, Any]:
    """What assessments/_preview.html needs; without a document in the address nothing is read."""
    if not current_user.actor.may(Permission.EVIDENCE_READ):
        return {"preview": None, "preview_documents": []}
    opened = _opened(view)
    offered = [
        (str(each.id), f"{head.number} {head.title}", each.title)
        for head, each in documents
        if each.media_type in SHOWN
    ]
    if opened and str(opened.document_id) not in [each for each, *_ in offered]:
        offered.append((str(opened.document_id), opened.contract, opened.title))
    here: dict[str, Any] = {"assessment_id": view.head.id, "code": code}
    return {
        "preview": opened,
        "preview_documents": offered,
        "preview_why": WHY,
        "preview_pages": limits.PREVIEW_PAGES,
        "preview_url": lambda document_id, page=1: url_for(
            "assessments.item", **here, document=document_id, page=page, _anchor="preview"
        ),
        "preview_address": address(),
        "readable": SHOWN,
    }


def spot(opened: Preview | None) -> dict[str, Any]:
    """The place that is being read, as the form that records one begins with it."""
    if opened is None:
        return {}
    page = opened.shown.page if opened.paged and opened.shown else None
    return {"document": str(opened.document_id), "page": page}


def _opened(view: AssessmentView) -> Preview | None:
    wanted = request.args.get("document")
    if not wanted:
        return None
    try:
        document_id = UUID(wanted)
    except ValueError:
        raise NotFound() from None
    page = request.args.get("page", 1, type=_number)
    return document_preview.read_page(context(), view.head.id, document_id, page)


def _number(text: str) -> int:
    return min(max(int(text), 1), limits.PREVIEW_PAGES)
