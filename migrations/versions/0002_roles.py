"""nine roles take the place of three

`clerk` becomes the role of its department, `supervisor` the county reviewer, `viewer` the auditor.
Going back loses the difference.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("staff", "api_token")
BY_DEPARTMENT = {
    "xiangzhen": "township_clerk",
    "minzheng": "county_reviewer",
    "duty": "duty_officer",
}
BACK = {
    "county_reviewer": "supervisor",
    "inspector": "supervisor",
    "township_clerk": "clerk",
    "department_officer": "clerk",
    "duty_officer": "clerk",
}


def upgrade() -> None:
    for name in TABLES:
        with op.batch_alter_table(name) as batch:
            batch.alter_column("role", existing_type=sa.String(12), type_=sa.String(24))
        rows = sa.table(name, sa.column("role"), sa.column("department"))
        role = sa.case(
            (rows.c.role == "supervisor", "county_reviewer"),
            (rows.c.role == "viewer", "auditor"),
            *((rows.c.department == code, new) for code, new in BY_DEPARTMENT.items()),
            else_="department_officer",
        )
        op.execute(
            rows.update()
            .where(rows.c.role.in_(["clerk", "supervisor", "viewer"]))
            .values(role=role)
        )


def downgrade() -> None:
    for name in TABLES:
        rows = sa.table(name, sa.column("role"))
        old = sa.case(*((rows.c.role == new, old) for new, old in BACK.items()), else_="viewer")
        op.execute(rows.update().values(role=old))
        with op.batch_alter_table(name) as batch:
            batch.alter_column("role", existing_type=sa.String(24), type_=sa.String(12))
