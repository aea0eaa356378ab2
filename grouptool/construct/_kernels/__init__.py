"""Compiled kernels of this room, one file an idea; the plain twins are ``coset_plain`` and ``permutations``."""
