"""D1 and D3 say who delivers by when and what the county decided; first aid has papers due

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disposition", sa.Column("terms", sa.JSON(), nullable=True))
    op.add_column("case_record", sa.Column("aid_papers_due", sa.Date(), nullable=True))
    op.add_column("case_record", sa.Column("aid_papers_chased_at", UtcDateTime(), nullable=True))
    some = sa.text("aid_papers_due IS NOT NULL")
    op.create_index(
        "ix_case_aid_papers", "case_record", ["aid_papers_due"], sqlite_where=some,
        postgresql_where=some,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_case_aid_papers", table_name="case_record")
    op.drop_column("case_record", "aid_papers_chased_at")
    op.drop_column("case_record", "aid_papers_due")
    op.drop_column("disposition", "terms")
