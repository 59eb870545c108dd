"""Exact Shapley values of an ensemble of trees, path by path.

A leaf of value v whose conditions pass with the shares z and hold (o = 1) or not (o = 0) in a row
is a game in which the coalition S earns ``v * prod(o in S) * prod(z outside S)``: path-dependent
TreeSHAP (Lundberg et al., "From local explanations to global understanding with explainable AI for
trees", 2020). By Owen's multilinear extension (1972) the player j is due

    v * (o_j - z_j) * integral over t in [0, 1] of prod over i != j of (z_i + t (o_i - z_i)),

and as the integrand is a polynomial of a degree below the number of conditions, Gauss-Legendre
quadrature with half as many nodes gives the integral without error.
"""

import functools
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlops_platform.explanations.tree_paths import TreePaths

# Below any share that float32 can tell from 0, and above what would divide to infinity.
_SMALLEST: Final = np.float32(1e-30)


@dataclass(frozen=True, eq=False)
class TreeShap:
    """Explains single rows.

    Parameters
    ----------
    paths
        The ensemble.
    n_features
        How many inputs a row has.

    Attributes
    ----------
    expected : float
        The ensemble's mean over its training rows, from where contributions count.
    """

    paths: TreePaths
    n_features: int
    expected: float = field(init=False)
    _index: NDArray[np.intp] = field(init=False, repr=False)
    _nodes: list["_Node"] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        paths = self.paths
        depth = len(paths.feature)
        points, weights = np.polynomial.legendre.leggauss((depth + 1) // 2)
        share = np.maximum(paths.share, _SMALLEST)
        mean = paths.value.astype(np.float64) @ paths.share.prod(axis=0, dtype=np.float64)
        nodes = [
            _Node.at((point + 1.0) / 2.0, weight / 2.0, paths.value, share)
            for point, weight in zip(points, weights, strict=True)
        ]
        # Frozen: set once, here.
        object.__setattr__(self, "expected", float(mean + paths.offset))
        object.__setattr__(self, "_index", paths.feature.astype(np.intp))
        object.__setattr__(self, "_nodes", nodes)

    def contributions(self, row: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return what each input of a row adds to `expected`, of shape (n_features,).

        Together with it they are the ensemble's answer to the row.
        """
        paths = self.paths
        values = row[self._index]
        holds = (values >= paths.lower) & (values < paths.upper)
        missing = np.isnan(values)
        holds |= missing & paths.takes_missing
        due = functools.reduce(np.add, (node.integrand(holds) for node in self._nodes))
        due *= holds - paths.share
        summed: NDArray[np.float64] = np.bincount(
            self._index.ravel(), weights=due.ravel(), minlength=self.n_features
        ).astype(np.float64)
        return summed


@dataclass(frozen=True, eq=False)
class _Node:
    """One node of the quadrature: its weight times the leaves' values, and each factor."""

    weighted: NDArray[np.float32]
    where_held: NDArray[np.float32]
    where_not: NDArray[np.float32]

    @classmethod
    def at(
        cls, t: float, weight: float, value: NDArray[np.float32], share: NDArray[np.float32]
    ) -> "_Node":
        return cls(
            weighted=np.float32(weight) * value,
            where_held=share + np.float32(t) * (1 - share),
            where_not=share * np.float32(1.0 - t),
        )

    def integrand(self, holds: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return value times weight times the product over all other conditions."""
        factors = np.where(holds, self.where_held, self.where_not)
        product: NDArray[np.float32] = self.weighted * factors.prod(axis=0) / factors
        return product
