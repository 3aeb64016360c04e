"""residents who wait for a person: place, promise, taker, rating

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "person_wait",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(16), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("area_pending", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by", sa.String(64), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("spoken_at", UtcDateTime(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("passed_to", sa.String(32), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_how", sa.String(12), nullable=True),
        sa.Column("rating_asked_at", UtcDateTime(), nullable=True),
        sa.Column("rating", sa.String(12), nullable=True),
        sa.Column("rated_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_person_wait_case_id_case_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_wait")),
    )
    op.create_index(op.f("ix_person_wait_case_id"), "person_wait", ["case_id"])
    op.create_index(op.f("ix_person_wait_conversation_id"), "person_wait", ["conversation_id"])
    op.create_index(
        "uq_person_wait_standing",
        "person_wait",
        ["conversation_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index(
        "ix_person_wait_line",
        "person_wait",
        ["area_code", "department", "since"],
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index(
        "ix_person_wait_answered", "person_wait", ["area_code", "department", "answered_at"]
    )


def downgrade() -> None:
    op.drop_table("person_wait")
