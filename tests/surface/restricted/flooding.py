"""Restricted risks in floats at many points, and the basins of grids of them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

import exactsurf as es


def float_risks(problem: es.RestrictedProblem, points: np.ndarray) -> np.ndarray:
    """The risks, by floats, at values of the free parameters (columns)."""
    inner, restriction = problem.unrestricted, problem.restriction
    origin = np.array([float(value) for value in restriction.origin])
    basis = np.array([[float(value) for value in row] for row in restriction.directions])
    theta = origin[:, None] + basis.T @ points
    h, place = inner.network.activation, 0
    below = np.repeat(np.array(inner.data.x, dtype=float)[:, :, None], theta.shape[1], axis=2)
    for layer, (width, above, bias) in enumerate(
        zip(inner.network.widths, inner.network.widths[1:], inner.network.biases, strict=False)
    ):
        weights = theta[place : place + width * above].reshape(above, width, -1)
        place += width * above
        z = np.einsum("jkg,nkg->njg", weights, below)
        if bias:
            z += theta[place : place + above]
            place += above
        if layer < inner.network.layers - 1:
            low = min([float(t) for t in h.breakpoints], default=0.0) - 1
            kinks = [low, *map(float, h.breakpoints), max([float(t) for t in h.breakpoints], default=0.0) + 1]
            values = [float(h(Fraction(t))) for t in kinks]
            out = np.interp(z, kinks, values)
            out += np.minimum(z - kinks[0], 0) * float(h.slopes[0]) + np.maximum(z - kinks[-1], 0) * float(h.slopes[-1])
            below = out
        else:
            below = z
    gaps = below[:, 0] - np.array(inner.data.y, dtype=float)
    u = np.abs(gaps)
    risks: np.ndarray = {
        "squared": lambda: gaps**2 / 2,
        "absolute": lambda: u,
        "huber(1/2)": lambda: np.where(u < 0.5, gaps**2 / 2, 0.5 * (u - 0.25)),
    }[repr(inner.loss).replace("'", "")]().sum(axis=0)
    return risks


def basins(risks: np.ndarray) -> list[tuple[float, float]]:
    """Lowest values and barriers of the basins of a square grid that are not shallow, by Kruskal's method."""
    steps = len(risks)
    flat = risks.ravel()
    parent, lowest, found = {}, {}, []

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    for cell in np.argsort(flat, kind="stable"):
        cell = int(cell)
        parent[cell], lowest[cell] = cell, flat[cell]
        i, j = divmod(cell, steps)
        for p in (i - 1, i, i + 1):
            for q in (j - 1, j, j + 1):
                other = p * steps + q
                if 0 <= p < steps and 0 <= q < steps and other in parent and root(other) != root(cell):
                    one, two = sorted((root(other), root(cell)), key=lowest.__getitem__)
                    found.append((lowest[two], flat[cell]))
                    parent[two] = one
    return [*((low, high) for low, high in found if high - low > 0.03), (float(flat.min()), float("inf"))]
