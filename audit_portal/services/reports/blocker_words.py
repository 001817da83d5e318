"""What was short, in the words of a report: the sentences that pages have for blockers, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from audit_portal.domain.report import Bilingual

# A test holds them to the pages' own sentences.
WORDS: Mapping[str, Bilingual] = {
    "not_classified": Bilingual(
        "この取引が個人データの取扱いの委託に当たるかの判定と理由が、記録されていません。",
        "Whether this relation entrusts the handling of personal data, and why, is not on record.",
    ),
    "selection_not_reviewed": Bilingual(
        "選定チェックの審査が終わっていません。",
        "The review of the selection check is not finished.",
    ),
    "annex10_not_covered": Bilingual(
        "審査した選定チェックは、安全管理措置（ガイドライン別添10）の全項目を尋ねていません。",
        "The selection check that was reviewed does not ask every security control measure (Guideline, Annex 10).",
    ),
    "never_asked": Bilingual(
        "委託の内容が変わり、まだ確かめていない項目があります。",
        "The entrusted work changed, and an item has not been confirmed yet.",
    ),
    "item_unanswered": Bilingual(
        "答えが必要な項目に、回答がありません。",
        "An item that needs an answer has none.",
    ),
    "item_unknown": Bilingual(
        "必要な項目が「分からない」または「確認不能」のままです。",
        'A required item is still "Don\'t know" or "Could not be confirmed".',
    ),
    "item_blocking_no": Bilingual(
        "満たさなければ委託できない項目が、満たされていません。",
        "An item without which work can't be entrusted is not met.",
    ),
    "item_no_action": Bilingual(
        "満たしていない項目に、今後の対応と期日がありません。",
        "An item that is not met has no dated action.",
    ),
    "item_disclosure_refused": Bilingual(
        "必要な資料の開示が拒まれ、ほかの方法でも確かめていません。「分からない」として扱います。",
        "The vendor doesn’t disclose a required document, and nothing else was shown. It counts as “not known”.",
    ),
    "contract_missing": Bilingual(
        "この委託業務に使う契約が登録されていません。",
        "No contract is registered for this engagement.",
    ),
    "contract_not_concluded": Bilingual(
        "契約がまだ締結されていません。",
        "The contract is not concluded yet.",
    ),
    "contract_not_begun": Bilingual(
        "契約期間がまだ始まっていません。",
        "The term of the contract has not begun yet.",
    ),
    "contract_over": Bilingual(
        "契約が終わっています。",
        "The contract is over.",
    ),
    "contract_not_reviewed": Bilingual(
        "契約チェックの審査が終わっていません。",
        "The review of the contract check is not finished.",
    ),
    "reentrustment_unsaid": Bilingual(
        "有効な契約に、再委託の定めが登録されていません。",
        "No re-entrustment rule is registered for a contract in force.",
    ),
    "reentrustment_below_guideline": Bilingual(
        "再委託の定めが、ガイドラインが望ましいとする事前の報告か承認の水準を下回っています。",
        "The re-entrustment rule is below the prior report or approval that the guideline calls desirable.",
    ),
    "clause_untied": Bilingual(
        "条項があるとされた項目に、有効な契約の文書と場所（ページ・条）が記録されていません。",
        "The clause is said to be there, but no place (page, article) in a document of a contract in force is recorded.",
    ),
    "clause_unanswered": Bilingual(
        "答えが必要な条項の項目に、回答がありません。",
        "A clause item that needs an answer has none.",
    ),
    "clause_unknown": Bilingual(
        "必要な条項の項目が「分からない」または「確認不能」のままです。",
        "A needed clause item is still “unknown” or “could not be confirmed”.",
    ),
    "clause_blocking_no": Bilingual(
        "契約に必要な条項がありません。",
        "A clause that the contract needs is missing.",
    ),
    "clause_no_action": Bilingual(
        "足りない条項に、今後の対応と期日がありません。",
        "A lacking clause has no planned action with a date.",
    ),
    "selection_not_approved": Bilingual(
        "選定が承認されていません。",
        "The selection is not approved.",
    ),
    "contract_not_approved": Bilingual(
        "契約が承認されていません。",
        "The contract is not approved.",
    ),
    "subcontractor_not_through": Bilingual(
        "登録された再委託先の選定と契約の承認が済んでいません。",
        "Selection and contract of a registered subcontractor are not approved yet.",
    ),
    "abroad_without_route": Bilingual(
        "外国で取り扱うのに、法28条のどの根拠で渡すのかが記録されていません。",
        "Data is handled abroad, but nothing says on which ground of Article 28 it is supplied.",
    ),
    "condition_open": Bilingual(
        "データ提供の前に済ませる承認の条件が、まだ確かめられていません。",
        "A condition of the approval that has to be met before data is released isn't confirmed yet.",
    ),
    "recheck_pending": Bilingual(
        "委託の内容が変わり、まだ確かめていない項目があります。",
        "The entrusted work changed, and an item has not been confirmed yet.",
    ),
    "cloud_undetermined": Bilingual(
        "クラウド事業者が個人データを取り扱わないという分類ですが、いま有効な判定と、その資料がありません。判定ができるまでは、委託として扱います。",
        "The work is classified as a cloud that does not handle the data, but no finding in force with its "
        "document says so. Until there is one, it is treated as entrustment.",
    ),
    "not_applicable_alone": Bilingual(
        "安全管理措置（ガイドライン別添10）の項目が、委託先の回答だけで「対象外」になっています。",
        "An item of the security control measures (Guideline, Annex 10) counts as not applicable on the "
        "vendor's word alone.",
    ),
    "evidence_expired": Bilingual(
        "回答の裏付けになる確認資料の期限が切れたか、認証が失効しています。",
        "The evidence behind an answer has expired, or the certification was lost.",
    ),
    "user_control_open": Bilingual(
        "事業者が利用者に任せている統制を、当社が実施していません（期日を過ぎた予定を含みます）。",
        "A control that the provider leaves to its user is not done (or its planned day has passed).",
    ),
    "source_stale": Bilingual(
        "第三者の報告書の対象期間が終わってから、長い時間がたっています。",
        "The period that the third party's report covers ended long ago.",
    ),
}
# A blocker that this version of the portal doesn't know any more.
_OTHER = Bilingual("承認条件の不足", "A shortfall against the gate")


def words_of(code: str, item: str | None, question: Bilingual | None) -> Bilingual:
    """The sentence of a blocker with what it is about: item and question, or number of a contract or condition."""
    said = WORDS.get(code, _OTHER)
    if not item:
        return said
    ja, en = (f"{item} {question.of(each)}" if question else item for each in ("ja", "en"))
    return Bilingual(f"{said.ja} {ja}", f"{said.en} {en}")
