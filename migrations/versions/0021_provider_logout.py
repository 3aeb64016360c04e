"""the identity provider can end the sessions it vouched for

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_logout",
        sa.Column("id_hash", sa.String(64), nullable=False),
        sa.Column("subject_hash", sa.String(64), nullable=True),
        sa.Column("sid_hash", sa.String(64), nullable=True),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_provider_logout")),
    )
    with op.batch_alter_table("staff_session") as table:
        table.add_column(sa.Column("subject_hash", sa.String(64), nullable=True))
        table.add_column(sa.Column("sid_hash", sa.String(64), nullable=True))
    # Nobody could tell whose these are: their owners sign in once more.
    op.execute(sa.text("DELETE FROM staff_session WHERE via = 'oidc'"))


def downgrade() -> None:
    with op.batch_alter_table("staff_session") as table:
        table.drop_column("sid_hash")
        table.drop_column("subject_hash")
    op.drop_table("provider_logout")
