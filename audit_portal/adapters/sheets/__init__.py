"""Spreadsheets read and written with the standard library alone; nothing touches the disk."""

from audit_portal.adapters.sheets.files import SheetFiles

__all__ = ["SheetFiles"]
