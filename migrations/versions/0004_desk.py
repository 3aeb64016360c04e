"""the desk: merged cases, labels, saved filters

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

from foundation.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STANDING = sa.text("undone_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("case_record") as batch:
        batch.add_column(sa.Column("merged_into_id", sa.String(32), nullable=True))
        batch.create_foreign_key(
            op.f("fk_case_record_merged_into_id_case_record"),
            "case_record",
            ["merged_into_id"],
            ["id"],
        )
    op.create_table(
        "case_merge",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kept_id", sa.String(32), nullable=False),
        sa.Column("merged_id", sa.String(32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("merged_by", sa.String(32), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.Column("undone_by", sa.String(32), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["case_record.id"], name=op.f("fk_case_merge_kept_id_case_record")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["case_record.id"], name=op.f("fk_case_merge_merged_id_case_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_merge")),
    )
    op.create_index("ix_case_merge_kept_id", "case_merge", ["kept_id"])
    op.create_index(
        "uq_case_merge_standing",
        "case_merge",
        ["merged_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "case_label",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("label", sa.String(20), nullable=False),
        sa.Column("put_by", sa.String(32), nullable=False),
        sa.Column("put_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_label_case_id_case_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_label")),
    )
    op.create_index("uq_case_label", "case_label", ["case_id", "label"], unique=True)
    op.create_index("ix_case_label_label", "case_label", ["label"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_saved_view_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_staff_id", "saved_view", ["staff_id"])


def downgrade() -> None:
    for name in ("saved_view", "case_label", "case_merge"):
        op.drop_table(name)
    with op.batch_alter_table("case_record") as batch:
        batch.drop_constraint(op.f("fk_case_record_merged_into_id_case_record"), type_="foreignkey")
        batch.drop_column("merged_into_id")
