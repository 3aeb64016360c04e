"""what webhooks still owe is measured by indexes of its own

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OPEN, DEAD = sa.text("state IN ('new', 'retry')"), sa.text("state = 'dead'")


def upgrade() -> None:
    op.create_index(
        "ix_webhook_delivery_open", "webhook_delivery", ["created_at"],
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip
    op.create_index(
        "ix_webhook_delivery_dead", "webhook_delivery", ["webhook_id"],
        sqlite_where=DEAD, postgresql_where=DEAD,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_webhook_delivery_dead", "webhook_delivery")
    op.drop_index("ix_webhook_delivery_open", "webhook_delivery")
