"""Sets of at most m things as rows of 64-bit words, thing 0 in the highest bit, in a hash table that grows."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["find", "grow", "has", "hash_words", "position", "put"]


@njit(cache=True, nogil=True, inline="always")
def has(row, z):
    return (row[z >> 6] >> np.uint64(63 - (z & 63))) & np.uint64(1) == np.uint64(1)


@njit(cache=True, nogil=True, inline="always")
def put(row, z):
    row[z >> 6] |= np.uint64(1) << np.uint64(63 - (z & 63))


@njit(cache=True, nogil=True)
def find(bits, slots, key, row):
    """The slot of a subgroup, or the free slot where it belongs; its number is ``slots[slot]``, -1 when free."""
    size = np.uint64(len(slots) - 1)
    place = key & size
    while slots[place] >= 0:
        other = bits[slots[place]]
        same = True
        for w in range(len(row)):
            if other[w] != row[w]:
                same = False
                break
        if same:
            return place
        place = (place + np.uint64(1)) & size
    return place


@njit(cache=True, nogil=True)
def grow(bits, keys, slots):
    larger = np.zeros((2 * len(bits), bits.shape[1]), np.uint64)
    larger[: len(bits)] = bits
    more_keys = np.zeros(2 * len(keys), np.uint64)
    more_keys[: len(keys)] = keys
    more_slots = np.full(2 * len(slots), -1, np.int64)
    size = np.uint64(len(more_slots) - 1)
    for i in range(len(keys)):
        place = keys[i] & size
        while more_slots[place] >= 0:
            place = (place + np.uint64(1)) & size
        more_slots[place] = i
    return larger, more_keys, more_slots


@njit(cache=True, nogil=True, inline="always")
def position(low):
    """Which bit of a word a single set bit is, counted from the highest."""
    shift = 63
    if low >= np.uint64(1) << np.uint64(32):
        low >>= np.uint64(32)
        shift -= 32
    if low >= np.uint64(1) << np.uint64(16):
        low >>= np.uint64(16)
        shift -= 16
    if low >= np.uint64(1) << np.uint64(8):
        low >>= np.uint64(8)
        shift -= 8
    if low >= np.uint64(1) << np.uint64(4):
        low >>= np.uint64(4)
        shift -= 4
    if low >= np.uint64(1) << np.uint64(2):
        low >>= np.uint64(2)
        shift -= 2
    return shift - 1 if low >= np.uint64(2) else shift


@njit(cache=True, nogil=True)
def hash_words(count):
    """One random number for each thing: the key of a set is their sum."""
    random = np.empty(count, np.uint64)
    for z in range(count):
        mixed = np.uint64(0x9E3779B97F4A7C15) * np.uint64(z + 1)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        random[z] = mixed ^ (mixed >> np.uint64(31))
    return random
