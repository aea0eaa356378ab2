"""Exact characters, and irreducible representations as checked matrices.

Two families of names: nouns make matrices (``restriction``, ``induction``, ``inflation`` take a ``Representation``),
verbs make characters (``restrict``, ``induce``, ``inflate`` take a ``ClassFunction``).
"""

import lazy_loader

# The public names stand in __init__.pyi; a module is loaded when one of its names is asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
