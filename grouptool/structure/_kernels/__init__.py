"""Compiled kernels of this room: orbits and searches on a Cayley table that arrays cannot say, one idea a file.

Each has a plain twin in the module that calls it; the tests compare the two. Tables are C-ordered, so a product with
a fixed left factor walks one row, which stays in cache; products with a fixed right factor go through inverses.
"""
