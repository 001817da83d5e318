"""Both catalogues are whole, and no Japanese text goes round them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Message
from jinja2 import Environment, FileSystemLoader, nodes

from tests.tools import messages

WEB = messages.PACKAGE / "web"
JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uffef]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%(\{\w+\})|(?<!%)(\{\w+\})")
CALLS = {
    "_",
    "_l",
    "gettext",
    "ngettext",
    "pgettext",
    "npgettext",
    "lazy_gettext",
    "lazy_ngettext",
    "lazy_pgettext",
}
NAMES_OF_LANGUAGES = ("日本語",)
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
MODULES = sorted(WEB.rglob("*.py"))


def key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id[0] if message.pluralizable else message.id


@cache
def source() -> dict[tuple[str | None, str], Message]:
    return {key(message): message for message in messages.texts(messages.extract())}


@cache
def catalogue(language: str) -> dict[tuple[str | None, str], Message]:
    return {key(message): message for message in messages.texts(messages.read(language))}


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(text: str) -> set[str]:
    return {"".join(match) for match in PLACEHOLDER.findall(text)}


def without_language_names(text: str) -> str:
    for name in NAMES_OF_LANGUAGES:
        text = text.replace(name, "")
    return text


def test_there_are_texts_to_compare() -> None:
    assert len(source()) > 80


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalogue_has_every_text_of_the_source_and_no_other(language: str) -> None:
    assert set(source()) - set(catalogue(language)) == set(), "missing: run `make messages`"
    assert set(catalogue(language)) - set(source()) == set(), "left over: run `make messages`"
    assert not messages.read(language).obsolete


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_translation_is_empty_or_fuzzy(language: str) -> None:
    count = messages.read(language).num_plurals
    for message in catalogue(language).values():
        assert not message.fuzzy, message.id
        assert all(strings(message)), message.id
        assert len(strings(message)) == (count if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for (_context, text), message in catalogue(language).items():
        for string in strings(message):
            assert placeholders(string) == placeholders(text), text


def test_the_japanese_catalogue_says_what_the_source_says() -> None:
    for (_context, text), message in catalogue("ja").items():
        assert strings(message) == (text,)


def test_english_has_no_japanese_in_it() -> None:
    for message in catalogue("en").values():
        for string in strings(message):
            assert not JAPANESE.search(without_language_names(string)), string


def untranslated_in_template(text: str, name: str) -> Iterator[str]:
    """Template text and string constants in Japanese that no translating call holds."""
    environment = Environment(
        extensions=["jinja2.ext.i18n"], loader=FileSystemLoader(WEB / "templates"), autoescape=True
    )

    def walk(node: nodes.Node) -> Iterator[str]:
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in CALLS:
            for keyword in node.kwargs:  # values of placeholders are not translated
                yield from walk(keyword)
            return
        shown = node.data if isinstance(node, nodes.TemplateData) else None
        if isinstance(node, nodes.Const) and isinstance(node.value, str):
            shown = node.value
        if shown and JAPANESE.search(without_language_names(shown)):
            yield f"{name}:{node.lineno}: {shown.strip()[:60]}"
        for child in node.iter_child_nodes():
            yield from walk(child)

    yield from walk(environment.parse(text, name))


def untranslated_in_module(text: str, name: str) -> Iterator[str]:
    """String literals in Japanese outside translating calls; docstrings are for programmers."""

    def walk(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CALLS:
                for keyword in node.keywords:
                    yield from walk(keyword)
                return
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and JAPANESE.search(without_language_names(text)):
            yield f"{name}:{getattr(node, 'lineno', 0)}: {text[:60]}"
        for child in ast.iter_child_nodes(node):
            yield from walk(child)

    yield from walk(ast.parse(text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_has_no_japanese_outside_the_translations(path: Path) -> None:
    assert list(untranslated_in_template(path.read_text("utf-8"), path.name)) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_module_of_the_web_has_no_japanese_outside_the_translations(path: Path) -> None:
    assert list(untranslated_in_module(path.read_text("utf-8"), path.name)) == []


def test_scripts_and_styles_hold_no_japanese() -> None:
    files = [path for path in (WEB / "static").iterdir() if path.suffix in (".js", ".css", ".svg")]
    assert files
    assert [path.name for path in files if JAPANESE.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>件数</p>", 1),
        ('<p title="件数"></p>', 1),
        ('{{ "件数" }}', 1),
        ('{{ _("件数 %(what)s", what="件") }}', 1),
        ('{{ _("件数") }}', 0),
        ("{% trans %}件数{% endtrans %}", 0),
        ("{# 件数 #}", 0),
    ],
)
def test_the_search_in_templates_tells_shown_text_from_translated(template: str, found: int) -> None:
    assert len(list(untranslated_in_template(template, "sample"))) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('"""件数"""\n', 0),
        ('x = _("件数")', 0),
        ('x = flask_babel.gettext("件数")', 0),
        ('x = "件数"', 1),
        ('x = f"{n}件"', 1),
        ('x = _("a %(b)s", b="件数")', 1),
    ],
)
def test_the_search_in_code_tells_shown_text_from_translated(code: str, found: int) -> None:
    assert len(list(untranslated_in_module(code, "sample"))) == found
