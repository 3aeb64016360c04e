"""a web reply is delivered where it lies: none waits in the outbox

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What the last half second before an upgrade left open, nobody would take up any more.
    op.execute(
        sa.text(
            "UPDATE outbox SET state = 'done', lease_id = NULL"
            " WHERE channel = 'web' AND state IN ('new', 'retry')"
        )
    )


def downgrade() -> None:
    """Nothing to take back: delivered stays delivered."""
