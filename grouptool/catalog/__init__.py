"""Groups that are kept: the shipped library, records, and the store that identifies groups up to isomorphism.

``fields`` says what is known of a group and ``facts`` computes it; ``library`` reads the shipped groups, ``store``
keeps them with those of users in a database, ``query`` and ``search`` find them, ``exchange`` and ``formats`` take them
to files and back. Only ``store`` and what it stands on load the database layer.
"""

import lazy_loader

# The public names stand in __init__.pyi; a module is loaded when one of its names is asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
