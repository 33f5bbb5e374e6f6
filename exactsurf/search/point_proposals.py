"""Points worth asking a claim about: small integer weights, points without output weights, local minima, planted critical points.

Nothing is claimed about them here; the claim decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, islice
from random import Random

from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.errors import ExactsurfError
from exactsurf.exact.linear_algebra import Vector, kernel
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.surface.surface import landscape
from exactsurf.surface.workload import workload

_INTEGER_POINTS, _FLAT_POINTS, _LANDSCAPE_ORBITS = 12, 12, 300


def propose_points(problem: Problem, random: Random) -> Iterator[Parameters]:
    """Some points of a problem, simple ones first.

    Parameters: `random` chooses. Exactness: the points are exact; which ones come is a heuristic. Raises: nothing.
    Source: none.
    """
    network, size = problem.network, dimension(problem.network)
    yield parameters_of(network, [Fraction(0)] * size)
    yield from _without_output_weights(problem, random)
    yield from _local_minima(problem)
    for reach in (1, 2):
        for _ in range(_INTEGER_POINTS // 2):
            yield _integer_point(network, random, reach)


def _integer_point(network: Network, random: Random, reach: int) -> Parameters:
    return parameters_of(network, [Fraction(random.randint(-reach, reach)) for _ in range(dimension(network))])


def _without_output_weights(problem: Problem, random: Random) -> Iterator[Parameters]:
    """Points where the network is constant: at 0, or if there is an output bias at some target."""
    network, last = problem.network, problem.network.layers
    for _ in range(_FLAT_POINTS):
        point = _integer_point(network, random, 3)
        weights = (*point.weights[:-1], tuple((Fraction(0),) * network.widths[-2] for _ in range(network.widths[-1])))
        bias = random.choice(problem.data.y) if network.biases[last - 1] else None
        yield Parameters(weights, (*point.biases[:-1], bias))


def _local_minima(problem: Problem) -> Iterator[Parameters]:
    """All local minima, where the landscape is small."""
    try:
        if workload(problem).orbits.count > _LANDSCAPE_ORBITS:
            return
        found = landscape(problem, workers=1)
        points = [valley.parameters for valley in found.valleys]
        points += [minimum.parameters for minimum in found.local_minima]
    except ExactsurfError:
        return
    yield from dict.fromkeys(point for point in points if point is not None)


def planted_problem(
    network: Network, inputs: Sequence[Sequence[Fraction]], random: Random, reach: int
) -> tuple[Problem, Parameters] | None:
    """Targets for which an integer point is critical for the squared loss, and the point.

    The gradient at a point of an open cell is linear in the residuals; some of those for which it is 0 are subtracted from the
    predictions. Parameters: `reach`, the largest absolute value of weights. Returns: None if the point lies on a wall or only
    the residual 0 is left. Exactness: the gradient is exactly 0. Raises: nothing. Source: the chain rule.

    >>> import exactsurf as es
    >>> network, random = es.Network([1, 1, 1], es.linear, biases=False), Random(1)
    >>> found = [planted_problem(network, [[Fraction(1)], [Fraction(2)]], random, 2) for _ in range(9)]
    >>> problem, point = next(pair for pair in found if pair is not None)
    >>> selected_gradient(Point(problem, point))
    Parameters(W1=[[0]], W2=[[0]])
    """
    point = _integer_point(network, random, reach)
    outputs, samples = network.widths[-1], len(inputs)
    blank = Problem(network, Data.from_arrays(inputs, [[0] * outputs] * samples))
    predictions = blank.predictions(point)
    if not activation_pattern(blank, point).is_interior:
        return None
    columns = []
    for place in range(samples * outputs):
        targets = [list(row) for row in predictions]
        targets[place // outputs][place % outputs] -= 1
        shifted = Problem(network, Data.from_arrays(inputs, targets))
        columns.append(vector_of(selected_gradient(Point(shifted, point))))
    basis = kernel(list(zip(*columns, strict=True)))
    residual = _combination(basis, random, reach, samples * outputs)
    if not any(residual):
        return None
    targets = [[f - residual[i * outputs + k] for k, f in enumerate(row)] for i, row in enumerate(predictions)]
    return Problem(network, Data.from_arrays(inputs, targets)), point


def _combination(basis: Sequence[Vector], random: Random, reach: int, size: int) -> Vector:
    """A small integer combination of integer multiples of basis vectors, few of them more often."""
    from math import lcm

    total = [Fraction(0)] * size
    for vector in basis:
        factor = random.choice((0, random.randint(-reach, reach)))
        scale = lcm(*(value.denominator for value in vector))
        total = [a + factor * scale * b for a, b in zip(total, vector, strict=True)]
    return tuple(total)


def first_points(problem: Problem, random: Random, known: Sequence[Parameters], count: int) -> Iterator[Parameters]:
    """At most `count` points, each once: those already known first."""
    seen: set[Parameters] = set()
    for point in islice(chain(known, propose_points(problem, random)), count):
        if point not in seen:
            seen.add(point)
            yield point
