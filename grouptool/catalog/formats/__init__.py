"""Groups as other programs read them, and lists of groups as this one reads them back.

``texts`` writes one group for GAP, SymPy, Sage, LaTeX, the notation or as json; ``records`` writes and reads JSON
lines, ``spreadsheets`` csv, ``lists`` plain lists of specifications and GAP's text; ``tables`` and ``irreps`` keep
character tables and matrices in .npz files. Whatever is read is hostile until it is checked: sizes are bounded before
memory is taken, nothing is executed, and a refusal names the file and the line.
"""

import lazy_loader

# The public names stand in __init__.pyi; a module is loaded when one of its names is asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
