"""one-off payments by rule

Going back forgets the payments by rule; what each household was granted stays.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WAITS = sa.text("approved_at IS NULL AND cancelled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("programme", sa.String(20), nullable=False),
        sa.Column("holds", sa.String(20), nullable=False),
        sa.Column("hukou", sa.String(10), nullable=False),
        sa.Column("per", sa.String(10), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("pays_on", sa.Date(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("proposed_by", sa.String(32), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(32), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_by", sa.String(32), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
    )
    op.create_index(op.f("ix_payment_batch_area_code"), "payment_batch", ["area_code"])
    op.create_index(
        "uq_payment_batch_waiting",
        "payment_batch",
        ["digest"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    with op.batch_alter_table("aid_grant") as batch:
        batch.add_column(sa.Column("batch_id", sa.String(32), nullable=True))
        batch.create_foreign_key(
            op.f("fk_aid_grant_batch_id_payment_batch"), "payment_batch", ["batch_id"], ["id"]
        )
    op.create_index("uq_aid_grant_batch_case", "aid_grant", ["batch_id", "case_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_aid_grant_batch_case", "aid_grant")
    with op.batch_alter_table("aid_grant") as batch:
        batch.drop_constraint(op.f("fk_aid_grant_batch_id_payment_batch"), type_="foreignkey")
        batch.drop_column("batch_id")
    op.drop_table("payment_batch")
