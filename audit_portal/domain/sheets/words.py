"""What people type into cells, read kindly: half and full width, yes in many ways, names written in two ways."""

from __future__ import annotations

import re
from unicodedata import normalize

from audit_portal.domain.errors import Invalid

_YES = frozenset({"はい", "有", "あり", "有り", "該当", "○", "◯", "〇", "1", "true", "yes", "y", "する"})
_NO = frozenset(
    {"いいえ", "無", "なし", "無し", "非該当", "×", "✕", "x", "0", "false", "no", "n", "-", "しない"}
)
# Forms of one character in names, as they are written by hand and as machines write them.
_VARIANTS = str.maketrans("髙﨑濵濱邊邉齋齊斎澤嶋嶌德眞槇祐", "高崎浜浜辺辺斉斉斉沢島島徳真槙祐")
_COMPANY = (
    ("(株)", "株式会社"),
    ("(有)", "有限会社"),
    ("(同)", "合同会社"),
    ("(資)", "合資会社"),
    ("(名)", "合名会社"),
)
_JOINTS = re.compile(r"[\s・･,.，．、。'\"’”‐‑–—―−-]+")


def plain_words(text: str) -> str:
    """NFKC, without spaces, lower case: for words of a list and for headings."""
    return re.sub(r"\s+", "", normalize("NFKC", text)).lower()


def match_key(name: str) -> str:
    """Two spellings of one company's name give the same key; what is stored stays as it was typed."""
    plain = plain_words(name).translate(_VARIANTS)
    for short, long in _COMPANY:
        plain = plain.replace(short, long)
    return _JOINTS.sub("", plain)


def truth(text: str) -> bool:
    """Raises Invalid('yes_no_not_understood')."""
    plain = plain_words(text)
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise Invalid("yes_no_not_understood")


def whole_number(text: str) -> int:
    """`１，２００人` is 1200. Raises Invalid('number_not_understood')."""
    plain = re.sub(r"[,、\s]|[人名件]$", "", normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{1,15}(\.0+)?", plain):
        raise Invalid("number_not_understood")
    return int(plain.partition(".")[0])
