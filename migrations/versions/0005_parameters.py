"""published parameters: drafts with a second pair of eyes

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parameter_draft",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("population", sa.String(10), nullable=False),
        sa.Column("value", sa.String(20), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("clause", sa.String(200), nullable=False),
        sa.Column("grade", sa.String(1), nullable=False),
        sa.Column("checked_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("drafted_by", sa.String(32), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(32), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("taken_back_by", sa.String(32), nullable=True),
        sa.Column("taken_back_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter_draft")),
    )
    op.create_index(op.f("ix_parameter_draft_region_code"), "parameter_draft", ["region_code"])
    op.create_index(op.f("ix_parameter_draft_state"), "parameter_draft", ["state"])


def downgrade() -> None:
    op.drop_table("parameter_draft")
