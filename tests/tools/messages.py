"""Brings both catalogues up to date with the texts in code and templates: `python -m tests.tools.messages`.

The texts in the source are Japanese, so the Japanese catalogue says each as it is; English is written by
hand into en/LC_MESSAGES/messages.po. Texts that are gone are dropped, new ones come in empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[2] / "audit_portal"
TRANSLATIONS = PACKAGE / "web/translations"
LANGUAGES = ("ja", "en")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


def extract() -> Catalog:
    """Every text the code and the templates give to the translations, now."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)
    catalogue = Catalog(charset="utf-8")
    for _file, _line, text, _notes, context in extract_from_dir(PACKAGE, methods, options, KEYWORDS):
        catalogue.add(text, context=context)
    return catalogue


def path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES/messages.po"


def read(language: str) -> Catalog:
    with path(language).open("rb") as stream:
        return read_po(stream, locale=language, charset="utf-8", abort_invalid=True)


def texts(catalogue: Catalog) -> Iterator[Message]:
    """All but the header."""
    return (message for message in catalogue if message.id)


def updated(language: str, source: Catalog) -> bytes:
    """The .po file of a language for these source texts, keeping the translations it has."""
    old = read(language) if path(language).exists() else Catalog(locale=language)
    new = Catalog(locale=language, charset="utf-8")
    for message in texts(source):
        known = old.get(message.id, message.context)
        text = known.string if known else ""
        if language == "ja":
            text = message.id[1:2] if message.pluralizable else message.id
        new.add(message.id, text, context=message.context)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {new.plural_forms}\\n"\n\n'
    )
    body = BytesIO()
    write_po(body, new, width=0, no_location=True, omit_header=True, sort_output=True)
    return header.encode() + body.getvalue().strip() + b"\n"


def main() -> None:
    source = extract()
    for language in LANGUAGES:
        path(language).parent.mkdir(parents=True, exist_ok=True)
        path(language).write_bytes(updated(language, source))
        open_texts = [
            m.id
            for m in texts(read(language))
            if not all([m.string] if isinstance(m.string, str) else m.string)
        ]
        print(f"{language}: {len(list(texts(source)))} texts, {len(open_texts)} without translation")
        print(*(f"  {text}" for text in open_texts), sep="\n")


if __name__ == "__main__":
    main()
