"""Sentences of what the services of hand-overs and of new leads refuse with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "handover_needs_successor": _l("業務か決裁の席か、少なくとも一方の後任の人を選んでください。"),
    "handover_to_oneself": _l("引き継ぐ本人は、後任には選べません。別の人を選んでください。"),
    "handover_in_past": _l("引き継ぐ日は、きょう以降の日付にしてください。"),
    "handover_nothing": _l("後任の人に移せるものがありません。後任の人を選び直してください。"),
    "handover_there": _l(
        "この人の引き継ぎは、すでに登録されています。先にそれを取り消すか、済むのを待ってください。"
    ),
    "handover_moved_on": _l("確認のあいだに内容が変わりました。下の最新の内容を確かめてください。"),
    "handover_over": _l("この引き継ぎは、すでに済んだか、取り消されています。"),
    "handover_not_due": _l("この引き継ぎは%(day)sに行われます。それまでは取り消すことだけができます。"),
    "lead_needs_confirmation": _l(
        "この委託先にはすでに責任者がいます（いました）。新しい責任者は、契約の窓口に確かめてから招待します。"
        "「責任者の交代」から進めてください。"
    ),
    "lead_change_not_needed": _l("この委託先には、責任者がまだいません。ふつうの招待から進めてください。"),
    "lead_change_there": _l("この委託先の責任者の交代は、すでに2人目の確認を待っています。"),
    "lead_change_over": _l("この交代の扱いは、すでに決まっています。画面を開き直してください。"),
    "lead_not_here": _l("交代する責任者を選び直してください。"),
    "contact_not_for_contracts": _l("契約を担当する、いまの窓口を選んでください。"),
    "contact_just_written": _l(
        "この窓口は、確認した日以降にあなたが登録・変更したものです。"
        "前から知っている窓口に確かめるか、ほかの人に記録してもらってください。"
    ),
    "contact_is_lead": _l("交代する本人や新しい責任者ではない窓口に確かめてください。"),
    "confirmed_in_future": _l("確認した日は、きょうまでの日付にしてください。"),
    "own_lead_change": _l("自分が記録した確認は、自分では確かめられません。ほかの人に依頼してください。"),
    "refusal_needs_words": _l("認めないときは、理由を書いてください。"),
}
