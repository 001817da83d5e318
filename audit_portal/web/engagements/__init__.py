"""Engagements: the list, the form, the one screen of an engagement, and changes of its facts."""

from audit_portal.web.engagements import changing, clouds
from audit_portal.web.engagements.views import pages

STREAMING = (clouds.cloud_upload,)  # checks the form's token itself, before the first byte of the file

__all__ = ["STREAMING", "changing", "clouds", "pages"]
