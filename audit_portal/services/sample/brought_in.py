"""What the sample company knew before it had the portal: work that runs already, and last year's evaluation."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from audit_portal.domain.errors import NotFound
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.lists import WorkFilter
from audit_portal.services import imports
from audit_portal.services.engagements import engagements
from audit_portal.services.imports import Order
from audit_portal.services.sample.company import Company


def running_work(company: Company) -> UUID:
    """Work that ran before the portal came: live, its gates not yet shown. Returns its id."""
    heads = "管理番号,会社名,業務名,業務種別,目的,個人データの項目,件数,開始日,判定の理由"
    what = "G-2021-07,東京データ処理株式会社,給与計算と年末調整の事務,BPO"
    row = f"{what},給与の支払い,氏名、口座、給与額,620,2021/4/1,従業員のデータを渡すため"
    order = Order(
        basis="2021年4月1日付 業務委託契約書", catch_up_on=company.house.today() + timedelta(days=75)
    )
    _bring(company, ImportKind.ENGAGEMENTS, "進行中の委託業務.csv", f"{heads}\r\n{row}\r\n", order)
    wanted = WorkFilter(search="給与計算と年末調整の事務")
    (found,) = engagements.listed(company.as_("hanako"), wanted=wanted).items
    return found.id


def last_evaluation(company: Company, engagement_id: UUID) -> None:
    officer = company.as_("hanako")
    number = engagements.get_engagement(officer, engagement_id).number
    day = (company.house.today() - timedelta(days=300)).isoformat()
    heads = "委託業務の番号,評価の種類,評価した日,評価の結果,評価した人,記録の保管場所"
    row = f"{number},定期評価,{day},Ｂ（入退室の記録に指摘1件、是正済み）,総務部 渡辺,共有フォルダ「委託先評価」"
    _bring(company, ImportKind.EVALUATIONS, "昨年度の委託先評価.csv", f"{heads}\r\n{row}\r\n", Order())


def _bring(company: Company, kind: ImportKind, name: str, content: str, order: Order) -> None:
    officer = company.as_("hanako")
    imports.upload(officer, kind, name, content.encode())
    found = imports.preview(officer, kind, str)
    if found is None:
        raise NotFound()
    imports.apply(officer, kind, found.sha256, order, str)
