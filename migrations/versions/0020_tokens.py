"""a service token knows who made it, who ended it and when it was last used

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_token") as table:
        table.add_column(sa.Column("created_by", sa.String(32), nullable=True))
        table.add_column(sa.Column("last_used_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("revoked_by", sa.String(32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("api_token") as table:
        for name in ("revoked_by", "last_used_at", "created_by"):
            table.drop_column(name)
