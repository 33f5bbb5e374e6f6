"""What sort of local minimum a point is: strict, flat, differentiable, and how large the set of its equals is."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.rules import LocalMinimum
from exactsurf.certificate.rules.convex_cells import ConvexCells
from exactsurf.certificate.rules.paths import Paths
from exactsurf.certificate.rules.unitwise import Unitwise
from exactsurf.certificate.rules.unitwise_vectors import UnitwiseVectors
from exactsurf.certificate.verdict import Kind
from exactsurf.effort import UNBOUNDED, Effort, OutOfTime
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.local.directional import directional_derivative
from exactsurf.minima.local.first_layer_form import first_layer_form
from exactsurf.minima.local.invariance import invariance_tangents
from exactsurf.minima.local.risk_series import risk_series
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.second_order import ProvedOnFan, decide_second_order
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

_MOST_CONES = 16
_MOST_PARAMETERS = 40
"""Beyond these no further proof is tried that the minimum is strict modulo invariances."""


def kind_of(
    point: Point,
    *,
    evidence: LocalMinimum | None = None,
    modulo_invariance: int | None = None,
    effort: Effort = UNBOUNDED,
) -> Kind:
    """What is known about a point that was proved to be a local minimum.

    Parameters: `point`; `evidence`, its proof; `modulo_invariance`, the
    dimension of the invariances if the minimum was proved strict modulo these; `effort`, what may be spent.
    Exactness: exact; None where nothing was proved. Raises: nothing. Source: theory.md, sections 3 and 6.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    >>> theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    >>> kind_of(Point(problem, theta), modulo_invariance=1)
    Kind(strict=False, isolated_modulo_invariance=True, flat=False, differentiable=False, dimension=1)
    """
    size = dimension(point.problem.network)
    if point.problem.network.layers == 1 and point.problem.loss.is_squared:
        return _kind_of_least_squares(point.problem, size)
    tangents = invariance_tangents(point)
    moved = rank(tangents) if tangents else 0
    if moved == size:
        return Kind(False, True, True, True, size)
    if _is_flat(point, evidence):
        return Kind(False, None, True, True, size)
    further = isinstance(evidence, (Unitwise, UnitwiseVectors, ConvexCells)) and size <= _MOST_PARAMETERS
    if modulo_invariance is None and further:
        modulo_invariance = _strict_dimension(point, effort)
    known = Kind(differentiable=_is_differentiable(point))
    if modulo_invariance is not None:
        return replace(
            known,
            strict=modulo_invariance == 0,
            isolated_modulo_invariance=True,
            flat=False,
            dimension=modulo_invariance,
        )
    return replace(known, strict=False if moved else None, flat=_is_seen_to_move(point))


def _kind_of_least_squares(problem: Problem, size: int) -> Kind:
    """A linear model without hidden layer: its minima are an affine space, of dimension 0 where inputs have full column rank."""
    rows = [(*row, Fraction(1)) if problem.network.biases[0] else row for row in problem.data.x]
    free = size - problem.network.widths[-1] * rank(rows)
    return Kind(
        strict=free == 0, isolated_modulo_invariance=free == 0 or None, flat=free == size, differentiable=True, dimension=free
    )


def _strict_dimension(point: Point, effort: Effort) -> int | None:
    """The dimension of the invariances, if the minimum is proved strict modulo these."""
    try:
        found = decide_second_order(point, effort=replace(effort, fan=_MOST_CONES), seeks_strict=True)
    except OutOfTime:
        return None
    return found.dimension if isinstance(found, ProvedOnFan) else None


def _is_flat(point: Point, evidence: LocalMinimum | None) -> bool:
    """Whether the risk near the point is the frozen one, and that is constant: the loss is affine at every prediction."""
    if point.kink is not None:
        return False
    affine = all(function.is_affine_at(value) for row in point.problem.terms_at(point.forward.outputs) for function, value in row)
    # Where the loss is constant around every prediction, so is the risk, whatever the units do.
    silent = not any(n for low, _ in point.subdifferentials for n in low.numerators)
    return affine and (isinstance(evidence, Paths) or silent)


def _is_differentiable(point: Point) -> bool | None:
    """Whether the risk has a gradient, which is then 0; at a minimum one direction of positive slope refutes it."""
    if point.kink is None:
        # r = 0 wherever something could bend: then the risk has derivative 0 there.
        notable = {i for low, _ in point.subdifferentials for i, n in enumerate(low.numerators) if n}
        if not any(sample in notable for _, _, sample in TangentFan(point).pairs):
            return True
        form = first_layer_form(point)
        if not isinstance(form, NotProved):
            return form.is_linear
    for direction in _directions(point.problem):
        if directional_derivative(point, direction) > 0:
            return False
    return None


def _is_seen_to_move(point: Point) -> bool | None:
    """False if the risk is not constant along some direction however short; else None."""
    problem = point.problem
    if problem.network.biases[-1] and problem.loss.is_strictly_convex and problem.right_outputs is None:
        return False
    order = 2 * problem.network.layers
    for direction in _directions(problem):
        if any(risk_series(point, [direction], order)[1:]):
            return False
    return None


def _directions(problem: Problem) -> list[Parameters]:
    """A few dense and sparse directions, the same on every run."""
    rnd, size = random.Random(0), dimension(problem.network)
    full = [[Fraction(rnd.choice((-3, -2, -1, 1, 2, 3))) for _ in range(size)] for _ in range(3)]
    thin = [
        [Fraction(int(p == place)) * sign for p in range(size)]
        for place in range(size - 1, max(-1, size - 9), -1)
        for sign in (1, -1)
    ]
    return [parameters_of(problem.network, entries) for entries in (*full, *thin)]
