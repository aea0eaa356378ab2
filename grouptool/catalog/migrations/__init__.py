"""Changes of the catalog's tables, for Alembic: one file each in ``versions``, in order."""
