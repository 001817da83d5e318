"""Mail texts in the reader's language, from the same translations as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from audit_portal.ports import Mail

_FOLDER = Path(__file__).parent.parent / "web" / "translations"


def N_(text: str) -> str:
    return text


_LETTERS = {
    "invitation": (
        N_("【%(client)s】委託先監査ポータルへのご招待"),
        N_(
            "%(party)s\n%(name)s 様\n\n%(client)s が、個人データの取扱いの確認に使うポータルへご招待します。\n"
            "次のリンクを開き、パスワードを決めると使い始められます。リンクは14日間、一度だけ使えます。\n\n%(link)s\n\n"
            "心当たりのないときは、このメールを破棄してください。"
        ),
    ),
    "lead_raised": (
        N_("【%(client)s】%(party)s の責任者になりました（委託先監査ポータル）"),
        N_(
            "%(party)s\n%(name)s 様\n\n%(client)s の委託先監査ポータルで、あなたが %(party)s の責任者になりました。\n"
            "アカウントはこれまでのものをそのまま使います（新しい招待はありません）。"
            "役割が変わったため、サインインは一度終わっています。次のリンクからサインインしてください。\n\n%(link)s\n\n"
            "心当たりのないときは、%(client)s の担当者に知らせてください。"
        ),
    ),
    "reset": (
        N_("委託先監査ポータル：パスワードの再設定"),
        N_(
            "%(name)s 様\n\n次のリンクから、新しいパスワードを設定してください。リンクは1時間、一度だけ使えます。\n\n%(link)s\n\n"
            "ご自分で依頼していないときは、何もせずこのメールを破棄してください。パスワードは変わりません。"
        ),
    ),
    "assessment_sent": (
        N_("【%(client)s】個人データの取扱いの確認のお願い（%(number)s）"),
        N_(
            "%(vendor)s\n%(name)s 様\n\n%(client)s から、個人データの取扱いについての確認のお願いが届きました。\n"
            "期限：%(due)s\n\n次のリンクを開き、質問に答えて提出してください。途中で保存して、続きから再開できます。\n\n%(link)s\n"
        ),
    ),
    "assessment_submitted": (
        N_("%(vendor)s から回答が提出されました（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(vendor)s から回答が提出されました。内容を確かめて、審査してください。\n\n%(link)s\n"
        ),
    ),
    "assessment_returned": (
        N_("【%(client)s】回答の確認と修正のお願い（%(number)s）"),
        N_(
            "%(vendor)s\n%(name)s 様\n\n提出された回答について、直していただきたい項目があります。\n\n%(note)s\n\n"
            "次のリンクから該当の項目を直し、もう一度提出してください。\n\n%(link)s\n"
        ),
    ),
    "contract_check_sent": (
        N_("契約チェックの回答のお願い：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(vendor)s との契約の内容を確かめる契約チェックが始まりました。\n期限：%(due)s\n\n"
            "次のリンクを開き、契約書を見ながら各項目に答えてください。途中で保存して、続きから再開できます。\n\n%(link)s\n"
        ),
    ),
    "contract_check_submitted": (
        N_("契約チェックの審査のお願い：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(vendor)s との契約の契約チェックに回答がそろいました。\n"
            "回答した人とは別の人が、内容を確かめて審査してください。\n\n%(link)s\n"
        ),
    ),
    "contract_check_returned": (
        N_("契約チェックの回答の修正のお願い：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(vendor)s との契約の契約チェックに、直していただきたい項目があります。\n\n%(note)s\n\n"
            "次のリンクから該当の項目を直し、もう一度提出してください。\n\n%(link)s\n"
        ),
    ),
    "contract_decision_requested": (
        N_("契約の決裁のお願い：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(vendor)s との契約について、決裁の依頼があります。内容を確かめて、承認または却下してください。\n\n%(link)s\n"
        ),
    ),
    "release_decision_requested": (
        N_("データ提供の開始の決裁のお願い：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(vendor)s への個人データの提供の開始について、決裁の依頼があります。\n"
            "内容を確かめて、承認または却下してください。\n\n%(link)s\n"
        ),
    ),
    "items_delegated": (
        N_("【%(client)s の確認】回答の分担のお願い（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(giver)s さんから、個人データの取扱いの確認（%(number)s）のうち%(count)s件の項目への回答を頼まれました。\n"
            "期限：%(due)s\n\n%(note)s\n\n次のリンクを開くと、あなたの項目が表示されます。途中で保存して、続きから再開できます。\n\n%(link)s\n"
        ),
    ),
    "items_passed_on": (
        N_("【%(client)s の確認】回答の引き継ぎのお願い（%(number)s）"),
        N_(
            "%(name)s 様\n\n個人データの取扱いの確認（%(number)s）のうち%(count)s件の項目への回答が、"
            "前の担当の方からあなたに引き継がれました。\n"
            "期限：%(due)s\n\n%(note)s\n\n次のリンクを開くと、あなたの項目が表示されます。途中で保存して、続きから再開できます。\n\n%(link)s\n"
        ),
    ),
    "commented": (
        N_("%(party)s からコメントがあります（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(party)s が、確認（%(number)s）の項目 %(item)s にコメントを書きました。"
            "次のリンクから読んで、返事を書けます。\n\n%(link)s\n\n"
            "続けてコメントがあっても、この確認についてのお知らせは1時間に1通までです。"
        ),
    ),
    "time_asked": (
        N_("%(vendor)s から期限の延長の申請があります（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(vendor)s から、回答期限の延長の申請がありました。\n\n"
            "いまの期限：%(before)s\n希望する期限：%(wanted)s\n理由：\n%(reason)s\n\n次のリンクから、認めるかどうかを答えてください。\n\n%(link)s\n"
        ),
    ),
    "time_granted": (
        N_("【%(client)s】回答期限を延ばしました（%(number)s）"),
        N_(
            "%(vendor)s\n%(name)s 様\n\n申請のあった期限の延長を認めました。\n\n"
            "新しい期限：%(due)s\n前の期限：%(before)s\n\n%(answer)s\n\n%(link)s\n"
        ),
    ),
    "time_refused": (
        N_("【%(client)s】期限の延長は認められませんでした（%(number)s）"),
        N_(
            "%(vendor)s\n%(name)s 様\n\n申請のあった期限の延長は、認められませんでした。"
            "期限は %(due)s のままです。\n\n理由：\n%(answer)s\n\n%(link)s\n"
        ),
    ),
    "decision_requested": (
        N_("決裁のお願い：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n%(vendor)s の選定について、決裁の依頼があります。内容を確かめて、承認または却下してください。\n\n%(link)s\n"
        ),
    ),
    "decision_approved": (
        N_("承認されました：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n申請した決裁が承認されました。\n\n%(gate)s：%(work)s（%(vendor)s）\n\n"
            "意見や、承認に付いた条件は、次のリンクから確かめてください。\n\n%(link)s\n"
        ),
    ),
    "decision_refused": (
        N_("不承認になりました：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n申請した決裁が不承認になりました。\n\n%(gate)s：%(work)s（%(vendor)s）\n"
            "理由：\n%(comment)s\n\n次のリンクから内容を確かめてください。\n\n%(link)s\n"
        ),
    ),
    "refusal_told": (
        N_("【%(client)s】委託業務についてのお知らせ：%(work)s"),
        N_(
            "%(vendor)s\n%(name)s 様\n\n%(client)s から、委託業務「%(work)s」の審査の結果についてお知らせがあります。\n\n"
            "%(words)s\n\n次のリンクからも確かめられます。\n\n%(link)s\n"
        ),
    ),
    "decision_returned": (
        N_("申請が差し戻されました：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n申請した決裁が差し戻されました。\n\n%(gate)s：%(work)s（%(vendor)s）\n"
            "直してほしいこと：\n%(comment)s\n\n次のリンクから内容を確かめ、整ったらもう一度申請してください。\n\n%(link)s\n"
        ),
    ),
    "decision_overtaken": (
        N_("内容が変わり、申請が終わりました：%(vendor)s（%(number)s）"),
        N_(
            "%(name)s 様\n\n決裁を待つあいだに申請のもとになった内容が変わったため、申請は終わりました。\n\n"
            "%(gate)s：%(work)s（%(vendor)s）\n\n次のリンクから変わったことを確かめ、必要ならもう一度申請してください。\n\n%(link)s\n"
        ),
    ),
}
# Facts that are codes: said in the reader's language.
_WORDS = {
    "gate": {"G1": N_("選定の承認"), "G2": N_("契約の承認"), "G2b": N_("データ提供の開始")},
}


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(_FOLDER), [language])


class CatalogueLetters:
    """Implements ports.Letters."""

    def write(self, kind: str, to: str, language: str, facts: Mapping[str, str]) -> Mail:
        gettext = _catalogue(language).gettext
        coded = {name: gettext(words[facts[name]]) for name, words in _WORDS.items() if name in facts}
        subject, body = (gettext(text) % {**facts, **coded} for text in _LETTERS[kind])
        return Mail(to, subject, body)
