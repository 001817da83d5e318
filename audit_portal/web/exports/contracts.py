"""The list of contracts as xlsx and CSV."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services import exports
from audit_portal.services.contracts import contract_views
from audit_portal.services.contracts.contract_views import ContractHead
from audit_portal.services.exports import FileKind, Values
from audit_portal.web import contract_labels as labels
from audit_portal.web.context import context
from audit_portal.web.contracts.filter import contracts as filter_of_list
from audit_portal.web.exports.views import list_file, pages


def contracts(kind: FileKind) -> Response:
    ctx, (_filter, words, soon) = context(), filter_of_list()
    find = contract_views.due_soon if soon else contract_views.listed
    found = exports.every(lambda key, limit: find(ctx, key, search=words, limit=limit))
    heads = [
        _("番号"), _("契約名"), _("種類"), _("委託元"), _("委託先"), _("状態"), _("締結日"), _("開始日"),
        _("いまの期間の終わり"), _("自動更新"), _("更新しないと伝える期限"), _("次の期限"),
    ]  # fmt: skip
    if ctx.actor.is_vendor:
        return list_file(kind, _("契約"), heads, (_line(each) for each in found))
    return list_file(
        kind, _("契約"), [*heads, _("再委託の定め")], ((*_line(each), _reentrustment(each)) for each in found)
    )


def _line(each: ContractHead) -> Values:
    terms, standing = each.terms, labels.STANDINGS[each.standing][0]
    return (
        each.number, each.title, str(labels.KINDS[each.kind]), each.principal_name, each.vendor_name, str(standing),
        terms.concluded_on, terms.starts_on, each.end, labels.renewal(terms), each.notice_by,
        each.deadline.on if each.deadline else None,
    )  # fmt: skip


def _reentrustment(each: ContractHead) -> str:
    return str(labels.REENTRUSTMENTS[each.reentrustment]) if each.reentrustment else ""


def _route(kind: FileKind) -> None:
    def contract_list() -> Response:
        return contracts(kind)

    name = f"contracts_{kind.value}"
    pages.add_url_rule(f"/contracts.{kind.value}", name, contract_list, permission=Permission.CONTRACT_VIEW)


for _kind in FileKind:
    _route(_kind)
