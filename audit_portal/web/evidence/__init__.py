"""Evidence: sent in, replaced by newer versions, taken off an answer, read."""

from audit_portal.web.evidence.forms import UploadForm
from audit_portal.web.evidence.uploading import replace, upload
from audit_portal.web.evidence.views import pages

STREAMING = (upload, replace)  # check the form's token themselves, before the first byte of the file

__all__ = ["STREAMING", "UploadForm", "pages"]
