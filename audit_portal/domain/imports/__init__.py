"""Tables that people bring in: their columns, the words in their cells, and what is wrong with a cell."""

from audit_portal.domain.imports.table import Column, Flaw, ImportKind, Line, Table, find_table

__all__ = ["Column", "Flaw", "ImportKind", "Line", "Table", "find_table"]
