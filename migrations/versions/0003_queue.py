"""the queue: its order and indexes, pauses of the clock, alerts and reminders passed on by name

A case that waits for papers has its clock stopped from the same instant. Order and start of the
present limit begin as the deadline and the acceptance; the next event of a case puts it right.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = "closed_at IS NULL"
PARTIAL = {
    "ix_case_queue": ("case_record", ["queue_at", "id"], OPEN),
    "ix_case_done": ("case_record", ["closed_at", "id"], "closed_at IS NOT NULL"),
    "ix_case_emergency": ("case_record", ["queue_at"], f"{OPEN} AND urgency = 'emergency'"),
    "ix_case_waiting": ("case_record", ["queue_at"], f"{OPEN} AND waiting_since IS NOT NULL"),
    "ix_case_publicity": ("case_record", ["publicity_until"], "publicity_until IS NOT NULL"),
    "ix_lead_pending": ("lead", ["area_code", "department", "case_id"], "state = 'pending'"),
}


def upgrade() -> None:
    op.add_column("case_notice", sa.Column("staff_id", sa.String(32), nullable=True))
    op.create_index("ix_case_notice_staff_id", "case_notice", ["staff_id"])

    op.add_column("case_record", sa.Column("due_from", UtcDateTime(), nullable=True))
    op.add_column("case_record", sa.Column("queue_at", UtcDateTime(), nullable=True))
    op.add_column("case_record", sa.Column("paused_since", UtcDateTime(), nullable=True))
    op.add_column("case_record", sa.Column("publicity_until", sa.Date(), nullable=True))
    op.execute(
        "UPDATE case_record SET due_from = created_at, "
        "paused_since = waiting_since, queue_at = due_at"
    )
    op.execute("UPDATE case_record SET closed_at = updated_at "
               "WHERE closed_at IS NULL AND state IN ('closed', 'ended')")  # fmt: skip
    op.drop_index("ix_case_record_state", "case_record")
    with op.batch_alter_table("case_record") as batch:
        batch.alter_column("due_from", existing_type=UtcDateTime(), nullable=False)
        batch.alter_column("queue_at", existing_type=UtcDateTime(), nullable=False)
    op.create_index("ix_case_state_queue", "case_record", ["state", "queue_at"])

    op.add_column("duty_alert", sa.Column("step", sa.Integer(), nullable=True))
    op.add_column("duty_alert", sa.Column("passed_to", sa.String(32), nullable=True))
    op.add_column("duty_alert", sa.Column("passed_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE duty_alert SET step = 0")
    with op.batch_alter_table("duty_alert") as batch:
        batch.alter_column("step", existing_type=sa.Integer(), nullable=False)

    op.add_column("lead", sa.Column("due_from", UtcDateTime(), nullable=True))
    op.add_column("lead", sa.Column("reminded_share", sa.Integer(), nullable=True))
    op.add_column("lead", sa.Column("remind_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE lead SET due_from = COALESCE(accepted_at, created_at), reminded_share = 0")
    op.drop_index("ix_lead_scope", "lead")
    with op.batch_alter_table("lead") as batch:
        batch.alter_column("due_from", existing_type=UtcDateTime(), nullable=False)
        batch.alter_column("reminded_share", existing_type=sa.Integer(), nullable=False)
    op.create_index("ix_lead_scope", "lead", ["area_code", "department", "state", "case_id"])
    op.create_index("ix_lead_remind_at", "lead", ["remind_at"])

    for name, (table, columns, where) in PARTIAL.items():
        clause = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=clause, postgresql_where=clause)


def downgrade() -> None:
    for name, (table, _, _) in PARTIAL.items():
        op.drop_index(name, table)
    op.drop_index("ix_lead_remind_at", "lead")
    op.drop_index("ix_lead_scope", "lead")
    op.create_index("ix_lead_scope", "lead", ["area_code", "department", "state"])
    with op.batch_alter_table("lead") as batch:
        for column in ("remind_at", "reminded_share", "due_from"):
            batch.drop_column(column)
    with op.batch_alter_table("duty_alert") as batch:
        for column in ("passed_at", "passed_to", "step"):
            batch.drop_column(column)
    op.drop_index("ix_case_state_queue", "case_record")
    op.create_index("ix_case_record_state", "case_record", ["state"])
    with op.batch_alter_table("case_record") as batch:
        for column in ("publicity_until", "paused_since", "queue_at", "due_from"):
            batch.drop_column(column)
    op.drop_index("ix_case_notice_staff_id", "case_notice")
    op.drop_column("case_notice", "staff_id")
