"""what was granted on a case

Going back forgets the amounts; the events of the cases still tell them.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aid_grant",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("programme", sa.String(20), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.String(32), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(32), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("taken_back_by", sa.String(32), nullable=True),
        sa.Column("taken_back_at", UtcDateTime(), nullable=True),
        sa.Column("end_asked_on", sa.Date(), nullable=True),
        sa.Column("end_asked_by", sa.String(32), nullable=True),
        sa.Column("end_confirmed_by", sa.String(32), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_aid_grant_amount")),
        sa.CheckConstraint("persons > 0", name=op.f("ck_aid_grant_persons")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_aid_grant_case_id_case_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_grant")),
    )
    op.create_index(op.f("ix_aid_grant_case_id"), "aid_grant", ["case_id"])
    op.create_index(op.f("ix_aid_grant_starts_on"), "aid_grant", ["starts_on"])


def downgrade() -> None:
    op.drop_table("aid_grant")
