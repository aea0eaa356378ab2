"""The colours of all pictures.

Public: COLOURS, INK.
"""

__all__ = ["COLOURS", "INK"]

COLOURS = ("#1f6f8b", "#c8553d", "#588157", "#7b5ea7", "#b8860b", "#4a4e69", "#2a9d8f", "#8d5524")
INK = "#22223b"
"""Of text: the page's own."""
