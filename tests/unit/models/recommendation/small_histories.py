"""Histories drawn from two tastes, with an order that items follow."""

import numpy as np
from scipy import sparse

N_ITEMS = 12


def places(n_users: int, seed: int = 0, n_items: int = N_ITEMS) -> sparse.csr_matrix:
    """Return histories of 2 to 5 items of one half of the catalogue, in random order."""
    random = np.random.default_rng(seed)
    rows = np.zeros((n_users, n_items), dtype=np.float32)
    half = n_items // 2
    for row in rows:
        n_taken = random.integers(2, 6)
        taken = random.choice(half, n_taken, replace=False) + half * random.integers(0, 2)
        row[taken] = np.arange(1, n_taken + 1)
    return sparse.csr_matrix(rows)


def matrix(values: object) -> sparse.csr_matrix:
    """Return a float32 matrix of dense values."""
    return sparse.csr_matrix(np.array(values, dtype=np.float32))
