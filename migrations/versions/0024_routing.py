"""an area sends a kind of difficulty to other departments than the system's table does

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "routing_row",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("need", sa.String(24), nullable=False),
        sa.Column("main", sa.JSON(), nullable=False),
        sa.Column("assist", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(32), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", sa.String(32), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_row")),
    )
    op.create_index(
        "ix_routing_row_stands", "routing_row", ["area_code", "need"], unique=True,
        sqlite_where=STANDS, postgresql_where=STANDS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_routing_row_stands", table_name="routing_row")
    op.drop_table("routing_row")
