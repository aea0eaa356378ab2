"""The Fourier transform on a finite group: direct, fast, isotypic projections, triple correlation and bispectrum."""

import lazy_loader

# The public names stand in __init__.pyi; a module is loaded when one of its names is asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
