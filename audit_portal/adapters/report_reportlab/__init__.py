"""Reports as PDF/A-3b: reportlab draws, pikepdf makes the archive format and attaches the manifest."""

from __future__ import annotations

from audit_portal.adapters.report_reportlab.renderer import ReportlabRenderer

__all__ = ["ReportlabRenderer"]
