"""the access log reads its own indexes; alarms about unusual reading

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AUDIT = sa.text("audience = 'audit'")


def upgrade() -> None:
    for name, columns in (
        ("ix_case_event_audit", ["created_at"]),
        ("ix_case_event_reader", ["actor_id", "created_at"]),
    ):
        op.create_index(name, "case_event", columns, sqlite_where=AUDIT, postgresql_where=AUDIT)
    op.create_table(
        "browsing_alarm",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("rule", sa.String(16), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("told_to", sa.String(32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("checked_by", sa.String(32), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("finding_encrypted", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_browsing_alarm_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browsing_alarm")),
    )
    op.create_index("ix_browsing_alarm_staff_id", "browsing_alarm", ["staff_id"])
    op.create_index("ix_browsing_alarm_told_to", "browsing_alarm", ["told_to"])
    op.create_index("uq_browsing_alarm", "browsing_alarm", ["rule", "staff_id", "day"], unique=True)


def downgrade() -> None:
    op.drop_table("browsing_alarm")
    for name in ("ix_case_event_reader", "ix_case_event_audit"):
        op.drop_index(name, "case_event")
