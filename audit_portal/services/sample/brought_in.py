"""What the sample company knew before it had the portal: last year's evaluation, brought in from its file."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from audit_portal.domain.errors import NotFound
from audit_portal.domain.imports import ImportKind
from audit_portal.services import imports
from audit_portal.services.engagements import engagements
from audit_portal.services.imports import Order
from audit_portal.services.sample.company import Company


def last_evaluation(company: Company, engagement_id: UUID) -> None:
    officer = company.as_("hanako")
    number = engagements.get_engagement(officer, engagement_id).number
    day = (company.house.today() - timedelta(days=300)).isoformat()
    heads = "委託業務の番号,評価の種類,評価した日,評価の結果,評価した人,記録の保管場所"
    row = f"{number},定期評価,{day},Ｂ（入退室の記録に指摘1件、是正済み）,総務部 渡辺,共有フォルダ「委託先評価」"
    content = f"{heads}\r\n{row}\r\n".encode()
    imports.upload(officer, ImportKind.EVALUATIONS, "昨年度の委託先評価.csv", content)
    found = imports.preview(officer, ImportKind.EVALUATIONS, str)
    if found is None:
        raise NotFound()
    imports.apply(officer, ImportKind.EVALUATIONS, found.sha256, Order(), str)
