"""an open queue asks cheaply whether anything moved; 将超时 is read by its own index

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

RUNNING = sa.text("closed_at IS NULL AND paused_since IS NULL")


def upgrade() -> None:
    op.add_column("event_chain", sa.Column("moved_seq", sa.Integer(), nullable=True))
    op.execute("UPDATE event_chain SET moved_seq = seq")
    with op.batch_alter_table("event_chain") as table:
        table.alter_column("moved_seq", existing_type=sa.Integer(), nullable=False)
    _index("next_due_at", "id")


def downgrade() -> None:
    _index("next_due_at")
    with op.batch_alter_table("event_chain") as table:
        table.drop_column("moved_seq")


def _index(*columns: str) -> None:
    op.drop_index("ix_case_next_due", table_name="case_record")
    op.create_index(
        "ix_case_next_due",
        "case_record",
        columns,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
