"""Groups that are kept: records, and the store that identifies them up to isomorphism.

``Catalog`` is in ``grouptool.catalog.store``, which alone loads the database layer.
"""

from .record import describe

__all__ = ["describe"]
