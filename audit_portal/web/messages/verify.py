"""Sentences for what is refused on the checking page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "report_file_too_large": _l("ファイルが大きすぎます。確かめられるのは %(limit)s までです。"),
}
