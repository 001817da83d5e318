"""Sentences of what the service of decisions refuses with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "decision_on_another_check": _l(
        "申請のもとになった評価が、いまの最新のものと違うため、承認できません。申請した人に知らせてください。"
    ),
    "gate_moved_on": _l("委託業務の状態が変わりました。画面を開き直して、いまの承認条件を確かめてください。"),
    "gate_shut": _l("承認条件を満たしていません。不足事項を解消してから、もう一度進めてください。"),
    "decision_open": _l("決裁（%(number)s）を待っています。決裁が済むまで、この操作はできません。"),
    "decision_made": _l(
        "この決裁（%(number)s）は、すでに済んでいます。画面を開き直して結果を確かめてください。"
    ),
    "own_request": _l(
        "自分が申請した決裁は、自分では承認も不承認もできません。ほかの承認者に依頼してください。"
    ),
    "refusal_needs_reason": _l("不承認のときは、理由を書いてください。"),
    "acceptance_incomplete": _l(
        "不足事項を受け入れるには、理由・代わりの対策・期限のすべてを書いてください（%(blocker)s）。"
    ),
    "acceptance_over": _l("受け入れる期限は、あす以降の日付にしてください（%(blocker)s）。"),
    "acceptance_too_long": _l(
        "受け入れる期限は、きょうから1年以内の日付にしてください（%(blocker)s）。続けるときは、期限の前にもう一度受け入れます。"
    ),
    "snapshot_too_large": _l(
        "回答や所見の文章が長すぎるため、決裁の申請に固定できません。長い回答を差し戻し、短くしてもらってください。"
    ),
    "snapshot_damaged": _l(
        "この決裁（%(number)s）の固定された内容が、記録された照合値と一致しません。管理者に知らせてください。"
    ),
    "snapshot_unreadable": _l("この決裁の固定された内容を読み取れません。管理者に知らせてください。"),
    "reopen_needs_reason": _l("もう一度取り上げる理由を書いてください。"),
    "decision_overtaken": _l(
        "この申請（%(number)s）は、申請のあとに内容が変わったため終わっています。もう一度申請してもらってください。"
    ),
    "outside_incomplete": _l("稟議の番号・決裁した人・職名・理由のすべてを入力してください。"),
    "outside_in_the_future": _l("決裁した日は、きょうまでの日付にしてください。"),
    "return_needs_reason": _l("差し戻すときは、理由を書いてください。"),
    "only_final_accepts": _l(
        "不足事項の受け入れと条件は、最後の席の承認者だけが決められます。入力を消してから承認してください。"
    ),
    "second_seat": _l("あなたはこの申請をすでに承認しています。1人が着けるのは1つの席だけです。"),
    "not_your_seat": _l("いまは席「%(seat)s」の承認を待っています。あなたはこの席に着けません。"),
    "condition_incomplete": _l("条件%(place)sの「すること」と「だれが」を入力してください。"),
    "condition_in_the_past": _l("条件%(place)sの期日は、きょう以降の日付にしてください。"),
    "condition_not_possible": _l("条件の状態が変わりました。画面を開き直して確かめてください。"),
    "condition_needs_note": _l("したことを書いてください。"),
    "condition_needs_reason": _l("戻すときは、足りないことを書いてください。"),
    "own_condition": _l(
        "自分が済んだと報告した条件は、自分では確かめられません。ほかの承認者に依頼してください。"
    ),
    "route_vacant": _l(
        "決裁経路の%(place)s番目の席「%(seat)s」に、承認できる人がいません。"
        "決裁経路の画面で、席の人を選び直してください。"
    ),
    "route_loop": _l(
        "決裁経路の%(place)s番目の席「%(seat)s」に着ける人は、ほかの席にも着く人だけです。"
        "1人が着けるのは1つの席だけなので、別の人を選んでください。"
    ),
    "route_requester": _l(
        "決裁経路の%(place)s番目の席「%(seat)s」に着けるのは、申請するあなただけです。"
        "ほかの担当者が申請するか、席の人を選び直してください。"
    ),
    "route_empty": _l("席を1つ以上書いてください。"),
    "route_too_long": _l("席は%(most)sつまでです。"),
    "route_untitled": _l("承認する人を選んだ席には、職名・役割も書いてください。"),
    "route_there": _l(
        "この決裁とリスク区分の経路は、すでに登録されています。登録された経路を変えてください。"
    ),
    "deputy_not_approver": _l("代理も本来の承認者も、利用中の個人情報保護管理者から選んでください。"),
    "deputy_of_oneself": _l("自分の代理にはなれません。別の人を選んでください。"),
    "deputy_days": _l("代理の最終日は、初日以降の日付にしてください。"),
    "deputy_past": _l("代理の最終日は、きょう以降の日付にしてください。"),
    "seat_needs_people": _l("この席に着く人を選んでください。"),
    "seat_not_vacant": _l("この申請（%(number)s）には、承認できる人がいない席はありません。"),
    "blockers_changed": _l("不足事項が変わりました。最新の内容を確かめてから、もう一度決裁してください。"),
}
