"""Groups, constructions and names: the catalog as it was first stored.

Revision: 0001.
"""

import sqlalchemy as sql
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table("meta", sql.Column("key", sql.String, primary_key=True), sql.Column("value", sql.String))
    op.create_table(
        "groups",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("group_order", sql.Integer, nullable=False, index=True),
        sql.Column("fingerprint", sql.String, nullable=False, index=True),
        sql.Column("record", sql.Text, nullable=False),
        sql.Column("checksum", sql.String, nullable=False),
    )
    op.create_table(
        "constructions",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("group_id", sql.Integer, sql.ForeignKey("groups.id"), nullable=False),
        sql.Column("spec", sql.Text, nullable=False, unique=True),
    )
    op.create_table(
        "names",
        sql.Column("name", sql.String, primary_key=True),
        sql.Column("group_id", sql.Integer, sql.ForeignKey("groups.id"), nullable=False),
    )
    op.execute("INSERT INTO meta (key, value) VALUES ('schema', '1')")
