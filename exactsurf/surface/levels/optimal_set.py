"""All networks of least risk with weight decay of everything, at every width: their units, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from math import comb, factorial, perm

from exactsurf.errors import SingularMatrixError, UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, solve
from exactsurf.exact.simplest import simplest_between
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.atoms import atom_table, root_above
from exactsurf.surface.levels.level import Setting
from exactsurf.surface.levels.level_table import LevelTable
from exactsurf.surface.levels.terms import PieceTerm
from exactsurf.surface.unit_table import unit_table

_ZERO = Fraction(0)
_DIGITS = (24, 40, 56, 72, 88)
_MOST_SETS = 50_000
_MOST_NETWORKS = 3_000


@dataclass(frozen=True)
class OptimalUnit:
    """A direction that a unit of an optimal network may have.

    `weights`, of length 1, with the bias last if there is one; `sign` of the output weight; `prediction`, sign · h(w·x̃_i).
    """

    weights: Vector
    sign: int
    prediction: Vector


@dataclass(frozen=True)
class OptimalSet:
    """The networks of least risk of any width.

    A network is optimal if and only if each unit is 0 or has the weights √c u, with an output weight of length √c, for one of
    the `units` u, and the amounts c sum to a point of the polytope {c ≥ 0 : Σ_k c_k · prediction_k = predictions}, of which
    `vertices` are all vertices, as pairs of a unit and its amount. `risk`, the least one; `gradient`, the slopes of the loss at
    the predictions, the dual vector that proves it.
    Exactness: exact. Source: Kim, Mishkin and Pilanci 2025; proofs/kim_2025.
    """

    problem: Problem
    risk: Fraction
    gradient: Vector
    units: tuple[OptimalUnit, ...]
    vertices: tuple[tuple[tuple[int, Fraction], ...], ...]

    @property
    def least_width(self) -> int:
        """m*, the least number of units of an optimal network."""
        return min(map(len, self.vertices))

    @property
    def greatest_width(self) -> int:
        """M*, the greatest number of units of an optimal network whose units predict linearly independent vectors."""
        return max(map(len, self.vertices))

    def is_finite(self, width: int) -> bool:
        """Whether finitely many networks of this width are optimal: where a unit is idle, another one can share with it."""
        return width <= self.least_width or not self.greatest_width

    def isolated(self, width: int) -> int:
        """The number of optimal networks of this width with no other one nearby."""
        if not self.greatest_width:
            return 1
        return factorial(width) * sum(len(vertex) == width for vertex in self.vertices)

    def components(self, width: int) -> int:
        """The number of connected components of the set of optimal networks of this width.

        Exactness: exact. Raises: `UnsupportedError` if there are too many vertices. Source: proofs/kim_2025.
        """
        fitting = [vertex for vertex in self.vertices if len(vertex) <= width]
        if sum(perm(width, len(vertex)) for vertex in fitting) > _MOST_NETWORKS:
            raise UnsupportedError(f"more than {_MOST_NETWORKS} networks are vertices of the optimal set", "take fewer units")
        networks = [
            dict(zip(places, (unit for unit, _ in vertex), strict=True))
            for vertex in fitting
            for places in permutations(range(width), len(vertex))
        ]
        waiting, found = set(range(len(networks))), 0
        while waiting:
            found += 1
            reached = [waiting.pop()]
            while reached:
                one = networks[reached.pop()]
                # Two networks lie in one polytope if no unit has to turn.
                near = {k for k in waiting if all(one.get(place, unit) == unit for place, unit in networks[k].items())}
                waiting -= near
                reached += near
        return found

    def network(self, width: int, digits: int = 64) -> Parameters:
        """Parameters of this width, at least m*, near an optimal network; optimal themselves if their lengths are rational."""
        vertex = min(self.vertices, key=len)
        rows, outputs = [], []
        for unit, amount in vertex:
            height, own = root_above(amount, digits), self.units[unit]
            rows.append(tuple(amount / height * value for value in own.weights))
            outputs.append(own.sign * height)
        idle = width - len(vertex)
        size = self.problem.network.widths[0] + self.problem.network.biases[0]
        rows += [(_ZERO,) * size] * idle
        named: dict[str, Sequence[object]] = {"W1": rows, "W2": [[*outputs, *[_ZERO] * idle]]}
        if self.problem.network.biases[0]:
            named = {**named, "W1": [row[:-1] for row in rows], "b1": [row[-1] for row in rows]}
        return self.problem.parameters(**named)

    def __repr__(self) -> str:
        widths = f"m* = {self.least_width}, M* = {self.greatest_width}"
        vertices = "1 vertex" if len(self.vertices) == 1 else f"{len(self.vertices)} vertices"
        return f"OptimalSet({len(self.units)} directions, {vertices}, {widths})"


def optimal_set(problem: Problem) -> OptimalSet:
    """The optimal networks of a problem, whatever its width.

    Parameters: a problem with one hidden layer, one output without a bias, h(cz) = c h(z) for c > 0, a strictly convex
    differentiable loss by pieces, and weight decay of everything. Exactness: exact: the predictions are proposed, rounded to
    short fractions, and proved to be optimal by their slopes.
    Raises: `UnsupportedError` for other problems, where the predictions are no short fractions, and where there are too many
    sets of directions. Source: Kim, Mishkin and Pilanci 2025; proofs/kim_2025.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, -1], [2, 2]), weight_decay=1)
    >>> found = optimal_set(problem)
    >>> found.risk, found.least_width, found.components(2), found.components(3)
    (Fraction(3, 1), 2, 2, 1)
    """
    _check(problem)
    levels = LevelTable(problem, atom_table(problem, unit_table(problem)))
    setting = levels.setting
    level = levels.levels[levels.place(setting.atoms.every)]
    predictions = [_ZERO] * len(problem.data)
    for bit, y in level.amounts.items():
        for share, row in zip(y, setting.atoms.signed_features(bit), strict=True):
            predictions = [a + share * b for a, b in zip(predictions, row, strict=True)]
    for digits in _DIGITS:
        nearby = tuple(_short(value, digits) for value in predictions)
        gradient = tuple(term.function.slopes(f)[0] for term, f in zip(_pieces(setting), nearby, strict=True))
        prices = setting.priced(gradient, setting.atoms.every)
        if setting.too_cheap(prices):
            continue
        units = tuple(_units(setting, gradient))
        vertices = tuple(_vertices([unit.prediction for unit in units], nearby))
        risk = setting.bound(gradient)
        if vertices and risk is not None:
            return OptimalSet(problem, risk, gradient, units, vertices)
    raise UnsupportedError(
        "the predictions of optimal networks are no short fractions", "their least risk is enclosed by es.enclosed_landscape"
    )


def _check(problem: Problem) -> None:
    if problem.network.layers != 2:
        raise UnsupportedError("the set of optimal networks is known for one hidden layer", "take widths such as [2, 3, 1]")
    decay, (hidden, output) = problem.decay, problem.network.biases
    if decay is None or (hidden and not decay.biases) or output:
        raise UnsupportedError(
            "the set of optimal networks is known with weight decay of everything and without output bias",
            "take weight_decay, decay_biases=True and biases=[True, False]",
        )
    if not (problem.loss.is_strictly_convex and problem.loss.is_smooth):
        raise UnsupportedError("the set of optimal networks is known for strictly convex losses", "take the squared loss")


def _pieces(setting: Setting) -> Iterator[PieceTerm]:
    for term in setting.terms:
        if not isinstance(term, PieceTerm):
            raise UnsupportedError("the set of optimal networks is known for losses by pieces", "take the squared loss")
        yield term


def _short(value: Fraction, digits: int) -> Fraction:
    """The simplest fraction within 2^−digits."""
    size, slack = abs(value), Fraction(1, 1 << digits)
    if size <= slack:
        return _ZERO
    found = simplest_between(size - slack, size + slack)
    return found if value > 0 else -found


def _units(setting: Setting, gradient: Vector) -> Iterator[OptimalUnit]:
    """The directions whose gain is their price: on every face the projection, if it is as long as the factor."""
    atoms, factor = setting.atoms, setting.atoms.factor
    prices, seen = setting.priced(gradient, atoms.every), set()
    for bit, excess in prices.excess.items():
        atom, sign = atoms.atoms[bit >> 1], 1 - 2 * (bit & 1)
        shares: Vector | None
        if atom.price is not None:
            shares = (factor / atom.price,) if not excess else None
        else:
            shares = tuple(value / factor for value in prices.projection[bit]) if excess == factor * factor else None
        if shares is None:
            continue
        weights = atoms.weights(bit, shares)
        if (weights, sign) not in seen:
            seen.add((weights, sign))
            columns = zip(*atoms.signed_features(bit), strict=True)
            yield OptimalUnit(weights, sign, tuple(dot(shares, column) for column in columns))


def _vertices(columns: Sequence[Vector], goal: Vector) -> Iterator[tuple[tuple[int, Fraction], ...]]:
    """The vertices of {c ≥ 0 : Σ c_k column_k = goal}: independent columns with amounts above 0."""
    if not any(goal):
        yield ()
        return
    most = min(len(columns), len(goal))
    if sum(comb(len(columns), size) for size in range(1, most + 1)) > _MOST_SETS:
        raise UnsupportedError(f"more than {_MOST_SETS} sets of optimal directions", "take fewer samples")
    for size in range(1, most + 1):
        for chosen in combinations(range(len(columns)), size):
            amounts = _amounts([columns[k] for k in chosen], goal)
            if amounts is not None and min(amounts) > 0:
                yield tuple(zip(chosen, amounts, strict=True))


def _amounts(columns: Matrix | list[Vector], goal: Vector) -> Vector | None:
    """The only amounts with which independent columns add up to the goal; None if they do not or are dependent."""
    try:
        found = solve([[dot(a, b) for b in columns] for a in columns], [dot(column, goal) for column in columns])
    except SingularMatrixError:
        return None
    totals = (dot(found, row) for row in zip(*columns, strict=True))
    return found if all(total == value for total, value in zip(totals, goal, strict=True)) else None
