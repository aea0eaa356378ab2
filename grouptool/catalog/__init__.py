"""Groups that are kept: records, the shipped library, and the store that identifies groups up to isomorphism.

``describe`` is in ``record``, ``small_group`` in ``library``, ``Catalog`` in ``store``, and the language of searches in
``query``. Only ``store``, ``index`` and ``search`` load the database layer.
"""
