"""Spreadsheets as the portal sees them: rows of text with addresses, and sheets to be written."""

from audit_portal.domain.sheets.dates import day
from audit_portal.domain.sheets.model import Book, Row, Sheet, address, column_name
from audit_portal.domain.sheets.safe import begins_formula, csv_safe, csv_unsafe
from audit_portal.domain.sheets.words import match_key, plain_words, truth, whole_number
from audit_portal.domain.sheets.written import Cell, Choices, NewBook, NewSheet, Style

__all__ = [
    "Book", "Cell", "Choices", "NewBook", "NewSheet", "Row", "Sheet", "Style", "address", "begins_formula",
    "column_name", "csv_safe", "csv_unsafe", "day", "match_key", "plain_words", "truth", "whole_number",
]  # fmt: skip
