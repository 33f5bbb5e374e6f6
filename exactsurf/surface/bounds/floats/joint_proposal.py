"""What floats propose where output weights are joined: dual vectors of the corners whose least bound is as great as possible."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from exactsurf.effort import look
from exactsurf.model.floats.loss_functions import Jet
from exactsurf.model.floats.loss_values import LossValues
from exactsurf.surface.bounds.floats.curved_cone import minimise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_ROUNDS = 8
"""Weights of the corners that are tried."""

_NEAR = 1e-3
"""How near to each other, relative to the greatest one, the bounds of corners are at the end."""

_LEAST_WEIGHT = 1e-3


class Piece(NamedTuple):
    """A direction of the relaxed problem: two corners (perhaps one twice), what its unit has at these, and its predictions."""

    corners: tuple[int, int]
    vectors: Sequence[tuple[int, ...]]
    predictions: tuple[int, ...]


class JointProposal(NamedTuple):
    """Amounts of the pieces, and for each corner targets for the slopes of the terms.

    The slopes are about the nearest ones to the targets that hold: the targets lie beyond, so that forms of pieces with an amount
    are 0 there without doubt.
    """

    amounts: tuple[Fraction, ...]
    targets: tuple[tuple[Fraction, ...], ...]


def propose_duals(values: LossValues, pieces: Sequence[Piece], corners: int, has_bias: bool) -> JointProposal | None:
    """Dual vectors of the corners that hold about, and whose least bound is about as great as possible; None beyond doubles.

    The least bound is the minimum, over weights of the corners that add up to 1, of convex problems with a risk for each corner.
    Parameters: the `values` of the loss; `pieces`; how many `corners`; whether the outputs have a bias.
    Exactness: none, proposals. Raises: nothing. Source: proofs/claims/global_minimum.md, section 15.
    """
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            return _proposed(values, pieces, corners, has_bias)
    except (np.linalg.LinAlgError, OverflowError, ValueError):  # numbers beyond doubles, or none
        return None


def _proposed(values: LossValues, pieces: Sequence[Piece], corners: int, has_bias: bool) -> JointProposal:
    import numpy as np

    table = _table(values, pieces, corners, has_bias)
    lengths = np.sqrt((table * table).sum(axis=(1, 2))) + 1e-300
    table /= lengths[:, None, None]
    free = np.arange(len(table)) >= len(pieces)
    count = table.shape[2]
    weights, start = np.full(corners, 1 / corners), np.zeros(len(table))
    top = _least_without_units(values, table[free][: values.outputs, 0] if has_bias else table[:0, 0])
    best: tuple[float, Floats, Floats] = (-np.inf, start, np.zeros((corners, count)))
    for _ in range(_ROUNDS):
        look()
        whole = (table / weights[:, None]).reshape(len(table), corners * count).T

        def jets(u: Floats, weights: Floats = weights) -> Jet:
            own = values.jets(u.reshape(*u.shape[:-1], corners, count))
            return Jet(*((part * weights[:, None]).reshape(u.shape) for part in own))

        found = minimise(whole, free, jets, [], 0.0, start)
        start = found.amounts
        slopes = found.slopes.reshape(corners, count) / weights[:, None]
        points = (whole @ start).reshape(corners, count)
        bounds = values.jets(points).value.sum(axis=1) - (slopes * points).sum(axis=1)
        if bounds.min() > best[0]:
            best = float(bounds.min()), start, slopes
        if not np.isfinite(bounds).all() or weights @ bounds - best[0] <= _NEAR * abs(best[0]) + 1e-12:
            break
        # For squares these are the best weights for the predictions of all corners times their weights.
        weights = weights * np.sqrt(np.maximum(top - bounds, 0)) + _LEAST_WEIGHT * np.sqrt(max(top, 1e-30)) / corners
        weights /= weights.sum()
    own, slopes = best[1][: len(pieces)], best[2]
    pushed = np.tensordot(own, table[: len(pieces)], 1)
    beyond = slopes - pushed * (float(abs(slopes).max(initial=0.0)) / (float(abs(pushed).max(initial=0.0)) or 1.0))
    amounts = own / lengths[: len(pieces)]
    return JointProposal(tuple(map(_fraction, amounts)), tuple(tuple(map(_fraction, row)) for row in beyond))


def _table(values: LossValues, pieces: Sequence[Piece], corners: int, has_bias: bool) -> Floats:
    """What every piece, then every bias, adds to the terms of each corner."""
    import numpy as np

    samples, outputs = int(values.samples.max()) + 1, values.outputs
    if pieces:
        samples = len(pieces[0].predictions)
    found = np.zeros((len(pieces) + (outputs * corners if has_bias else 0), corners, samples, outputs))
    if pieces:
        places = np.array([piece.corners for piece in pieces])
        vectors = np.array([piece.vectors for piece in pieces], dtype=float)
        predictions = np.array([piece.predictions for piece in pieces], dtype=float)
        rows = np.arange(len(pieces))
        products = predictions[:, None, :, None] * vectors[:, :, None, :]
        found[rows, places[:, 0]] += products[:, 1]
        twice = places[:, 0] != places[:, 1]
        found[rows[twice], places[twice, 1]] += products[twice, 0]
    for n in range(outputs * corners if has_bias else 0):
        found[len(pieces) + n, n // outputs, :, n % outputs] = 1
    return values.term_predictions(found)


def _least_without_units(values: LossValues, biases: Floats) -> float:
    """About the least risk of predictions that are the same on all samples."""
    import numpy as np

    free = np.ones(len(biases), dtype=bool)
    found = minimise(biases.T, free, values.jets, [], 0.0, np.zeros(len(biases)))
    return float(values.jets(biases.T @ found.amounts).value.sum())


def _fraction(value: float) -> Fraction:
    return Fraction(float(value))


__all__ = ["JointProposal", "Piece", "propose_duals"]
