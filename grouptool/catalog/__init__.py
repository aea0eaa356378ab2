"""Groups that are kept: records, the shipped library, and the store that identifies groups up to isomorphism.

``describe`` is in ``record``, ``small_group`` in ``library``, ``Catalog`` in ``store``, which alone loads the database
layer.
"""
