"""Representations on spaces: constructions, commuting maps, decompositions, Clebsch-Gordan coefficients."""
