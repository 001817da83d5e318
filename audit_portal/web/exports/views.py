"""Lists as xlsx and CSV: what the list shows with the same address, all its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.services import exports
from audit_portal.services.assessments import assessment_list
from audit_portal.services.assessments.assessment_list import AssessmentHead
from audit_portal.services.engagements import engagements
from audit_portal.services.engagements.engagements import EngagementView
from audit_portal.services.exports import FileKind, Values
from audit_portal.services.parties import parties
from audit_portal.services.parties.parties import PartyLine
from audit_portal.web import fact_labels
from audit_portal.web import labels as people_labels
from audit_portal.web.assessments import filter as check_filter
from audit_portal.web.assessments import labels as assessment_labels
from audit_portal.web.assessments import rows as assessment_rows
from audit_portal.web.assessments.forms import language
from audit_portal.web.context import context, house
from audit_portal.web.downloads import attachment
from audit_portal.web.engagements import filter as work_filter
from audit_portal.web.engagements import labels
from audit_portal.web.guard import Guarded
from audit_portal.web.parties import filter as party_filter

pages = Guarded("exports", __name__)


def list_file(kind: FileKind, name: str, heads: Sequence[str], rows: Iterator[Values]) -> Response:
    cut = _("%(count)s行で切りました。条件を絞って、分けて保存してください。", count=limits.EXPORT_ROWS)
    pieces = exports.file(context(), kind, name, heads, rows, cut, language())
    return attachment(pieces, f"{name}_{house().today():%Y%m%d}.{kind.value}")


def vendors(kind: FileKind) -> Response:
    ctx, (_filter, wanted) = context(), party_filter.vendors()
    heads = [
        _("番号"), _("会社名"), _("会社名のカナ"), _("法人番号"), _("国・地域"), _("所在地"), _("窓口の氏名"),
        _("窓口の部署"), _("窓口のメールアドレス"), _("窓口の電話番号"),
    ]  # fmt: skip
    found = exports.every(lambda key, limit: parties.listed(ctx, key, limit=limit, wanted=wanted))
    names = dict(people_labels.countries())
    return list_file(kind, _("委託先"), heads, (_vendor(each, names) for each in found))


def _vendor(each: PartyLine, names: dict[str, str]) -> Values:
    whom = each.contact
    contact = (whom.name, whom.department, whom.email, whom.phone) if whom else ("", "", "", "")
    country = names.get(each.country, each.country)
    return (each.number, each.name, each.kana, each.corporate_number, country, each.address, *contact)


def works(kind: FileKind) -> Response:
    ctx = context()
    if ctx.actor.is_vendor:
        return _own_works(kind)
    _filter, wanted = work_filter.works()
    heads = [
        _("番号"), _("委託業務の名称"), _("依頼元"), _("委託先"), _("段階"), _("状態"), _("リスク区分"),
        _("業務の種類"), _("何のために任せるか"), _("渡す個人データの項目"), _("本人の数"), _("要配慮個人情報"),
        _("マイナンバー"), _("外国での取扱い"), _("再委託"), _("判定"), _("委託の開始日"), _("委託の終了日"),
    ]  # fmt: skip
    found = exports.every(lambda key, limit: engagements.listed(ctx, key, limit=limit, wanted=wanted))
    yes, no = _("はい"), _("いいえ")
    words = _Words()
    return list_file(kind, _("委託業務"), heads, (words.work(each, yes, no) for each in found))


def _own_works(kind: FileKind) -> Response:
    """A vendor's list: what its pages show of its engagements, nothing of how the client judges them."""
    ctx, words = context(), _Words()
    _filter, wanted = work_filter.works()
    heads = [_("番号"), _("委託業務の名称"), _("依頼元"), _("状態")]
    found = exports.every(lambda key, limit: engagements.listed(ctx, key, limit=limit, wanted=wanted))
    return list_file(kind, _("委託業務"), heads, (words.own_work(each) for each in found))


class _Words:
    """Labels looked up once: the rows are made after the request's own page would be done."""

    def __init__(self) -> None:
        self._states = {key: str(label) for key, (label, _colour) in labels.STATES.items()}
        self._risks = {key: str(label) for key, (label, _colour) in labels.RISKS.items()}
        self._kinds = {key: str(label) for key, label in fact_labels.WORK_KINDS.items()}
        self._classes = {key: str(label) for key, label in fact_labels.CLASSES.items()}
        self._tiers = {number: labels.tier(number) for number in range(1, 20)}
        self._checks = {key: str(label) for key, (label, _colour) in assessment_labels.STATES.items()}
        self._check_kinds = {key: str(label) for key, label in assessment_labels.KINDS.items()}
        self._language = language()

    def work(self, each: EngagementView, yes: str, no: str) -> Values:
        flags = (each.special_care, each.my_number, each.handled_abroad, each.subcontracting)
        return (
            each.number, each.title, each.principal_name, each.vendor_name, self._tiers.get(each.tier, each.tier),
            self._states[each.state], self._risks[each.risk_tier], self._kinds[each.work_kind], each.purpose,
            each.data_categories, each.persons, *(yes if flag else no for flag in flags),
            self._classes[each.classification], each.starts_on, each.ends_on,
        )  # fmt: skip

    def own_work(self, each: EngagementView) -> Values:
        return (each.number, each.title, each.principal_name, self._states[each.state])

    def check(self, each: AssessmentHead) -> Values:
        title = assessment_rows.text(each.title, self._language)
        return (
            each.number, self._check_kinds[each.kind], title, self._checks[each.state], each.vendor_name,
            each.engagement_number, each.engagement_title, each.due_on,
        )  # fmt: skip


def checks(kind: FileKind) -> Response:
    ctx, (_filter, wanted) = context(), check_filter.checks()
    heads = [
        _("番号"), _("種類"), _("チェックリスト"), _("状態"), _("委託先"), _("委託業務の番号"),
        _("委託業務の名称"), _("回答期限"),
    ]  # fmt: skip
    found = exports.every(lambda key, limit: assessment_list.listed(ctx, key, wanted, limit))
    words = _Words()
    return list_file(kind, _("評価"), heads, (words.check(each) for each in found))


def _routes(kind: FileKind) -> None:
    def vendor_list() -> Response:
        return vendors(kind)

    def work_list() -> Response:
        return works(kind)

    def check_list() -> Response:
        return checks(kind)

    end = kind.value
    pages.add_url_rule(f"/vendors.{end}", f"vendors_{end}", vendor_list, permission=Permission.PARTY_VIEW)
    pages.add_url_rule(
        f"/engagements.{end}", f"works_{end}", work_list, permission=Permission.ENGAGEMENT_VIEW
    )
    pages.add_url_rule(
        f"/assessments.{end}", f"checks_{end}", check_list, permission=Permission.ASSESSMENT_VIEW
    )


for _kind in FileKind:
    _routes(_kind)
