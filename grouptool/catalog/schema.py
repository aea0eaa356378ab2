"""The tables of a catalog that hold what cannot be computed again: groups, constructions, names; and a cache.

Public: HEAD, computed, constructions, groups, meta, names.
They change by the migrations in ``migrations/``, of which ``HEAD`` is the last. What is searched lies in ``index``: it
is derived from these tables and made anew when its definition changes.
"""

from __future__ import annotations

import sqlalchemy as sql

__all__ = ["HEAD", "TABLES", "computed", "constructions", "groups", "meta", "names"]

HEAD = "0002"

TABLES = sql.MetaData()

meta = sql.Table("meta", TABLES, sql.Column("key", sql.String, primary_key=True), sql.Column("value", sql.String))
"""schema: number of the last migration. library, index: which shipped data and which index the catalog holds."""

groups = sql.Table(
    "groups",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("group_order", sql.Integer, nullable=False, index=True),
    sql.Column("fingerprint", sql.String, nullable=False, index=True),
    sql.Column("record", sql.Text, nullable=False),  # json: generators, facts, synonyms
    sql.Column("checksum", sql.String, nullable=False),  # SHA-256 of the record
    sql.Column("label", sql.String),  # order.index; one group each
    sql.Column("shipped", sql.String),  # its key in the shipped library; null for groups of the user
    sql.Column("facts_version", sql.Integer, nullable=False, server_default="0"),
    sql.Index("ix_groups_label", "label", unique=True),
    sql.Index("ix_groups_shipped", "shipped", unique=True),
)

constructions = sql.Table(
    "constructions",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("group_id", sql.ForeignKey("groups.id"), nullable=False),
    sql.Column("spec", sql.Text, nullable=False, unique=True),
    sql.Column("note", sql.Text),
    sql.Column("added", sql.String),  # ISO 8601, UTC
)

names = sql.Table(
    "names",
    TABLES,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("group_id", sql.ForeignKey("groups.id"), nullable=False),
)

computed = sql.Table(
    "computed",
    TABLES,
    sql.Column("group_id", sql.ForeignKey("groups.id"), primary_key=True),
    sql.Column("kind", sql.String, primary_key=True),  # subgroups, characters, irreps
    sql.Column("key", sql.String, nullable=False),  # digest of the generators and of the code's version
    sql.Column("value", sql.LargeBinary, nullable=False),
    sql.Column("checksum", sql.String, nullable=False),  # SHA-256 of the value
)
