"""The loss of a sample on FLINT balls of its predictions: its value, and two derivatives where it has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.exact.balls import to_arb
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.model.smooth_expression import jet_of

if TYPE_CHECKING:
    from flint import arb

    from exactsurf.model.problem import Problem

LossJet: TypeAlias = "tuple[arb, list[arb], dict[tuple[int, int], arb]]"
"""The value, the derivatives by the predictions, and the second derivatives (k, m), k ≤ m, that are not 0."""


def loss_jet(problem: Problem, sample: int, outputs: Sequence[arb], pieces: Mapping[int, int] | None = None) -> LossJet | None:
    """What a sample adds to the risk on balls of its predictions, with two derivatives; None where it may not have them.

    Parameters: `problem`, whose weight decay plays no part; `sample`; `outputs`, one FLINT ball per output; `pieces`, by terms of
    a loss by pieces, the piece whose polynomial is to stand for it. Exactness: the balls hold the values at all predictions in
    the balls. Raises: nothing. Source: the chain rule; proofs/FORMAT.md, section 23.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2]), es.Data.from_arrays([0], [1]), "cross_entropy")
    >>> value, slopes, curvatures = loss_jet(problem, 0, [to_arb(Fraction(0)), to_arb(Fraction(0))])
    >>> [str(slope) for slope in slopes], sorted(curvatures)
    (['0.500000000000000', '-0.500000000000000'], [(0, 0), (0, 1), (1, 1)])
    """
    base = problem.without_decay
    loss, share, targets = base.loss, base.shares[sample], base.data.y[sample]
    if loss.is_of_classes:
        return _softmax(loss.scale * share, targets, outputs)
    total = to_arb(Fraction(0))
    slopes, curvatures = [total] * len(outputs), dict[tuple[int, int], "arb"]()
    for k in range(len(outputs)):
        parts = base.term_outputs(sample, k)
        if not parts:
            continue
        g = outputs[k] if len(parts) == 1 else outputs[k] - outputs[parts[1][0]]
        if loss.is_piecewise_quadratic:
            s, u = gap_of_term(base, sample, k, g)
            found, factor = _on_pieces(loss.function, s, u, (pieces or {}).get(k)), to_arb(loss.scale * share)
        else:
            found, factor = jet_of(loss.of_target(targets[k]), g), to_arb(share)
        if found is None:
            return None
        value, slope, curvature = (factor * part for part in found)
        total += value
        for a, sign in parts:
            slopes[a] = slopes[a] + sign * slope
            for b, other in parts:
                if a <= b:
                    curvatures[a, b] = curvatures.get((a, b), 0 * value) + sign * other * curvature
    return total, slopes, curvatures


def loss_on(problem: Problem, sample: int, outputs: Sequence[arb]) -> arb | None:
    """What a sample adds to the risk on balls of its predictions; None where it may have no value.

    Parameters: as of `loss_jet`; a loss by pieces has values at its breakpoints too. Exactness: the ball holds the values.
    Raises: nothing. Source: the definition.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0], [0]), "absolute")
    >>> str(loss_on(problem, 0, [to_arb(Fraction(0))])), loss_jet(problem, 0, [to_arb(Fraction(0))])
    ('0', None)
    """
    base = problem.without_decay
    if not base.loss.is_piecewise_quadratic:
        found = loss_jet(problem, sample, outputs)
        return None if found is None else found[0]
    total = to_arb(Fraction(0))
    for k in range(len(outputs)):
        parts = base.term_outputs(sample, k)
        if parts:
            g = outputs[k] if len(parts) == 1 else outputs[k] - outputs[parts[1][0]]
            u, function = gap_of_term(base, sample, k, g)[1], base.loss.function
            first, last = _touched(function, u)
            values = [_quadratic(function, piece, u) for piece in range(first, last + 1)]
            total += to_arb(base.loss.scale * base.shares[sample]) * _hull(values)
    return total


def gap_of_term(base: Problem, sample: int, term: int, g: arb) -> tuple[int, arb]:
    """How the gap of a term grows with g, ±1, and the gap: sharper than the loss as a function of g.

    Parameters: `base`, a problem with a loss by pieces and without weight decay. Exactness: the ball holds the gap.
    Raises: nothing. Source: proofs/FORMAT.md, section 14.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [-1, 1]), "hinge")
    >>> [(s, str(u)) for s, u in (gap_of_term(problem, i, 0, to_arb(Fraction(3))) for i in range(2))]
    [(-1, '-3.00000000000000'), (1, '3.00000000000000')]
    """
    slope, shift = base.loss.gap_line(base.data.y[sample][term] if base.right_outputs is None else Fraction(-1))
    return int(slope), (g if slope > 0 else -g) + to_arb(shift)


def _softmax(scale: Fraction, targets: Sequence[Fraction], f: Sequence[arb]) -> LossJet:
    """scale · (log Σ e^{f_k} − Σ y_k f_k), with Σ y_k = 1: the gradient is p − y, the Hessian diag(p) − p pᵀ."""
    factor, y = to_arb(scale), [to_arb(value) for value in targets]
    powers = [[(other - own).exp() if k != m else 1 + 0 * own.mid() for m, other in enumerate(f)] for k, own in enumerate(f)]
    p = [1 / sum(row[1:], row[0]) for row in powers]
    norm = sum(powers[0][1:], powers[0][0])
    linear = sum((b * (own - f[0]) for b, own in zip(y[1:], f[1:], strict=True)), 0 * y[0])
    slopes = [factor * (a - b) for a, b in zip(p, y, strict=True)]
    curvatures = {(k, m): -factor * a * p[m] for k, a in enumerate(p) for m in range(k + 1, len(p))}
    curvatures |= {(k, k): factor * a * (1 - a) for k, a in enumerate(p)}
    return factor * (norm.log() - linear), slopes, curvatures


def _on_pieces(function: ConvexPieces, sign: int, u: arb, piece: int | None) -> tuple[arb, arb, arb] | None:
    first, last = _touched(function, u) if piece is None else (piece, piece)
    a, b, _ = function.pieces[first]
    if any(function.pieces[m][:2] != (a, b) for m in range(first + 1, last + 1)):
        return None
    values = [_quadratic(function, m, u) for m in range(first, last + 1)]
    return _hull(values), sign * (2 * to_arb(a) * u + to_arb(b)), to_arb(2 * a)


def _quadratic(function: ConvexPieces, piece: int, u: arb) -> arb:
    a, b, c = function.pieces[piece]
    return to_arb(a) * u * u + to_arb(b) * u + to_arb(c)


def _hull(values: Sequence[arb]) -> arb:
    found = values[0]
    for value in values[1:]:
        found = found.union(value)
    return found


def _touched(function: ConvexPieces, u: arb) -> tuple[int, int]:
    """The first and the last piece whose closure a ball may meet."""
    points = [to_arb(t) for t in function.breakpoints]
    return sum(bool(u > t) for t in points), sum(not u < t for t in points)
