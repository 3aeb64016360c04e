"""the second factor, what a session is known by, passwords given by somebody else

Sessions are dropped, since nothing is known of their devices: everybody signs in again.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.add_column(
            sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("staff") as batch:
        batch.alter_column("must_change", server_default=None)
    op.execute("DELETE FROM staff_session")
    with op.batch_alter_table("staff_session") as batch:
        batch.add_column(sa.Column("id", sa.String(32), nullable=False))
        batch.add_column(sa.Column("stage", sa.String(10), nullable=False))
        batch.add_column(sa.Column("device", sa.String(60), nullable=False))
        batch.add_column(sa.Column("address", sa.String(40), nullable=False))
        batch.create_unique_constraint(op.f("uq_staff_session_id"), ["id"])
    op.create_table(
        "staff_totp",
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("secret_encrypted", sa.Text(), nullable=True),
        sa.Column("pending_encrypted", sa.Text(), nullable=True),
        sa.Column("pending_at", UtcDateTime(), nullable=True),
        sa.Column("pending_in", sa.String(32), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_totp_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_totp")),
    )
    op.create_table(
        "staff_recovery_code",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_recovery_code_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_recovery_code")),
    )
    op.create_index("ix_staff_recovery_code_staff_id", "staff_recovery_code", ["staff_id"])


def downgrade() -> None:
    for name in ("staff_recovery_code", "staff_totp"):
        op.drop_table(name)
    op.execute("DELETE FROM staff_session")
    with op.batch_alter_table("staff_session") as batch:
        batch.drop_constraint(op.f("uq_staff_session_id"), type_="unique")
        for name in ("id", "stage", "device", "address"):
            batch.drop_column(name)
    with op.batch_alter_table("staff") as batch:
        batch.drop_column("must_change")
