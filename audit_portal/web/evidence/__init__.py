"""Evidence: sent in, taken off an answer, read."""

from audit_portal.web.evidence.forms import UploadForm
from audit_portal.web.evidence.uploading import upload
from audit_portal.web.evidence.views import pages

STREAMING = (upload,)  # checks the form's token itself, before the first byte of the file

__all__ = ["STREAMING", "UploadForm", "pages"]
