"""Pages of contracts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.domain.errors import NotFound
from audit_portal.services.contracts import contract_views, contracts
from audit_portal.services.contracts.contract_views import ContractView
from audit_portal.services.engagements import engagements
from audit_portal.services.engagements.engagements import EngagementView
from audit_portal.web import contract_labels as labels
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done, house
from audit_portal.web.contracts.filter import contracts as filter_of_list
from audit_portal.web.contracts.forms import (
    ContractForm,
    ContractUploadForm,
    EditContractForm,
    EndForm,
    PaperForm,
    ServeForm,
    UnserveForm,
    stored,
)
from audit_portal.web.guard import Guarded
from audit_portal.web.lists import page_key

pages = Guarded("contracts", __name__)


def crumbs(found: ContractView | None = None) -> list[tuple[str, str]]:
    first = [(_("契約"), url_for("contracts.listed"))]
    if found is None:
        return first
    return [*first, (found.head.title, here(found.head.id))]


def here(contract_id: UUID, **more: Any) -> str:
    return url_for("contracts.view", contract_id=contract_id, **more)


@pages.get("/contracts", permission=Permission.CONTRACT_VIEW)
def listed() -> str:
    filter, words, soon = filter_of_list()
    find = contract_views.due_soon if soon else contract_views.listed
    page = find(context(), page_key(), search=words)
    return render_template(
        "contracts/listed.html",
        page=page,
        filter=filter,
        soon=soon,
        days=limits.CONTRACT_WARNING_DAYS,
        labels=labels,
        today=house().today(),
        **filter.urls(page.next_key),
    )


@pages.route(
    "/engagements/<uuid:engagement_id>/contracts/new",
    methods=["GET", "POST"],
    permission=Permission.CONTRACT_REGISTER,
)
def new(engagement_id: UUID) -> Response | tuple[str, int]:
    work = engagements.get_engagement(context(), engagement_id)
    form, status = ContractForm(), 422
    form.offer(contract_views.parents_for(context(), engagement_id))
    if form.validate_on_submit():
        with kept(form) as outcome:
            contract_id = contracts.register(context(form), engagement_id, form.facts())
        if outcome.ok:
            return done(here(contract_id), _("契約を登録しました。次に、契約書の文書を追加してください。"))
        status = outcome.status
    back = url_for("engagements.view", engagement_id=engagement_id)
    way = [(_("委託業務"), url_for("engagements.listed")), (work.title, back)]
    return _form_page(form, _("契約の登録"), f"{work.vendor_name} · {work.title}", back, way, status)


@pages.get("/contracts/<uuid:contract_id>", permission=Permission.CONTRACT_VIEW)
def view(contract_id: UUID) -> str:
    return page(contract_views.get_contract(context(), contract_id))


def page(found: ContractView, paper: PaperForm | None = None, serve: ServeForm | None = None) -> str:
    """The page of a contract; a form that was refused is shown again on it."""
    writes = current_user.actor.may(Permission.CONTRACT_REGISTER)
    serve = serve or ServeForm(formdata=None)
    if writes:
        serve.offer(_others(found))
    return render_template(
        "contracts/view.html",
        contract=found,
        head=found.head,
        writes=writes,
        form=paper if paper and paper.errors else serve,
        paper_form=paper or PaperForm(formdata=None),
        serve_form=serve if writes and len(serve.engagement.choices) > 1 else None,
        upload_form=ContractUploadForm(formdata=None) if writes else None,
        upload_url=url_for("contracts.upload", contract_id=found.head.id),
        evidence_max=house().settings.evidence_max,
        labels=labels,
        today=house().today(),
        breadcrumbs=crumbs(),
    )


def _others(found: ContractView) -> tuple[EngagementView, ...]:
    """Engagements of the same parties that the contract doesn't serve yet."""
    served = {each.id for each in found.serves if each.valid_to is None}
    works = engagements.listed(context(), vendor_id=found.head.vendor_id).items
    return tuple(
        each for each in works if each.id not in served and each.principal_name == found.head.principal_name
    )


