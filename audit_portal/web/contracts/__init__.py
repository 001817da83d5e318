"""Contracts: the list, the form, the page of one, its documents."""

from audit_portal.web.contracts import documents
from audit_portal.web.contracts.documents import upload
from audit_portal.web.contracts.views import pages

STREAMING = (upload,)  # checks the form's token itself, before the first byte of the file

__all__ = ["STREAMING", "documents", "pages"]
