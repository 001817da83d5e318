"""A tiny application in the portal's look, for tests of widgets, templates and scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace
from typing import Any

from babel.messages.mofile import write_mo
from flask import Flask, flash, jsonify, render_template, request
from flask_babel import Babel
from flask_babel import gettext as _
from flask_wtf import CSRFProtect
from flask_wtf.file import MultipleFileField
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

import audit_portal
from audit_portal.web import widgets as ui
from audit_portal.web.fields import NumberField, YmdField
from audit_portal.web.forms import PortalForm, Required
from audit_portal.web.look import dress
from tests.tools import messages

WEB = Path(audit_portal.__file__).parent / "web"
NEEDED = Required("入力してください")


class DemoForm(PortalForm):
    company = StringField("会社名", [NEEDED], widget=ui.Text(), description="登記上の名称")
    email = EmailField("メールアドレス", [NEEDED], widget=ui.Email())
    kept = RadioField("保存の状況", [NEEDED], widget=ui.Radios(), choices=[("all", "すべて"), ("no", "なし")])
    media = SelectMultipleField(
        "記録の方法", [NEEDED], widget=ui.Checkboxes(), choices=[("ic", "ICカード"), ("book", "紙")]
    )
    period = SelectField(
        "保存期間", [NEEDED], widget=ui.Select(), choices=[("", "選んでください"), ("1y", "1年")]
    )
    since = YmdField("始めた日", [NEEDED], description="例：2024年4月1日")
    until = YmdField("終える日", [Optional()])
    people = NumberField("人数", [NEEDED])
    detail = TextAreaField(
        "補足説明", [NEEDED, Length(max=200)], widget=ui.CountedText(), render_kw={"rows": 4}
    )
    memo = TextAreaField("覚え書き", widget=ui.TextArea())
    files = MultipleFileField("確認資料", [NEEDED], widget=ui.Files())
    agreed = BooleanField(
        "内容を確かめた", [NEEDED], widget=ui.Checkbox(), description="読んでから選びます。"
    )
    password = PasswordField("パスワード", [NEEDED], widget=ui.Password())
    submit = SubmitField("保存して次へ", widget=ui.Submit())


class DraftForm(PortalForm):
    version = IntegerField(widget=ui.Text())
    detail = TextAreaField("補足説明", widget=ui.TextArea())
    submit = SubmitField("保存する", widget=ui.Submit())


class UploadForm(PortalForm):
    observed = YmdField("確認した日", [Optional()])
    files = MultipleFileField("確認資料", widget=ui.Files())
    submit = SubmitField("送る", widget=ui.Submit())


def compiled_translations() -> str:
    """A folder of .mo files made from the .po files as they are now."""
    folder = Path(mkdtemp())
    for language in messages.LANGUAGES:
        target = folder / language / "LC_MESSAGES/messages.mo"
        target.parent.mkdir(parents=True)
        content = BytesIO()
        write_mo(content, messages.read(language))
        target.write_bytes(content.getvalue())
    return str(folder)


def demo_app(**settings: Any) -> Flask:
    """Pages `/` (parts), `/form`, `/draft`, `/upload` and `/error/<status>`; `?lang=en` for English."""
    app = Flask(
        __name__,
        static_folder=str(WEB / "static"),
        template_folder=str(WEB / "templates"),
    )
    app.config.update(
        SECRET_KEY="only for tests",
        BABEL_DEFAULT_LOCALE="ja",
        BABEL_DEFAULT_TIMEZONE="Asia/Tokyo",
        BABEL_TRANSLATION_DIRECTORIES=compiled_translations(),
        **settings,
    )
    Babel(app, locale_selector=lambda: request.args.get("lang", "ja"))
    CSRFProtect(app)
    dress(app)
    received: list[dict[str, Any]] = []
    app.extensions["received"] = received

    @app.after_request
    def policy(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; base-uri 'none'; form-action 'self'"
        )
        return response

    @app.context_processor
    def shell() -> dict[str, Any]:
        language = request.args.get("lang", "ja")
        return {
            "language": language,
            "other_language": "en" if language == "ja" else "ja",
            "language_url": "/language",
            "sign_out_url": "/sign-out",
            "home_url": "/",
            "current_user": SimpleNamespace(
                is_authenticated=True, name="佐藤 花子", organisation="株式会社サンプル商事"
            ),
            "account_items": [("Settings", "/settings")],
            "navigation": [("Home", "/", request.path == "/"), ("Form", "/form", request.path == "/form")],
            "footer_items": [("Help", "/help")],
            "sample_instance": True,
        }

    @app.get("/")
    def parts() -> str:
        flash("Saved", "success")
        flash("Closed on Sunday", "notice")
        return render_template(
            "demo.html", now=datetime(2026, 11, 24, 1, 12, tzinfo=UTC), today=datetime(2026, 11, 24).date()
        )

    @app.route("/form", methods=["GET", "POST"])
    def form() -> Any:
        entered = DemoForm()
        if entered.validate_on_submit():
            return jsonify({key: str(value) for key, value in entered.values().items()})
        return render_template("demo_form.html", form=entered, extra=""), 422 if entered.errors else 200

    @app.route("/draft", methods=["GET", "POST"])
    def draft() -> Any:
        entered = DraftForm()
        if request.method == "GET":
            entered.version.data = 1
        if request.headers.get("Accept") == "application/json":
            received.append(request.form.to_dict())
            if request.form["detail"].endswith("conflict"):
                return jsonify(error="taken"), 409
            return jsonify(version=int(request.form["version"]) + 1)
        return render_template("demo_form.html", form=entered, extra="autosave")

    @app.route("/upload", methods=["GET", "POST", "PUT"])
    def upload() -> Any:
        if request.method == "PUT":
            body = request.get_data()
            received.append(
                {
                    "name": request.headers["X-File-Name"],
                    "fields": request.headers["X-Form-Fields"],
                    "size": len(body),
                }
            )
            if b"bad" in body:
                return jsonify(error=_("この種類のファイルは受け取れません")), 415
            return jsonify(location="/")
        return render_template("demo_form.html", form=UploadForm(), extra="upload")

    @app.get("/error/<int:status>")
    def error(status: int) -> Any:
        return render_template("errors/error.html", status=status, reference="0192-abcd"), status

    folder = Path(__file__).parent / "demo_templates"
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(folder)])
    return app