@pages.route(
    "/contracts/<uuid:contract_id>/edit", methods=["GET", "POST"], permission=Permission.CONTRACT_REGISTER
)
def edit(contract_id: UUID) -> Response | tuple[str, int]:
    found = contract_views.get_contract(context(), contract_id)
    form, status = EditContractForm(data=stored(found) if request.method == "GET" else None), 422
    form.offer(contract_views.siblings_of(context(), contract_id))
    if form.validate_on_submit():
        with kept(form) as outcome:
            contracts.change(context(form), contract_id, form.version.data or 0, form.facts())
        if outcome.ok:
            return done(here(contract_id), _("保存しました。"))
        status = outcome.status
        form.version.data, form.version.raw_data = _version(contract_id), None
    about = f"{found.head.number} · {found.head.vendor_name}"
    return _form_page(form, _("契約の変更"), about, here(contract_id), crumbs(found), status)


def _version(contract_id: UUID) -> int:
    return contract_views.get_contract(context(), contract_id).version


def _form_page(
    form: ContractForm, title: str, about: str, back: str, way: Any, status: int
) -> tuple[str, int]:
    shown = render_template(
        "contracts/form.html", form=form, title=title, about=about, back=back, breadcrumbs=way
    )
    return shown, status if form.errors else 200


@pages.route(
    "/contracts/<uuid:contract_id>/end", methods=["GET", "POST"], permission=Permission.CONTRACT_REGISTER
)
def end(contract_id: UUID) -> Response | tuple[str, int]:
    found = contract_views.get_contract(context(), contract_id)
    data = {"version": found.version, "ended_on": found.head.terms.ended_on, "reason": found.ended_reason}
    form, status = EndForm(data=data if request.method == "GET" else None), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            contracts.end(
                context(form), contract_id, form.version.data or 0, form.ended_on.data, form.reason.data
            )
        if outcome.ok:
            return done(here(contract_id), _("保存しました。"))
        status = outcome.status
        form.version.data, form.version.raw_data = _version(contract_id), None
    shown = render_template(
        "contracts/end.html", form=form, head=found.head, back=here(contract_id), breadcrumbs=crumbs(found)
    )
    return shown, status if form.errors else 200


@pages.post("/contracts/<uuid:contract_id>/engagements", permission=Permission.CONTRACT_REGISTER)
def serve(contract_id: UUID) -> Response | tuple[str, int]:
    found = contract_views.get_contract(context(), contract_id)
    form, status = ServeForm(), 422
    form.offer(_others(found))
    if form.validate():
        with kept(form) as outcome:
            engagement_id = UUID(form.engagement.data)
            contracts.tie(context(form), contract_id, engagement_id, house().today())
        if outcome.ok:
            return done(here(contract_id, _anchor="serves"), _("この契約を使う委託業務を加えました。"))
        status = outcome.status
    return page(found, serve=form), status


@pages.route(
    "/contracts/<uuid:contract_id>/engagements/<uuid:engagement_id>/end",
    methods=["GET", "POST"],
    permission=Permission.CONTRACT_REGISTER,
)
def unserve(contract_id: UUID, engagement_id: UUID) -> Response | tuple[str, int]:
    found = contract_views.get_contract(context(), contract_id)
    work = next((each for each in found.serves if each.id == engagement_id), None)
    if work is None:
        raise NotFound()
    form, status = UnserveForm(data={"valid_to": house().today()} if request.method == "GET" else None), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            last: Any = form.valid_to.data
            contracts.untie(context(form), contract_id, engagement_id, last)
        if outcome.ok:
            return done(here(contract_id, _anchor="serves"), _("保存しました。"))
        status = outcome.status
    shown = render_template(
        "contracts/unserve.html",
        form=form,
        work=work,
        head=found.head,
        back=here(contract_id),
        breadcrumbs=crumbs(found),
    )
    return shown, status if form.errors else 200
