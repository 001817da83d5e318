"""A report's facts as PDF/A-3b."""

from __future__ import annotations

from reportlab import rl_config
from reportlab.platypus import Flowable

from audit_portal.adapters.report_reportlab.behalf_pages import behalf_part
from audit_portal.adapters.report_reportlab.closing_pages import ledger_part, not_checked, signature_part
from audit_portal.adapters.report_reportlab.decision_pages import decision_pages
from audit_portal.adapters.report_reportlab.fonts import register, visible
from audit_portal.adapters.report_reportlab.grounds import findings_part, score_part
from audit_portal.adapters.report_reportlab.item_pages import details, evidence_list, overview
from audit_portal.adapters.report_reportlab.pages import PageFacts, build
from audit_portal.adapters.report_reportlab.parts import SignatureBox
from audit_portal.adapters.report_reportlab.pdfa import Facts, Field, archive
from audit_portal.adapters.report_reportlab.summary_page import summary_page
from audit_portal.adapters.report_reportlab.texts import LANGUAGES, word
from audit_portal.adapters.report_reportlab.work_pages import portal_items, work_part
from audit_portal.domain.report import MANIFEST_SCHEMA, Report, manifest_bytes

CREATOR = "Audit Portal"
rl_config.useA85 = 0  # streams are deflated; ASCII85 would only make them longer
rl_config.trustedHosts = []  # markup never fetches anything
rl_config.trustedSchemes = []


class ReportlabRenderer:
    """Fulfils `ports.ReportRenderer`. Safe to share between threads once made."""

    def __init__(self) -> None:
        register()

    def render(self, report: Report, language: str, draft: bool = False) -> bytes:
        """PDF/A-3b with the manifest attached. Same input, same bytes.

        A draft bears a mark on every page and has no signature fields, so nobody can sign it.
        Raises ValueError for an unknown language.
        """
        if language not in LANGUAGES:
            raise ValueError(f"no texts in {language!r}")
        story, boxes = _story(report, language)
        pages = build(story, _page_facts(report, language, draft))
        fields = [] if draft else [_field(box, report, language) for box in boxes]
        return archive(pages, fields, _facts(report, language))


def _story(report: Report, language: str) -> tuple[list[Flowable], list[SignatureBox]]:
    signatures, boxes = signature_part(report, language)
    story = [
        *summary_page(report, language),
        *work_part(report, language),
        *decision_pages(report, language),
        *findings_part(report, language),
        *score_part(report, language),
        *not_checked(report, language),
        *portal_items(report, language),
        *overview(report, language),
        *details(report, language),
        *behalf_part(report, language),
        *evidence_list(report, language),
        *ledger_part(report.ledger, language),
        *signatures,
    ]
    return story, boxes


def _page_facts(report: Report, language: str, draft: bool) -> PageFacts:
    return PageFacts(
        language=language,
        number=visible(report.number),
        title=visible(report.title.of(language)),
        subject=visible(f"{report.vendor.name} / {report.engagement.title}"),
        author=visible(report.client.name),
        statement=report.statement,
        draft=draft,
    )


def _field(box: SignatureBox, report: Report, language: str) -> Field:
    role = next(each.role.of(language) for each in report.signers if each.field == box.field_name)
    return Field(box.field_name, box.page, box.box, visible(word("signature_of", language, role)))


def _facts(report: Report, language: str) -> Facts:
    return Facts(
        title=visible(f"{report.number} {report.title.of(language)}"),
        subject=visible(f"{report.vendor.name} / {report.engagement.title}"),
        author=visible(report.client.name),
        creator=CREATOR,
        language=language,
        at=report.generated_at,
        manifest=manifest_bytes(report),
        manifest_about=f"{MANIFEST_SCHEMA} {report.number}",
    )
