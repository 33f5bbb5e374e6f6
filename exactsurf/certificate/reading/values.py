"""Numbers, vectors, matrices and parameters from the JSON values of a certificate: the inverse of `problem_document`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact
from exactsurf.model.parameters import Parameters


def vector_of(texts: Sequence[str]) -> Vector:
    """A vector from the texts of its numbers."""
    return tuple(map(exact, texts))


def matrix_of(rows: Sequence[Sequence[str]]) -> Matrix:
    """A matrix from its rows of texts."""
    return tuple(map(vector_of, rows))


def parameters_of(named: Mapping[str, Any]) -> Parameters:
    """Parameters from ``{"W1": [[…]], "b1": […], …}``.

    Parameters: `named`, of an accepted certificate: the shapes are not compared with any network. Exactness: exact.
    Raises: errors of `exact`. Source: proofs/FORMAT.md, section 2.

    >>> parameters_of({"W1": [["1/2"]], "b1": ["-1"]})
    Parameters(W1=[['1/2']], b1=[-1])
    """
    layers = range(1, sum(name.startswith("W") for name in named) + 1)
    biases = (named.get(f"b{layer}") for layer in layers)
    return Parameters(
        tuple(matrix_of(named[f"W{layer}"]) for layer in layers),
        tuple(None if bias is None else vector_of(bias) for bias in biases),
    )
