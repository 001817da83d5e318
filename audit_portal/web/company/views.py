"""The page on which officers and administrators say what the client is."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, SelectField, SubmitField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from audit_portal.domain.access import Permission
from audit_portal.services.engagements import client_facts
from audit_portal.services.engagements.client_facts import ClientFacts
from audit_portal.web import widgets as ui
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.forms import PortalForm, Required
from audit_portal.web.guard import Guarded

pages = Guarded("company", __name__)


class CompanyForm(PortalForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    p_mark = BooleanField(
        _l("プライバシーマークの運用をしている"),
        widget=ui.Checkbox(),
        description=_l("選ぶと、JIS Q 15001が求める項目も、選定と契約のチェックで尋ねます。"),
    )
    public_sector = BooleanField(
        _l("行政機関等である"),
        widget=ui.Checkbox(),
        description=_l(
            "個人情報保護法の第5章が適用される行政機関、独立行政法人等、地方公共団体などのときに選びます。"
        ),
    )
    fiscal_month = SelectField(
        _l("会計年度が始まる月"),
        [Required(_l("会計年度が始まる月を選んでください"))],
        coerce=int,
        choices=[(each, _l("%(month)s月", month=each)) for each in range(1, 13)],
        widget=ui.Select(),
        description=_l("年間計画と一斉送付は、この月から始まる年度で数えます。"),
    )
    submit = SubmitField(_l("保存する"), widget=ui.Submit())

    def facts(self) -> ClientFacts:
        return ClientFacts(bool(self.p_mark.data), bool(self.public_sector.data), int(self.fiscal_month.data))


@pages.route("/company", methods=["GET", "POST"], permission=Permission.CLIENT_FACTS)
def settings() -> str | Response | tuple[str, int]:
    form, status = CompanyForm(), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            changed = client_facts.save(context(form), form.version.data or 0, form.facts())
        if outcome.ok:
            said = _("保存しました。") if changed else _("変わったところはありません。")
            return done(url_for("company.settings"), said)
        status = outcome.status
    found = client_facts.get_settings(context())
    if not form.is_submitted():
        form.p_mark.data, form.public_sector.data = found.facts.p_mark, found.facts.public_sector
        form.fiscal_month.data = found.facts.fiscal_month
    form.version.data, form.version.raw_data = found.version, None
    shown = render_template("company/settings.html", form=form, found=found)
    return shown, status if form.errors else 200
