"""sentences the bot did not understand, without names, to teach it

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "misheard",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("talk", sa.String(64), nullable=False),
        sa.Column("turn", sa.String(64), nullable=False),
        sa.Column("text_encrypted", sa.Text(), nullable=False),
        sa.Column("guess", sa.String(40), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("asking", sa.String(64), nullable=True),
        sa.Column("reason", sa.String(8), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(40), nullable=True),
        sa.Column("labelled_by", sa.String(32), nullable=True),
        sa.Column("labelled_at", UtcDateTime(), nullable=True),
        sa.Column("batch", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misheard")),
        sa.UniqueConstraint("turn", name=op.f("uq_misheard_turn")),
    )
    op.create_index("ix_misheard_talk", "misheard", ["talk"])
    op.create_index("ix_misheard_batch", "misheard", ["batch"])
    op.create_index("ix_misheard_label", "misheard", ["label", "on_day"])


def downgrade() -> None:
    op.drop_table("misheard")
