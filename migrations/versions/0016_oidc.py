"""accounts are linked to subjects of an identity provider; a session knows who vouched for it

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_identity",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("linked_by", sa.String(32), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_identity_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_identity")),
    )
    op.create_index(
        "uq_staff_identity_subject", "staff_identity", ["issuer", "subject"], unique=True
    )
    op.create_index(
        "uq_staff_identity_staff", "staff_identity", ["staff_id", "issuer"], unique=True
    )
    with op.batch_alter_table("staff_session") as table:
        table.add_column(sa.Column("via", sa.String(10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("staff_session") as table:
        table.drop_column("via")
    op.drop_table("staff_identity")
