"""The least risk over a cone of predictions with prices for products of weights, about: Newton's method with reweighted squares.

A price is a multiple of the sum of the singular values of a matrix. It lies below a quadratic form that touches it, so that each
step is a problem of least squares over the cone. Floats: whoever asks makes exact dual vectors of what they propose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from exactsurf.effort import look
from exactsurf.model.floats.loss_functions import Jet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_STEPS = 80
_HALVINGS = 30
_SMALL = 1e-7
"""Relative fall of the risk at which steps end."""

_SLOW = 1e-3
"""Relative fall of the risk at which singular values are blurred less."""

_LEAST_CURVATURE = 1e-7
_FIRST_BLUR = 0.1
_LAST_BLUR = 1e-5
"""By how much singular values are blurred, relative to the largest one: first, and at last."""


class Block(NamedTuple):
    """Columns that share a price: their places, and the matrix (outputs × inputs) that each adds to the products of weights."""

    places: Floats
    products: Floats


class Minimum(NamedTuple):
    """Amounts of the columns, slopes of the terms, and for each block the slope of its price."""

    amounts: Floats
    slopes: Floats
    prices: list[Floats]


def minimise(
    table: Floats, free: Floats, jets: Callable[[Floats], Jet], blocks: Sequence[Block], factor: float, start: Floats
) -> Minimum:
    """About the least risk plus prices over a cone.

    Parameters: `table`, a column of term predictions for each direction; `free`, which may have amounts below 0; `jets` of the
    terms; `blocks` and the `factor` of their prices; `start`, amounts that are allowed.
    Exactness: none, proposals. Raises: `numpy.linalg.LinAlgError` where numbers leave all bounds. Source: Daubechies, DeVore,
    Fornasier and Güntürk, "Iteratively reweighted least squares", 2010; Lawson and Hanson 1974, chapter 23.

    >>> import numpy as np
    >>> square = lambda u: Jet((u - 2) ** 2 / 2, u - 2, np.ones(1))
    >>> found = minimise(np.ones((1, 1)), np.zeros(1, bool), square, [], 0.0, np.zeros(1))
    >>> found.amounts.tolist(), found.slopes.tolist()
    ([2.0], [0.0])
    """
    import numpy as np

    x, blur = start.copy(), _FIRST_BLUR
    slopes, prices = np.zeros(len(table)), [np.zeros(block.products.shape[1:]) for block in blocks]
    # A unit whose prices are all of the risk at 0 has products of about this length.
    sizes = [float(jets(table @ (0 * x)).value.sum()) / factor / (1 + len(blocks)) or 1.0 for _ in blocks]
    for _ in range(_STEPS):
        look()
        z = table @ x
        jet = jets(z)
        curvature = np.maximum(jet.curvature, _LEAST_CURVATURE * max(1e-30, float(jet.curvature.max(initial=0.0))) + 1e-12)
        root = np.sqrt(curvature)
        lengths: list[float] = []
        rows, goals, weights = [root[:, None] * table], [root * (z - jet.slope / curvature)], []
        for block, size in zip(blocks, sizes, strict=True):
            matrix = np.tensordot(x[block.places], block.products, 1)
            lengths.append(size)
            weight = _weight(matrix, blur * size)
            weights.append(weight)
            part = np.zeros((block.products[0].size, len(x)))
            part[:, block.places] = (_root(weight) @ block.products).reshape(len(block.places), -1).T * np.sqrt(factor)
            rows.append(part)
            goals.append(np.zeros(len(part)))
        goal = least_squares(np.concatenate(rows), np.concatenate(goals), free, x)
        slopes = jet.slope + curvature * (table @ goal - z)
        prices = [
            factor * (weight @ np.tensordot(goal[block.places], block.products, 1))
            for block, weight in zip(blocks, weights, strict=True)
        ]
        blurs = [blur * size for size in lengths]
        here = _value(table, jets, blocks, factor, x, blurs)
        step = goal - x
        for _ in range(_HALVINGS):
            there = _value(table, jets, blocks, factor, x + step, blurs)
            if there <= here + 1e-12 * abs(here):
                break
            step = step / 2
        x = x + step
        if here - there <= _SMALL * max(abs(here), 1e-9) and (blur <= _LAST_BLUR or not blocks):
            break
        if here - there <= _SLOW * abs(here):
            blur = max(_LAST_BLUR, blur / 4)
    return Minimum(x, slopes, prices)


def least_squares(rows: Floats, goal: Floats, free: Floats, start: Floats) -> Floats:
    """About the amounts, ≥ 0 unless `free`, for which rows·x is nearest to the goal; from amounts that are allowed.

    Exactness: none, proposals. Raises: as `minimise`. Source: Lawson and Hanson 1974, chapter 23.

    >>> import numpy as np
    >>> least_squares(np.eye(2), np.array([3.0, -2.0]), np.zeros(2, bool), np.zeros(2)).tolist()
    [3.0, 0.0]
    """
    import numpy as np

    norms = np.linalg.norm(rows, axis=0) + 1e-300
    scaled = rows / norms
    x = start * norms
    inside = free | (x > 0)
    tiny = 1e-10 * (1 + float(np.linalg.norm(goal)))
    last = -1
    for _ in range(3 * len(goal) + 60):
        while True:
            places = np.flatnonzero(inside)
            best = np.linalg.lstsq(scaled[:, places], goal, rcond=1e-13)[0]
            bad = (best <= 0) & ~free[places]
            if not bad.any():
                x = np.zeros(len(x))
                x[places] = best
                break
            here = x[places]
            shares = np.where(bad, here / np.maximum(here - best, 1e-30), 2.0)
            out = int(shares.argmin())
            x[places] = here + min(1.0, float(shares[out])) * (best - here)
            x[places[out]] = 0.0
            inside[places[out]] = False
        fall = (goal - scaled @ x) @ scaled
        fall[inside] = -1.0
        k = int(fall.argmax()) if len(fall) else 0
        if not len(fall) or not fall[k] > tiny or k == last:
            break
        last, inside[k] = k, True
    found: Floats = x / norms
    return found


def _value(
    table: Floats, jets: Callable[[Floats], Jet], blocks: Sequence[Block], factor: float, x: Floats, blurs: Sequence[float]
) -> float:
    import numpy as np

    jet = jets(table @ x)
    total = float(jet.value.sum())
    for block, blur in zip(blocks, blurs, strict=True):
        values = np.linalg.svd(np.tensordot(x[block.places], block.products, 1), compute_uv=False)
        total += factor * float(np.sqrt(values * values + blur * blur).sum())
    return total


def _weight(matrix: Floats, blur: float) -> Floats:
    """(M Mᵀ + blur²)^(−1/2)."""
    import numpy as np

    values, vectors = np.linalg.eigh(matrix @ matrix.T)
    found: Floats = (vectors / np.sqrt(np.maximum(values, 0) + blur * blur)) @ vectors.T
    return found


def _root(weight: Floats) -> Floats:
    import numpy as np

    values, vectors = np.linalg.eigh(weight)
    found: Floats = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    return found
