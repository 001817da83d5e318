"""A believable report for the tests: a selection check of a payroll vendor. All names are invented."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.evidence_in_use import InspectionMeans, RefusalOffer
from audit_portal.domain.findings import Severity
from audit_portal.domain.report import (
    FIELD_AUDITOR,
    FIELD_OFFICER,
    AcceptedBlocker,
    AnswerFacts,
    AnswerValue,
    Basis,
    Bilingual,
    BroughtInFacts,
    ChecklistFacts,
    Conclusion,
    ConditionFacts,
    ContractFacts,
    DecisionFacts,
    DecisionOutcome,
    EngagementFacts,
    EvidenceFacts,
    FindingFacts,
    GateLineFacts,
    LedgerFacts,
    LedgerProof,
    NamedFact,
    NotChecked,
    OnBehalf,
    PartyFacts,
    PlannedSigner,
    PortalItem,
    RecipientFacts,
    RefusalFacts,
    Report,
    ReportItem,
    ReportKind,
    ReportSection,
    ReviewFacts,
    SourceRecord,
    Summary,
    UserControlFacts,
)
from audit_portal.domain.review_basis import Sample, ThirdParty

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
LAW = "https://laws.e-gov.go.jp/law/415AC0000000057"
GUIDE = "https://www.ppc.go.jp/personalinfo/legal/guidelines_tsusoku/"

_Y, _P, _N, _U, _X = (
    AnswerValue.YES,
    AnswerValue.PARTIAL,
    AnswerValue.NO,
    AnswerValue.UNKNOWN,
    AnswerValue.NOT_APPLICABLE,
)
_OK, _PART, _NOT, _UNC, _NA = ReviewResult

# code suffix, ja, en, duty, basis code, answer, answer text, result, comment
_ROWS = {
    ("scope", "委託の範囲と利用目的", "Scope and purpose"): [
        (
            "契約の名称にかかわらず、この業務が「個人データの取扱いの委託」に当たるかを判定したか",
            "Have you decided, whatever the contract is called, whether this work entrusts personal data?",
            "prac",
            _Y,
            "給与計算のため従業員の氏名、口座番号、扶養情報を渡すので委託に当たると判定した。",
            _OK,
            "",
        ),
        (
            "委託する取扱いは、自社が特定した利用目的の達成に必要な範囲内に収まっているか",
            "Is the entrusted handling within what your stated purposes of use need?",
            "law",
            _Y,
            "従業員向けプライバシー通知の「給与及び社会保険の手続」の範囲内。",
            _OK,
            "",
        ),
        (
            "この業務に必要のない個人データの項目を、渡す対象から外しているか",
            "Have you left out data items the work does not need?",
            "gl_must",
            _P,
            "健康診断の列は削除したが、緊急連絡先の列が残っている。12月の連携仕様変更で外す予定。",
            _PART,
            "緊急連絡先は給与計算に不要です。2026年12月25日までに連携ファイルから削除してください。",
        ),
        (
            "お預かりする個人データを、この業務以外の目的に使わない運用になっているか",
            "Do you operate so that entrusted data is used for nothing but this work?",
            "law",
            _Y,
            "個人情報取扱規程 第12条で目的外利用を禁止し、年1回の誓約書を全担当者から取得しています。",
            _OK,
            "",
        ),
    ],
    ("organizational", "組織的安全管理措置", "Organisational measures"): [
        (
            "個人データの取扱いに関する責任者を置き、役割を定めているか",
            "Is there a person responsible for personal data, with defined duties?",
            "gl_must",
            _Y,
            "個人情報保護管理者（業務統括部長）を任命済み。",
            _OK,
            "",
        ),
        (
            "漏えい等が起きたとき、3〜5日以内に委託元へ報告できる連絡体制があるか",
            "Can you report a leak to the client within 3 to 5 days?",
            "law",
            _Y,
            "24時間以内に一次報告する手順書があり、2026年6月に訓練を実施しました。",
            _OK,
            "訓練記録で、発見から一次報告まで6時間であったことを確認しました。",
        ),
        (
            "取扱状況を確認するため、利用・持出し・削除の記録を残しているか",
            "Do you keep records of use, carrying out and deletion?",
            "gl_must",
            _P,
            "利用と持出しは記録しています。削除はシステムのログのみで、台帳はありません。",
            _PART,
            "削除の記録を台帳にまとめ、四半期ごとに確認する手順を定めてください（期限 2027年1月31日）。",
        ),
        (
            "内部監査又は自己点検を年1回以上行い、見直しにつなげているか",
            "Do you audit or check yourselves at least yearly and act on the result?",
            "gl_must",
            _Y,
            "毎年3月に内部監査を実施。",
            _UNC,
            "報告書の写しを求めましたが、面談日までに提示がなく、実施の事実を確認できませんでした。",
        ),
    ],
    ("human", "人的安全管理措置", "Human measures"): [
        (
            "従業者（派遣・役員を含む）に、個人データの取扱いに関する教育を定期的に行っているか",
            "Do you train staff, including temporary staff and directors, regularly?",
            "gl_must",
            _Y,
            "入社時と毎年10月にeラーニング。2026年の受講率は100%（対象214名）。",
            _OK,
            "",
        ),
        (
            "秘密保持に関する事項を就業規則等に盛り込んでいるか",
            "Are confidentiality duties part of the work rules?",
            "prac",
            _Y,
            "就業規則 第38条。退職後も有効。",
            _OK,
            "",
        ),
    ],
    ("physical", "物理的安全管理措置", "Physical measures"): [
        (
            "個人データを取り扱う区域を定め、入退室を管理しているか",
            "Are handling areas defined and access to them controlled?",
            "gl_must",
            _Y,
            "川崎事業所3階をICカードと監視カメラで管理。",
            _OK,
            "実地確認で、共連れ防止ゲートと来訪者記録を確認しました。",
        ),
        (
            "不要になった個人データを復元できない手段で削除・廃棄し、記録を残しているか",
            "Is data no longer needed irrecoverably erased, with a record?",
            "gl_must",
            _Y,
            "媒体は溶解、電子データは上書き消去。証明書を保管。",
            _OK,
            "",
        ),
        (
            "外部事業者に廃棄を委託する場合、確実に廃棄したことを証明書等で確認しているか",
            "If disposal is outsourced, do you confirm it by a certificate?",
            "gl_should",
            _N,
            "証明書は年1回まとめて受領しており、都度の確認はしていません。",
            _NOT,
            "廃棄のたびに証明書を受け取り、機器番号と突き合わせてください。",
        ),
    ],
    ("technical", "技術的安全管理措置", "Technical measures"): [
        (
            "担当者ごとに識別・認証し、必要な者だけがアクセスできるようにしているか",
            "Are users identified one by one and access limited to those who need it?",
            "gl_must",
            _Y,
            "給与システムは個人ID＋多要素認証。共有IDなし。",
            _OK,
            "",
        ),
        (
            "外部からの不正アクセスを防ぐ仕組み（境界防御、更新、監視）があるか",
            "Are there defences against intrusion from outside?",
            "gl_must",
            _Y,
            "ファイアウォール、EDR、月次の脆弱性診断。",
            _OK,
            "",
        ),
        (
            "特権IDの利用を記録し、定期的に点検しているか",
            "Is the use of privileged accounts recorded and reviewed?",
            "prac",
            _U,
            "保守会社側の運用のため、担当部署に確認中です。",
            _UNC,
            "保守会社の特権IDについて、利用記録の提示を2026年12月末までに求めています。",
        ),
    ],
    ("external", "外的環境と再委託", "Foreign environment and subcontracting"): [
        (
            "個人データを国外で取り扱う場合、その国の制度を把握しているか",
            "Where data is handled abroad, do you know that country's system?",
            "gl_must",
            _X,
            "取扱いは国内（川崎、大阪）のみ。",
            _NA,
            "クラウドの保存地域が東京・大阪であることを設定画面で確認しました。",
        ),
        (
            "再委託する場合、事前に報告又は承認を得る手続があるか",
            "Is prior report or approval obtained before subcontracting?",
            "gl_should",
            _Y,
            "印刷・封入を株式会社みなと印刷に再委託（申請済み）。",
            _OK,
            "",
        ),
        (
            "プライバシーマーク又は同等の認証を保有し、有効であるか",
            "Do you hold a valid privacy mark or equal certification?",
            "std",
            _Y,
            "プライバシーマーク 有効期限 2027年9月30日。",
            _OK,
            "",
        ),
        (
            "EU域内の従業員のデータについて、処理者としての義務を理解しているか",
            "Do you know a processor's duties for staff data from the EU?",
            "eu",
            None,
            "",
            None,
            "",
        ),
    ],
}
_BASES = {
    "law": (Basis("APPI-25", "個人情報保護法 25条（委託先の監督）", LAW),),
    "gl_must": (
        Basis("PPC-GL-10-3", "通則編ガイドライン 別添10-3（組織的安全管理措置）", GUIDE),
        Basis("APPI-23", "個人情報保護法 23条（安全管理措置）", LAW),
    ),
    "gl_should": (Basis("PPC-GL-3-4-4", "通則編ガイドライン 3-4-4（委託先の監督）", GUIDE),),
    "std": (Basis("JISQ15001", "JIS Q 15001:2023 J.9.4"),),
    "eu": (Basis("GDPR-28", "GDPR 28条", "https://eur-lex.europa.eu/eli/reg/2016/679/oj"),),
    "prac": (),
}


def sample(**changes: object) -> Report:
    """The sample, with the given fields of `Report` replaced."""
    facts: dict[str, object] = {
        "id": "01930000-0000-7000-8000-000000000001",
        "number": "R-2026-0042",
        "kind": ReportKind.ASSESSMENT,
        "title": Bilingual("委託先選定評価報告書", "Vendor selection assessment"),
        "client": PartyFacts("青葉食品株式会社", "P-0001", "0000000000001", "東京都千代田区一番町0-0"),
        "vendor": PartyFacts(
            "株式会社𠮷野ペイロールサービス", "P-0017", "0000000000002", "神奈川県川崎市川崎区0-0"
        ),
        "engagement": EngagementFacts(
            number="E-2026-0042",
            title="給与計算及び年末調整業務",
            tier=1,
            risk="high",
            purpose="月次の給与計算、賞与計算、年末調整及び法定調書の作成",
            data_categories=(
                Bilingual("氏名・住所", "name and address"),
                Bilingual("銀行口座", "bank account"),
                Bilingual("扶養家族", "dependants"),
                Bilingual("個人番号", "individual number"),
            ),
            persons=1240,
            places=("川崎事業所", "大阪センター", "ハノイ支店（画面の閲覧のみ）"),
            countries=("JP", "VN"),
            classification="entrustment",
            classification_reason="給与計算のため、従業員の氏名、口座番号、扶養情報を渡す。",
            data_kinds=("identity", "address", "employment", "family", "finance"),
            special_care=False,
            my_number=True,
            handled_abroad=True,
            recipients=(
                RecipientFacts(
                    "Minato Payroll Vietnam Co., Ltd.", "VN", "conforming", "業務委託契約 第12条と年次の確認"
                ),
            ),
            as_of=NOW - timedelta(days=3),
        ),
        "summary": Summary(
            Conclusion.CONDITIONAL,
            "重大な不備は認められません。連携項目の削減と削除台帳の整備を期限内に終えることを条件に、"
            "委託先として選定することは妥当と考えます。内部監査の実施は確認できていません。",
            ("items", "conditions", "accepted", "controls"),
        ),
        "sections": tuple(_section(*entry) for entry in enumerate(_ROWS.items())),
        "checklist": ChecklistFacts(
            "selection_check",
            "2026.11.1",
            Bilingual("適切な委託先の選定チェック", "Vendor selection check"),
            hashlib.sha256(b"checklist").hexdigest(),
        ),
        "signers": (
            PlannedSigner(FIELD_AUDITOR, "髙橋 美咲", Bilingual("監査人", "Auditor")),
            PlannedSigner(FIELD_OFFICER, "山﨑 健", Bilingual("個人情報保護担当", "Privacy officer")),
        ),
        "generated_at": NOW,
        "sources": (
            SourceRecord(
                1,
                Bilingual("書面", "paper form"),
                "確認書（押印）.pdf",
                hashlib.sha256(b"paper").hexdigest(),
                date(2026, 11, 4),
                (NamedFact(Bilingual("回答者", "Answered by"), "古川 涼"),),
                True,
            ),
        ),
        "user_controls": (
            UserControlFacts(
                1, "多要素認証を有効にする", "planned", "年内に", date(2026, 12, 31), "山﨑 健", START
            ),
            UserControlFacts(1, "退職者の利用者IDを止める", "open", "", None, "", None),
        ),
        "decision": DecisionFacts(
            DecisionOutcome.APPROVED,
            ("個人情報保護管理者 佐々木 明", "管理本部長 田中 直子"),
            NOW - timedelta(days=1),
            "是正処置2件の期限と担当が定められており、リスクは受け入れ可能と判断した。",
            (
                AcceptedBlocker(
                    Bilingual("廃棄証明書を都度受領していない", "No disposal certificate for each disposal"),
                    "通則編ガイドライン 10-5(4)（重要である）",
                    "年次の証明書で全件の廃棄が確認できるため。",
                    "次回の廃棄からは都度の写真報告を受ける。",
                    date(2027, 3, 31),
                    "gl_should",
                    date(2027, 9, 30),
                ),
            ),
            (
                ConditionFacts(
                    "連携ファイルから緊急連絡先を外す", "人事部 森", date(2026, 12, 25), True, None
                ),
            ),
            "G2",
            "D-2026-0031",
        ),
        "release": DecisionFacts(
            DecisionOutcome.APPROVED,
            ("個人情報保護管理者 佐々木 明",),
            NOW,
            "提供を始めてよい。",
            (
                AcceptedBlocker(
                    Bilingual("期限が過ぎたあとの再度の受け入れ：証明書", "Accepted anew: certificate"),
                    "通則編ガイドライン 10-5(4)",
                    "残りが少ない。",
                    "写真で確かめる。",
                    date(2027, 9, 30),
                    "gl_should",
                    None,
                    date(2027, 2, 1),
                ),
            ),
            (),
            "G2b",
            "D-2026-0040",
        ),
        "contracts": (
            ContractFacts(
                "K-2026-0012",
                "給与計算業務委託基本契約書",
                "master",
                "running",
                date(2026, 3, 20),
                date(2026, 4, 1),
                date(2027, 3, 31),
                date(2026, 12, 31),
                "prior_consent",
            ),
            ContractFacts(
                "K-2026-0019",
                "情報セキュリティに関する覚書",
                "memorandum",
                "not_begun",
                None,
                date(2026, 12, 1),
                None,
                None,
                "report_after",
            ),
        ),
        "brought_in": BroughtInFacts(
            date(2019, 4, 1),
            START,
            "山﨑 健",
            "契約台帳 2026年9月版",
            (
                GateLineFacts("G1", True, date(2027, 3, 31), "D-2026-0022", date(2026, 11, 10)),
                GateLineFacts("G2", True, date(2027, 3, 31)),
                GateLineFacts("G2b", False, date(2027, 3, 31)),
            ),
        ),
        "portal_items": (
            PortalItem(
                "SEL-039",
                Bilingual(
                    "個人情報保護の責任者による選定の承認が記録されているか",
                    "Is approval of the selection on record?",
                ),
                AnswerValue.YES,
                Bilingual("決裁 D-2026-0031 の記録", "Record of decision D-2026-0031"),
            ),
        ),
        "not_checked": (
            NotChecked(
                Bilingual("大阪センターの入退室管理", "Access control at the Osaka centre"),
                Bilingual(
                    "実地確認は川崎事業所のみ。大阪は2027年度に予定",
                    "Only Kawasaki was visited; Osaka in 2027",
                ),
            ),
            NotChecked(
                Bilingual("再委託先（株式会社みなと印刷）の措置", "Measures of the subcontractor"),
                Bilingual("別の評価（A-2026-0057）で確認する", "Covered by assessment A-2026-0057"),
            ),
        ),
        "score": 83,
        "statement": "Audit Portal 0.1.0 · https://portal.example.jp",
        "ledger": LedgerFacts(
            "portal.example.jp/ledger\n18234\n"
            "q1Zr0b8r6mVdQxW3Z0yqvF1QkQ4o1u0m0w3b8r6mVdQ=\n\n— portal.example.jp/ledger"
            " 5jBqkZ0yqvF1QkQ4o1u0m0w3b8r6mVdQxW3Z0yqvF1QkQ4o1u0m0w3b8r6mVdQx\n",
            (LedgerProof("assessment.decided", 18200, "ab" * 32, ("cd" * 32, "ef" * 32)),),
        ),
    }
    return Report(**(facts | changes))  # type: ignore[arg-type]


def with_answer(text: str) -> Report:
    """The sample with one more item whose vendor wrote `text` everywhere it can."""
    at = START + timedelta(days=3)
    item = ReportItem(
        code=f"X-{text[:30]}",
        question=Bilingual(text, text),
        duty="gl_must",
        basis=(Basis("X", text, text),),
        answer=AnswerFacts(_Y, text, text, text, at, OnBehalf(text, text, text, None, text)),
        review=ReviewFacts(
            _PART,
            (ReviewBasis.DOCUMENT,),
            text,
            text,
            at,
            Sample(2, 1, text),
            ThirdParty(text, text, date(2026, 1, 1), date(2026, 1, 1), text),
        ),
        evidence=(
            EvidenceFacts(text, 1, "ab" * 32, 10),
            EvidenceFacts(
                text, handed_over=False, inspected_by=text, inspected_at=text, edition=text, seen=text
            ),
        ),
        refusal=RefusalFacts(text, RefusalOffer.SUMMARY, text, True),
        findings=(FindingFacts(text[:40], Severity.LOW, text, date(2026, 12, 5)),),
    )
    section = ReportSection("x", Bilingual(text[:200], text[:200]), (item,))
    day = date(2026, 1, 1)
    work = EngagementFacts(
        text,
        text,
        1,
        "high",
        text,
        (Bilingual(text, text),),
        1,
        (text,) * 20,
        ("JP", "XX"),
        "entrustment",
        text,
        recipients=(RecipientFacts(text, "US", "consent", text),) * 20,
    )
    return sample(
        sections=(section,),
        vendor=PartyFacts(text, text, text, text),
        engagement=work,
        contracts=(ContractFacts(text, text, "nda", "over", day, day, day, day, ""),),
        brought_in=BroughtInFacts(day, at, text, text, (GateLineFacts("G1", False, day),)),
    )


def _section(number: int, entry: tuple[tuple[str, str, str], list[tuple[object, ...]]]) -> ReportSection:
    (code, ja, en), rows = entry
    items = tuple(_item(number * 10 + place + 1, *row) for place, row in enumerate(rows))  # type: ignore[arg-type]
    return ReportSection(code, Bilingual(ja, en), items)


def _item(
    number: int,
    ja: str,
    en: str,
    duty: str,
    value: AnswerValue | None,
    words: str,
    result: ReviewResult | None,
    comment: str,
) -> ReportItem:
    at = START + timedelta(hours=number)
    behalf = (
        OnBehalf(
            "古川 涼",
            "業務部 部長",
            "確認書（押印）.pdf",
            date(2026, 11, 4),
            "山﨑 健",
            Bilingual("書面", "paper form"),
            1,
            START + timedelta(days=2),
        )
        if number == 12
        else None
    )
    who = ("佐藤 葵", "青葉食品株式会社") if behalf else ("古川 涼", "株式会社𠮷野ペイロールサービス")
    answer = AnswerFacts(value, words, *who, at, behalf) if value else None
    how = (ReviewBasis.DOCUMENT, ReviewBasis.ON_SITE) if number % 4 == 1 else (ReviewBasis.DOCUMENT,)
    review = ReviewFacts(result, how, comment, "髙橋 美咲", at + timedelta(days=6)) if result else None
    return ReportItem(
        code=f"SEL-{number:03d}",
        question=Bilingual(ja, en),
        duty=duty,
        basis=_BASES[duty],
        blocking=duty in {"law", "gl_must"} and number % 2 == 0,
        answer=answer,
        review=review and replace(review, **_GROUNDS.get(number, {})),
        evidence=_files(number) if value in (_Y, _P) else (),
        refusal=_REFUSED if number == 22 else None,
        findings=(_FINDING,) if number == 13 else (),
    )


_GROUNDS: dict[int, dict[str, Any]] = {
    14: {"basis": (ReviewBasis.SAMPLED,), "sample": Sample(1_240, 25, "直近6か月から無作為に選んだ。")},
    21: {
        "basis": (ReviewBasis.THIRD_PARTY,),
        "source": ThirdParty(
            "SOC 2 Type 2 報告書",
            "給与計算システムの運用",
            date(2025, 4, 1),
            date(2026, 3, 31),
            "退職者の権限の削除が遅れた例が1件",
        ),
    },
}
_REFUSED = RefusalFacts(
    "ほかの顧客の情報が含まれるため。", RefusalOffer.INSPECTION, "川崎事業所で閲覧できます。", False
)
_FINDING = FindingFacts(
    "F-2026-0001", Severity.HIGH, "退職者のIDが2週間有効なままだった。", date(2026, 12, 5)
)


def _files(number: int) -> tuple[EvidenceFacts, ...]:
    if number == 31:
        seen = EvidenceFacts(
            "サーバ室入退室記録（原本）",
            observed=date(2026, 11, 10),
            handed_over=False,
            inspected_by="髙橋 美咲",
            inspected_at="川崎事業所",
            edition="2026年10月分",
            means=InspectionMeans.ON_SITE,
            seen="入退室が担当者ごとに記録され、責任者が月1回確かめていた。",
        )
        return (seen,)
    name = (
        "個人情報取扱規程_第7版.pdf",
        "教育実施記録2026.xlsx",
        "ネットワーク構成図.pdf",
        "訓練報告書_2026年6月.docx",
    )
    return (
        EvidenceFacts(
            name[number % 4],
            1 + number % 3,
            hashlib.sha256(str(number).encode()).hexdigest(),
            48_213 * number,
            date(2026, 10, 1 + number % 28),
            date(2027, 9, 30) if number % 2 else None,
        ),
    )
