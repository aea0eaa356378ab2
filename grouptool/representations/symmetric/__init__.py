"""S_n and A_n from partitions alone, without a Cayley table: exact character tables and Young's exact matrices."""

import lazy_loader

# The public names stand in __init__.pyi; a module is loaded when one of its names is asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
