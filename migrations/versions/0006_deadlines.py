"""the earliest deadline of a case, and indexes for cases of one household

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RUNNING = sa.text("closed_at IS NULL AND paused_since IS NULL")


def upgrade() -> None:
    op.add_column("case_record", sa.Column("next_due_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE case_record SET next_due_at = due_at")
    with op.batch_alter_table("case_record") as batch:
        batch.alter_column("next_due_at", existing_type=UtcDateTime(), nullable=False)
    op.create_index(
        "ix_case_next_due",
        "case_record",
        ["next_due_at"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index("ix_case_record_duplicate_of_id", "case_record", ["duplicate_of_id"])
    op.create_index("ix_case_record_merged_into_id", "case_record", ["merged_into_id"])


def downgrade() -> None:
    for name in (
        "ix_case_record_merged_into_id",
        "ix_case_record_duplicate_of_id",
        "ix_case_next_due",
    ):
        op.drop_index(name, "case_record")
    with op.batch_alter_table("case_record") as batch:
        batch.drop_column("next_due_at")
