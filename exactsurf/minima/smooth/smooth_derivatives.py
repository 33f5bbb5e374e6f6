"""Risk, gradient and Hessian as balls, at a point or over a box around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.effort import UNBOUNDED, Effort, governing
from exactsurf.exact.balls import BITS, Ball, finite, to_arb, working_precision
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.model.loss_jet import loss_jet
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import arb, arb_mat

    from exactsurf.minima.smooth.followed_walls import Followed

_HESSIAN = "the Hessian in ball arithmetic"
_PRODUCTS = 100_000_000
"""Products of balls in a second, more than any machine makes: what takes longer in any case is not begun."""


Derivatives: TypeAlias = "Callable[[Sequence[arb], Effort], tuple[arb, list[arb], arb_mat] | None]"
"""Risk, gradient and Hessian of some coordinates at a point or on a box, as `flint_derivatives` gives them of a problem."""


@dataclass(frozen=True)
class RiskDerivatives:
    """Balls with the risk, its gradient and its Hessian, the coordinates in the order of `vector_of`.

    Over a box the balls hold the values at every point of the box.
    Exactness: the balls hold the true values. Source: theory.md, section 7.
    """

    risk: Ball
    gradient: tuple[Ball, ...]
    hessian: tuple[tuple[Ball, ...], ...]


def risk_derivatives(problem: Problem, parameters: Parameters, bits: int = BITS) -> RiskDerivatives | None:
    """Balls with risk, gradient and Hessian at a point, or None if the risk may not be C² there.

    Parameters: `parameters`, the point; `bits`, the working precision.
    Exactness: the balls hold the true values.
    Raises: `ShapeError` for parameters of another network, `UnsupportedError` for values beyond all bounds.
    Source: theory.md, section 7.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1], "tanh", biases=False), es.Data.from_arrays([1, 2], [1, 1]))
    >>> found = risk_derivatives(problem, problem.parameters(W1=[[1]]))
    >>> found.risk, found.gradient, found.hessian
    (Ball(1/2), (Ball(2),), ((Ball(5),),))
    """
    problem.check_shapes(parameters)
    with working_precision(bits):
        found = flint_derivatives(problem, [to_arb(v) for v in vector_of(parameters)], governing())
        if found is None:
            return None
        risk, gradient, hessian = found
        rows = tuple(tuple(finite(hessian[i, j]) for j in range(len(gradient))) for i in range(len(gradient)))
        known = finite(risk)
        return RiskDerivatives(known.not_negative() if problem.loss.is_squared else known, tuple(map(finite, gradient)), rows)


def _weighted(point: Sequence[arb], unit: tuple[int, ...], values: Sequence[arb]) -> arb:
    total = to_arb(Fraction(0)) if len(unit) == len(values) else point[unit[-1]]
    for position, value in zip(unit, values, strict=False):
        total = total + point[position] * value
    return total


@dataclass(frozen=True)
class Jet:
    """A value with its gradient (a column) and Hessian; None stands for 0."""

    value: arb
    gradient: arb_mat | None
    hessian: arb_mat | None


def flint_derivatives(
    problem: Problem, point: Sequence[arb], effort: Effort = UNBOUNDED, walls: Followed | None = None
) -> tuple[arb, list[arb], arb_mat] | None:
    """Risk, gradient and Hessian at a point given by FLINT balls; None where a unit may have no second derivative.

    With `walls`, what lies on one is followed from its left side, and `point` has the rises of the walls behind the parameters.
    Exactness: the balls hold the true values. Raises: `OutOfTime`. Source: the chain rule; proofs/claims/minimum_on_walls.md.
    """
    from flint import arb_mat

    size, positions = len(point), row_positions(problem.network)
    # The matrices alone may fill the memory before the clock is asked.
    products = len(problem.data) * sum(map(len, positions)) * size * size
    effort.check_ahead(Fraction(products, _PRODUCTS), _HESSIAN)
    risk, gradient, hessian = to_arb(Fraction(0)), arb_mat(size, 1), arb_mat(size, size)
    for sample, inputs in enumerate(problem.data.inputs):
        effort.check(_HESSIAN)
        jets = [Jet(to_arb(x), None, None) for x in inputs]
        for layer, units in enumerate(positions, start=1):
            below = []
            for unit in units:
                effort.check(_HESSIAN)
                below.append(_affine(point, unit, jets))
            if layer == len(positions):
                jets = below
                continue
            jets = []
            for j, z in enumerate(below):
                known = None if walls is None else walls.unit(layer, j, sample, z)
                if known is not None:
                    jets.append(known)
                    continue
                curved = problem.network.activation.jet(z.value)
                if curved is None:
                    return None
                jets.append(_composed(curved, z))
        found = loss_jet(problem, sample, [f.value for f in jets], None if walls is None else walls.of_the_loss(sample, jets))
        if found is None:
            return None
        value, slopes, curvatures = found
        risk += value
        columns = [arb_mat(size, 1) if f.gradient is None else f.gradient for f in jets]
        for f, column, slope in zip(jets, columns, slopes, strict=True):
            gradient += column * slope
            if f.hessian is not None:
                hessian += f.hessian * slope
        for (k, m), curvature in curvatures.items():
            product = columns[k] * columns[m].transpose() * curvature
            hessian += product if k == m else product + product.transpose()
    for place, rise in {} if walls is None else walls.rises_of_the_loss.items():
        gradient[place, 0] += rise
    if problem.decay is not None:
        factor = to_arb(problem.decay.factor)
        for p in penalised_positions(problem):
            risk += factor * point[p] * point[p] / 2
            gradient[p, 0] += factor * point[p]
            hessian[p, p] += factor
    return risk, [gradient[i, 0] for i in range(size)], hessian


def penalised_positions(problem: Problem) -> list[int]:
    """The coordinates that weight decay penalises, in the order of `vector_of`.

    >>> import exactsurf as es
    >>> network, data = es.Network([1, 1, 1]), es.Data.from_arrays([0], [0])
    >>> [penalised_positions(es.Problem(network, data, weight_decay=1, decay_biases=biases)) for biases in (False, True)]
    [[0, 2], [0, 1, 2, 3]]
    """
    if problem.decay is None:
        return []
    rows = zip(row_positions(problem.network), problem.network.biases, strict=True)
    kept = [(row if problem.decay.biases or not bias else row[:-1]) for layer, bias in rows for row in layer]
    return sorted(p for row in kept for p in row)


def _affine(point: Sequence[arb], unit: tuple[int, ...], jets: Sequence[Jet]) -> Jet:
    from flint import arb_mat

    size = len(point)
    gradient, hessian = arb_mat(size, 1), None
    for position, jet in zip(unit, jets, strict=False):
        gradient[position, 0] += jet.value
        if jet.gradient is None:
            continue
        gradient += jet.gradient * point[position]
        hessian = arb_mat(size, size) if hessian is None else hessian
        if jet.hessian is not None:
            hessian += jet.hessian * point[position]
        for i in range(size):
            hessian[i, position] += jet.gradient[i, 0]
            hessian[position, i] += jet.gradient[i, 0]
    if len(unit) > len(jets):
        gradient[unit[-1], 0] += 1
    return Jet(_weighted(point, unit, [jet.value for jet in jets]), gradient, hessian)


def _composed(curved: tuple[arb, arb, arb], z: Jet) -> Jet:
    value, slope, curvature = curved
    assert z.gradient is not None
    hessian = z.gradient * z.gradient.transpose() * curvature
    if z.hessian is not None:
        hessian += z.hessian * slope
    return Jet(value, z.gradient * slope, hessian)
