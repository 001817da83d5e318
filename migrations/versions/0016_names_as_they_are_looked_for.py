"""names as they are looked for

Rules: see 0001.
"""

from __future__ import annotations

import re
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SEARCHED = {"party": ("name", "kana", "number"), "engagement": ("title",), "engagement_link": ("number",)}
_AT_ONCE = 1_000

# One spelling for all that a person takes for the same, as the portal has it at this revision.
_VARIANTS = str.maketrans("髙﨑濵濱邊邉齋齊斎澤嶋嶌德眞槇祐", "高崎浜浜辺辺斉斉斉沢島島徳真槙祐")
_COMPANY = (
    ("(株)", "株式会社"),
    ("(有)", "有限会社"),
    ("(同)", "合同会社"),
    ("(資)", "合資会社"),
    ("(名)", "合名会社"),
)
_JOINTS = re.compile(r"[\s・･,.，．、。'\"’”‐‑–—―−-]+")
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def _key(text: str) -> str:
    plain = re.sub(r"\s+", "", normalize("NFKC", text)).lower().translate(_VARIANTS)
    for short, long in _COMPANY:
        plain = plain.replace(short, long)
    return _JOINTS.sub("", plain).translate(_KATAKANA)


def upgrade() -> None:
    table = op.create_table(
        "search_key",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row_id", name=op.f("pk_search_key")),
    )
    connection = op.get_bind()
    for kind, names in _SEARCHED.items():
        rows = sa.table(kind, sa.column("id", sa.Uuid()), *(sa.column(name, sa.String()) for name in names))
        for some in connection.execute(sa.select(rows)).partitions(_AT_ONCE):
            keys = (
                {"kind": kind, "row_id": row_id, "text": "\n".join(map(_key, texts))}
                for row_id, *texts in some
            )
            connection.execute(sa.insert(table), list(keys))


def downgrade() -> None:
    op.drop_table("search_key")
