"""Affine vector fields on parameter space along which the risk does not change near a point."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.linear_algebra import Matrix, Vector, identity, kernel
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.model.point import Point

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Flow:
    """The vector field θ ↦ Σ factor · θ[source] · e_target + shift. Exactness: exact. Source: proofs/FORMAT.md, section 44."""

    terms: tuple[tuple[int, int, Fraction], ...]
    shift: tuple[tuple[int, Fraction], ...]
    size: int

    @property
    def places(self) -> frozenset[int]:
        """The places of the entries that it may move."""
        return frozenset({target for target, _, _ in self.terms} | {target for target, value in self.shift if value})

    def at(self, vector: Vector, *, shift: bool) -> Vector:
        """Its value at `vector`; without `shift` that of its linear part."""
        entries = [_ZERO] * self.size
        for target, source, factor in self.terms:
            entries[target] += factor * vector[source]
        for target, value in self.shift if shift else ():
            entries[target] += value
        return tuple(entries)


def flows(point: Point, has_common: bool = False) -> list[Flow]:
    """Vector fields along whose sums the risk does not change near a point.

    Mixtures: unit k of a hidden layer is added to unit j below, and taken off above; all j, k for linear activations, j = k for
    those that are linear on both sides of 0. Shifts: a bias, and what makes up for it above. Moves of weights that nothing reads.
    Parameters: `point`, of a piecewise linear network; `has_common`, whether only differences of outputs matter, as they do for
    the hinge loss of several classes. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 44.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [1]))
    >>> point = Point(problem, problem.parameters(W1=[[2]], W2=[[3]]))
    >>> [flow.at((Fraction(2), Fraction(3)), shift=True) for flow in flows(point)]
    [(Fraction(2, 1), Fraction(-3, 1))]
    """
    network = point.problem.network
    h, rows, size = network.activation, row_positions(network), dimension(network)
    found: list[Flow] = []
    for layer, units in enumerate(rows[:-1]):
        above = rows[layer + 1]
        if h.value_at_0 == 0 and h.breakpoints in ((), (_ZERO,)):
            found += [
                _mixture(units[j], units[k], [(row[k], row[j]) for row in above], size)
                for j in range(len(units))
                for k in range(len(units))
                if j == k or h.is_linear
            ]
        for k, unit in enumerate(units):
            sides = [(h.slopes[a], h.slopes[b]) for a, b in h.pieces(point.forward.pre_activations[layer][k])]
            seen = [i for i, pair in enumerate(sides) if any(pair)]
            found += [Flow((), tuple(zip(unit, move, strict=True)), size) for move in _unread(point, layer, len(unit), seen)]
            if not seen and not any(point.forward.activations[layer][k].numerators):
                found += [Flow((), ((row[k], _ONE),), size) for row in above]
            slopes = {slope for pair in sides for slope in pair}
            if network.biases[layer] and network.biases[layer + 1] and len(slopes) == 1:
                (slope,) = slopes
                found.append(Flow(tuple((row[-1], row[k], -slope) for row in above), ((unit[-1], _ONE),), size))
    if has_common or point.problem.right_outputs is not None:
        found += [Flow((), tuple((place, _ONE) for place in column), size) for column in zip(*rows[-1], strict=True)]
    return found


def _mixture(target: tuple[int, ...], source: tuple[int, ...], above: list[tuple[int, int]], size: int) -> Flow:
    below = [(a, b, _ONE) for a, b in zip(target, source, strict=True)]
    return Flow((*below, *((a, b, -_ONE) for a, b in above)), (), size)


def _unread(point: Point, layer: int, width: int, seen: list[int]) -> Matrix:
    """Moves of a row that change no pre-activation on the samples `seen`; above layer 1 only where there are none."""
    if not seen:
        return identity(width)
    if layer:
        return ()
    one = (_ONE,) if point.problem.network.biases[0] else ()
    return kernel([point.problem.data.x[i] + one for i in seen])
