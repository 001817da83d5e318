"""Findings on cloud services, with the document they rest on."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from audit_portal.domain.cloud import Determination
from audit_portal.services.engagements import cloud
from audit_portal.services.engagements.cloud import CloudFacts
from audit_portal.services.evidence.cloud_upload import CloudUpload
from audit_portal.services.house import Context

FINDING = CloudFacts(
    Determination.NOT_HANDLED,
    "Example Storage",
    "第12条：取り扱わない。",
    "鍵は当社が持つ。",
    "規約 2026年4月版",
    date(2026, 11, 1),
    "課長 大野",
)


def document(ctx: Context, engagement_id: UUID, determination_id: UUID) -> UUID:
    with CloudUpload(ctx, engagement_id, determination_id, "利用規約.txt", 5) as upload:
        upload.write(b"terms")
        return upload.finish()


def not_handled(ctx: Context, engagement_id: UUID, facts: CloudFacts = FINDING) -> UUID:
    """A finding that carries the class `cloud_not_handling`."""
    found = cloud.determine(ctx, engagement_id, facts)
    return document(ctx, engagement_id, found)
