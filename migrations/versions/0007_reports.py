"""events that concern no single case: a report taken away

Going back deletes them, and with them the chain they are part of no longer verifies.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case_event") as batch:
        batch.alter_column("case_id", existing_type=sa.String(32), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM case_event WHERE case_id IS NULL")
    with op.batch_alter_table("case_event") as batch:
        batch.alter_column("case_id", existing_type=sa.String(32), nullable=False)
