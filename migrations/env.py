"""Alembic's environment: our engine and rules, all tables of the packages, one transaction."""

import sqlalchemy as sa
from alembic import context

# imported for the tables they register
import cases.draft_models
import cases.granted
import cases.models
import cases.parameter_desk
import cases.routing_rows
import cases.wait_models
import cases.webhook_models  # noqa: F401
import conversations.models  # noqa: F401
import foundation.health  # noqa: F401
from foundation.database import Base, UtcDateTime

# Any number, the same for all processes: who migrates first, the others wait for.
_LOCK = 7_240_513


def render_item(kind: str, item: object, _: object) -> str | bool:
    """Write our column type into revisions by its name."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "foundation.database.UtcDateTime()"
    return False


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        transactional_ddl=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations run against a database; there is no offline mode")

run(context.config.attributes["connection"])
