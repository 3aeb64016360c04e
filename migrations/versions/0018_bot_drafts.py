"""answers the bot proposed while a person has the chat, or is waited for

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bot_draft",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("wait_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("inbox_id", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text_encrypted", sa.Text(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'sent', 'changed', 'dropped')", name=op.f("ck_bot_draft_state")
        ),
        sa.ForeignKeyConstraint(
            ["wait_id"], ["person_wait.id"], name=op.f("fk_bot_draft_wait_id_person_wait")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot_draft")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_bot_draft_inbox_id")),
    )
    op.create_index(op.f("ix_bot_draft_wait_id"), "bot_draft", ["wait_id"])
    op.create_index(op.f("ix_bot_draft_conversation_id"), "bot_draft", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("bot_draft")
