"""The shipped library in the catalog, labels, notes and dates of constructions, and computed values that are kept.

Revision: 0002. Facts keep their old form, which the version 0 says; the catalog computes them again.
"""

import json

import sqlalchemy as sql
from alembic import op

revision = "0002"
down_revision = "0001"

_groups = sql.table("groups", sql.column("id"), sql.column("record"), sql.column("label"))


def upgrade() -> None:
    """Add the columns and the table; labels come from the records."""
    op.add_column("groups", sql.Column("label", sql.String))
    op.add_column("groups", sql.Column("shipped", sql.String))
    op.add_column("groups", sql.Column("facts_version", sql.Integer, nullable=False, server_default="0"))
    op.add_column("constructions", sql.Column("note", sql.Text))
    op.add_column("constructions", sql.Column("added", sql.String))
    op.create_table(
        "computed",
        sql.Column("group_id", sql.Integer, sql.ForeignKey("groups.id"), primary_key=True),
        sql.Column("kind", sql.String, primary_key=True),
        sql.Column("key", sql.String, nullable=False),
        sql.Column("value", sql.LargeBinary, nullable=False),
        sql.Column("checksum", sql.String, nullable=False),
    )
    connection = op.get_bind()
    for number, record in connection.execute(sql.select(_groups.c.id, _groups.c.record)).all():
        label = _label(record)
        if label is not None:
            connection.execute(sql.update(_groups).where(_groups.c.id == number).values(label=label))
    op.create_index("ix_groups_label", "groups", ["label"], unique=True)
    op.create_index("ix_groups_shipped", "groups", ["shipped"], unique=True)
    op.execute("UPDATE groups SET fingerprint = substr(fingerprint, 1, 16)")  # as many digits as the library has
    op.execute("UPDATE meta SET value = '2' WHERE key = 'schema'")


def _label(record: str) -> str | None:
    """The label that a record holds; none in a damaged one, which ``catalog check`` names."""
    try:
        label = json.loads(record)["facts"]["label"]
    except (ValueError, KeyError, TypeError):
        return None
    return label if isinstance(label, str) else None
