"""Exact matrices over cyclotomic fields of the irreducible representations, and their proofs."""
