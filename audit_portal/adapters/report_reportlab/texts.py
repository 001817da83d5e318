"""The report's own words in Japanese and English. `_WORDS[key] = (ja, en)`; a test holds both complete."""

from __future__ import annotations

from audit_portal.adapters.report_reportlab.fact_texts import FACT_WORDS

_WORDS: dict[str, tuple[str, str]] = {
    "kind.assessment": ("評価報告書", "Assessment report"),
    "report_number": ("報告書番号", "Report number"),
    "generated": ("作成日時", "Prepared"),
    "draft": ("下書き（署名用ではありません）", "DRAFT – not for signature"),
    "page": ("ページ", "Page"),
    "conclusion": ("結論", "Conclusion"),
    "conclusion.satisfied": ("評価の基準を満たしています", "The criteria assessed are met"),
    "conclusion.conditional": (
        "条件付きで、評価の基準を満たしています",
        "The criteria assessed are met, with reservations",
    ),
    "depends.items": (
        "適合としなかった項目があります（項目ごとの今後の対応と、決裁のとおり）",
        "Items were not found to conform (see their planned actions and the decision)",
    ),
    "depends.conditions": (
        "承認の条件のうち、完了が確認されていないものがあります",
        "Conditions of the approval are not confirmed as met",
    ),
    "depends.accepted": (
        "承認者が期限を付けて受け入れた不足事項があります",
        "The approver accepted shortfalls for a time",
    ),
    "depends.controls": (
        "提供者が利用者に委ねている統制のうち、実施していないものがあります",
        "Controls left to the user are not all done",
    ),
    "conclusion.not_satisfied": ("評価の基準を満たしていません", "The criteria assessed are not met"),
    "conclusion.open": ("審査が終わっていません", "The review is not finished"),
    "remarks": ("所見", "Remarks"),
    "who_and_what": ("評価の対象", "What was assessed"),
    "client": ("委託元", "Client"),
    "principal": ("委託者", "Principal"),
    "vendor": ("委託先", "Vendor"),
    "corporate_number": ("法人番号", "corporate number"),
    "engagement": ("委託業務", "Engagement"),
    "tier": ("階層", "Tier"),
    "tier.1": ("一次委託先", "tier 1 (direct vendor)"),
    "tier.2": ("二次委託先（再委託）", "tier 2 (subcontractor)"),
    "tier.3": ("三次委託先（再々委託）", "tier 3 (sub-subcontractor)"),
    "tier.n": ("%s次委託先", "tier %s"),
    "risk": ("リスク区分", "Risk tier"),
    "risk.low": ("低", "low"),
    "risk.medium": ("中", "medium"),
    "risk.high": ("高", "high"),
    "purpose": ("業務の目的", "Purpose"),
    "data": ("個人データの項目", "Personal data"),
    "persons": ("本人の数", "Persons concerned"),
    "persons.count": ("約 %s 人", "about %s"),
    "places": ("取扱場所", "Places of handling"),
    "countries": ("国・地域", "Countries"),
    "checklist": ("使用したチェックリスト", "Checklist used"),
    "version": ("版", "version"),
    "counts": ("審査結果の内訳", "Results of the review"),
    "items": ("%s 項目", "%s items"),
    "result.conforms": ("適合", "Conforms"),
    "result.partly": ("一部適合", "Partly conforms"),
    "result.not": ("不適合", "Does not conform"),
    "result.unconfirmed": ("確認不能", "Could not be confirmed"),
    "result.not_applicable": ("対象外", "Not applicable"),
    "result.open": ("未審査", "Not reviewed"),
    "answer": ("回答", "Answer"),
    "answer.yes": ("はい", "Yes"),
    "answer.partial": ("一部", "Partly"),
    "answer.no": ("いいえ", "No"),
    "answer.not_applicable": ("該当しない", "Not applicable"),
    "answer.unknown": ("わからない", "Not known"),
    "answer.none": ("回答なし", "No answer"),
    "answered_by": ("回答者", "Answered by"),
    "on_behalf": (
        "この回答は、アカウントのない当事者に代わって入力されました",
        "Entered on behalf of a party without an account",
    ),
    "source": ("原本", "Source document"),
    "transcribed_by": ("転記者", "Transcribed by"),
    "sources": ("転記の原本", "Sources of transcribed answers"),
    "sources_intro": (
        "アカウントのない当事者の回答は、次の原本から転記し、別の人が原本と照合しました。"
        "「古い」は、資料が示す最後の日から12か月を過ぎていることの注意です（自社の基準）。",
        "Answers of a party without an account were transcribed from these sources and compared by a second "
        "person. “Old” warns that more than 12 months have passed since the last day a source speaks of "
        "(own rule).",
    ),
    "source.number": ("番号", "No."),
    "source.document": ("資料", "Document"),
    "source.dated": ("日付", "Date"),
    "source.facts": ("内容", "Facts"),
    "source.stale": ("古い", "Old"),
    "controls": ("利用者側の統制", "Controls left to the user"),
    "controls_intro": (
        "提供者の資料が利用者（委託元）に委ねている統制と、委託元の対応です。",
        "Controls that the provider’s documents leave to its user (the client), and what the client does.",
    ),
    "control": ("統制", "Control"),
    "control.status": ("対応", "Status"),
    "control.done": ("実施している", "Done"),
    "control.planned": ("実施する予定", "Planned"),
    "control.not_done": ("実施しない", "Not done"),
    "control.open": ("未回答", "Not answered"),
    "confirmed_by": ("確認者", "Confirmed by"),
    "review": ("審査", "Review"),
    "reviewed_by": ("審査者", "Reviewed by"),
    "how": ("確認方法", "Confirmed by way of"),
    "how.statement": ("回答者の申告", "statement of the answering party"),
    "how.document": ("資料の確認", "documents"),
    "how.interview": ("聞き取り", "interview"),
    "how.on_site": ("実地確認", "visit on site"),
    "how.remote": ("遠隔での確認", "remote inspection"),
    "how.sampled": ("抜取りでの確認", "sample"),
    "how.third_party": ("第三者の報告書", "third party’s report"),
    "sample": ("抜取り", "Sample"),
    "sample.count": ("%s件のうち%s件", "%s of which %s examined"),
    "sample.choice": ("選び方", "chosen"),
    "source.report": ("第三者の報告書", "Third party’s report"),
    "source.scope": ("対象の範囲", "scope"),
    "source.period": ("対象期間", "period"),
    "source.exceptions": ("指摘・除外された事項", "exceptions"),
    "basis": ("根拠", "Basis"),
    "duty": ("根拠の強さ", "Force of the basis"),
    "duty.law": ("法令の義務", "Duty under law"),
    "duty.gl_must": (
        "ガイドラインの義務（しなければならない）",
        "Guideline “must”",
    ),
    "duty.gl_should": ("ガイドラインで望ましいとされること", "Guideline: desirable"),
    "duty.std": ("認証・規格の要求", "Requirement of a certification or standard"),
    "duty.eu": ("EU法上の義務（適用される場合）", "Duty under EU law, where it applies"),
    "duty.seed": ("自社の方針", "Own policy"),
    "duty.prac": ("自社の方針", "Own policy"),
    "blocking": ("承認の必須条件", "Blocks approval"),
    "overview": ("評価項目の一覧", "Items at a glance"),
    "details": ("項目ごとの回答と審査", "Answers and review, item by item"),
    "item": ("項目", "Item"),
    "question": ("確認事項", "Question"),
    "evidence": ("確認資料", "Evidence"),
    "evidence.none": ("なし", "none"),
    "evidence_list": ("確認資料の一覧（ハッシュ値）", "Evidence and its digests"),
    "evidence_intro": (
        "評価に用いた資料の版とSHA-256ハッシュ値です。資料そのものはこの報告書に含まれません。"
        "手元の資料のハッシュ値を計算して比べれば、同じものかどうかを誰でも確かめられます。",
        "The versions of the evidence relied on and their SHA-256 digests. The files themselves are not part "
        "of this report. Anyone who holds a file can compute its digest and compare.",
    ),
    "file": ("資料", "File"),
    "size": ("サイズ", "Size"),
    "observed": ("確認日", "Observed"),
    "expires": ("有効期限", "Valid until"),
    "digest": ("SHA-256", "SHA-256"),
    "not_handed_over": ("閲覧のみ（預かっていない）", "inspected, not handed over"),
    "inspected": ("確認した人", "inspected by"),
    "seen": ("確認した内容", "seen"),
    "means.on_site": ("現地", "on site"),
    "means.screen_share": ("画面共有", "by screen share"),
    "means.data_room": ("閲覧用のサイト・閲覧室", "in a data room"),
    "means.other": ("そのほかの方法", "by other means"),
    "refusal": ("開示拒否", "Disclosure refused"),
    "refusal.open": (
        "未解決（承認条件では「分からない」として扱う）",
        "unresolved (counts as “not known” for approval)",
    ),
    "refusal.resolved": ("ほかの方法で確認", "shown by other means"),
    "offer": ("代わりに示すもの", "Offered instead"),
    "offer.inspection": ("現地か画面での閲覧", "inspection"),
    "offer.summary": ("要約した資料", "a summary"),
    "offer.third_party_report": ("第三者の報告書や認証", "a third party’s report"),
    "offer.nothing": ("なし", "nothing"),
    "finding": ("指摘事項", "Finding"),
    "findings": ("指摘事項", "Findings"),
    "findings.none": ("指摘事項はありません。", "There are no findings."),
    "number": ("番号", "Number"),
    "severity": ("重さ", "Severity"),
    "severity.high": ("高", "high"),
    "severity.medium": ("中", "medium"),
    "severity.low": ("低", "low"),
    "what": ("内容", "What is wrong"),
    "due": ("期日", "Due"),
    "score": ("点数（参考）", "Score (for information)"),
    "score.none": ("採点なし", "unscored"),
    "score.section": ("区分", "Section"),
    "score.note": (
        "重みを付けた達成度です（はい・適合は1、一部は0.5、いいえ・分からない・確認不能は0。対象外と事実の確認は"
        "除く）。点数が高くても、承認条件が開くことはありません。",
        "Weighted share reached (yes 1, partly ½, no, not known and not confirmed 0; not applicable and mere "
        "facts left out). However high, a score never opens a gate.",
    ),
    "not_checked": ("確認していない事項", "What was not checked"),
    "not_checked.none": (
        "対象とした項目のうち、確認を省いたものはありません。",
        "None of the items in scope was left out.",
    ),
    "reason": ("理由", "Reason"),
    "decision": ("決裁", "Decision"),
    "decision.none": ("まだ決裁されていません。", "No decision has been taken yet."),
    "decision.approved": ("承認", "Approved"),
    "decision.refused": ("不承認", "Refused"),
    "decided_by": ("決裁者", "Decided by"),
    "decided_at": ("決裁日時", "Decided"),
    "conditions": ("承認の条件", "Conditions of the approval"),
    "condition.who": ("担当", "By"),
    "condition.before_release": ("データの提供を始める前に済ませる。", "To be met before data is released."),
    "condition.confirmed": ("完了の確認", "Confirmed"),
    "condition.open": ("まだ確認されていません。", "Not confirmed yet."),
    "accepted": ("承認者が受け入れた不足事項", "Shortfalls accepted by the approver"),
    "accepted_note": (
        "法令の義務とガイドラインの義務に関わる不足は、受け入れることができません。",
        "Shortfalls against law or a guideline’s “must” can’t be accepted.",
    ),
    "accepted.renewed": (
        "のちの決裁で再度受け入れられ、期限は %s",
        "accepted anew by a later decision until %s",
    ),
    "accepted.settled": ("%s に解消を確認", "found to be met on %s"),
    "gate.G1": ("選定の承認", "Approval of the selection"),
    "gate.G2": ("契約の承認", "Approval of the contract"),
    "gate.G2b": ("データ提供の開始", "Release of data"),
    "measure": ("補完措置", "Mitigation"),
    "until": ("期限", "Until"),
    "ledger": ("変更記録の記録点", "Ledger checkpoint"),
    "ledger_intro": (
        "ポータルの変更記録（追記専用）の、この報告書作成時点での署名付き記録点です。"
        "後日の記録がこの記録点と矛盾すれば、過去の記録が書き換えられたことが分かります。"
        "包含証明 %s 件は添付の manifest.json にあります。",
        "The signed state of the portal’s append-only ledger when this report was prepared. If a later "
        "ledger contradicts it, earlier entries were altered. The %s inclusion proofs are in the attached "
        "manifest.json.",
    ),
    "signatures": ("署名", "Signatures"),
    "signature_of": ("%sの署名", "Signature: %s"),
    "name": ("氏名", "Name"),
    "signed": ("署名日時", "Signed"),
    "signed_electronically": ("電子署名", "Electronically signed"),
    "certificate": ("証明書", "Certificate"),
    "planned": ("署名予定者", "To be signed by"),
    "meaning": ("署名の意味", "What the signatures mean"),
    "meaning.auditor": (
        "監査人の署名は、この報告書に記した回答、審査結果及び確認資料のハッシュ値が、"
        "監査人の確認した内容と一致することを示します。",
        "The auditor’s signature states that the answers, results and evidence digests in this report are "
        "those the auditor examined.",
    ),
    "meaning.officer": (
        "個人情報保護担当の署名は、委託元がこの報告書を受領し、監督の記録として認めたことを示します。"
        "監査人の署名の後にだけ行えます。",
        "The officer’s signature states that the client received this report and accepts it as a record of "
        "its supervision. It can only follow the auditor’s.",
    ),
    "meaning.key": (
        "署名鍵は、本人だけが知る署名用パスフレーズで開きます。署名後の変更はすべて検出できます。",
        "Each signing key opens only with a passphrase that the signer alone knows. Any change after signing "
        "is detectable.",
    ),
    "meaning.limit": (
        "この仕組みが示すのは、改ざんがないことと署名者の本人性です。ただし、ソフトウェア又は認証局を"
        "改変できる者は、なお本人に代わって署名し得ます。これを排除できるのは、ポータルの外で管理される"
        "鍵（ICカード等）による署名だけです。",
        "This shows integrity and who signed. Whoever can alter the software or the certificate authority "
        "could still sign in a person’s place; only a key kept outside the portal, such as a smart card, "
        "excludes that.",
    ),
    "meaning.stamp": (
        "署名の時刻はタイムスタンプ（RFC 3161）で示します。ポータル自身の時刻認証局によるタイムスタンプは、"
        "第三者による時刻の証明ではありません。どちらを用いたかは、報告書の検証結果に表示されます。",
        "Signing times are shown by time stamps (RFC 3161). A stamp by the portal’s own authority is not a "
        "third party’s proof of time. Verifying the report shows which was used.",
    ),
    "manifest_note": (
        "同じ内容の機械可読データ（manifest.json）をこのPDFに添付しています。",
        "The same content is attached to this PDF as machine-readable data (manifest.json).",
    ),
    "contents_clipped": (
        "末尾が「…」の欄は長いため省略しました。全文は添付の manifest.json にあります。",
        "A field that ends with “…” was shortened. The attached manifest.json holds it in full.",
    ),
}

_WORDS |= FACT_WORDS
LANGUAGES = ("ja", "en")


def keys() -> tuple[str, ...]:
    return tuple(_WORDS)


def word(key: str, language: str, *values: object) -> str:
    """The sentence for a key; `values` fill its %s. Raises KeyError for an unknown key."""
    text = _WORDS[key][LANGUAGES.index(language)]
    return text % values if values else text
