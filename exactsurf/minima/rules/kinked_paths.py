"""The path test where units are at breakpoints: paths whose sums vanish, and kinks that only add to the frozen risk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.certificate.rules.kinked_paths import KinkedPaths, Multiple
from exactsurf.effort import Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system
from exactsurf.minima.local.chosen_lines import ChosenLines
from exactsurf.minima.local.input_multiples import input_multiples
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Proved, Rule
from exactsurf.model.point import Point

_ZERO, _ONE = Fraction(0), Fraction(1)
_HALF = Fraction(1, 2)

Term = tuple[int, int]
"""A sample and a term of its loss."""

Slopes = Mapping[Pair, Fraction]


def prove_kinked_paths(point: Point) -> KinkedPaths | None:
    """Evidence that the frozen risk Ψ = Σ r_i·f_i is nowhere lower near the point, or None: then nothing is said.

    Where a unit is at a breakpoint, h is a line through it plus a kink of one sign. With the lines Ψ is constant, and every kink
    has that sign for its factor, the derivative of Ψ by what the unit puts out, which is not 0 at the point.

    Parameters: `point`. Exactness: exact; complete for every choice of slopes that is tried, with all subgradients of the loss.
    Raises: `UnsupportedError` if there are more than 10,000 distinct slope products in a layer, `OutOfTime`.
    Source: theory.md, section 6; proofs/rules/kinked_paths.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1, 1], biases=False), es.Data.from_arrays([1], [-1]))
    >>> theta = problem.parameters(W1=[[1]], W2=[[0]], W3=[[2]])
    >>> prove_kinked_paths(Point(problem, theta)).slopes
    (((2, 0, 0), Fraction(0, 1)),)
    """
    frozen = _FrozenSums(point, input_multiples(point.problem))
    for chosen in _choices(frozen):
        found = frozen.evidence(chosen)
        if found is not None:
            return found
    return None


@dataclass(frozen=True)
class _FrozenSums:
    """The sums s of subgradients over samples that are multiples of one another, affine in the unknown subgradients."""

    point: Point
    multiples: tuple[Multiple, ...]

    @cached_property
    def unknown(self) -> tuple[Term, ...]:
        """The terms at a kink of the loss."""
        return tuple(
            (i, k)
            for k, (low, high) in enumerate(self.point.term_slopes)
            if low is not high
            for i in range(len(low))
            if low[i] != high[i]
        )

    @cached_property
    def bounds(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Of the unknowns."""
        slopes = self.point.term_slopes
        return tuple((slopes[k][0][i], slopes[k][1][i]) for i, k in self.unknown)

    @cached_property
    def rows(self) -> dict[int, list[list[Fraction]]]:
        """[sample][output]: s as the coefficients of 1 and of the unknowns; for samples that are no multiples of others."""
        problem, where = self.point.problem, {term: n for n, term in enumerate(self.unknown, start=1)}
        counted = {i: (m, c) for i, m, c in self.multiples}
        outputs, size = problem.network.widths[-1], len(where) + 1
        found = {i: [[_ZERO] * size for _ in range(outputs)] for i in range(len(problem.data)) if i not in counted}
        for k, (low, _) in enumerate(self.point.term_slopes):
            for i in range(len(problem.data)):
                m, c = counted.get(i, (i, _ONE))
                place = where.get((i, k), 0)
                for output, sign in problem.term_outputs(i, k):
                    found[m][output][place] += sign * c * (low[i] if not place else _ONE)
        return found

    @cached_property
    def kept(self) -> tuple[int, ...]:
        """The samples whose s may be other than 0."""
        return tuple(i for i, rows in self.rows.items() if any(map(any, rows)))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The boundary pairs of these samples."""
        return tuple(pair for pair in TangentFan(self.point).pairs if pair[2] in self.kept)

    @cached_property
    def sides(self) -> dict[Pair, tuple[Fraction, Fraction]]:
        """The slopes left and right of every pair."""
        h, z = self.point.problem.network.activation, self.point.forward.pre_activations
        return {(layer, j, i): h.slopes_at(z[layer - 1][j][i]) for layer, j, i in self.pairs}

    def evidence(self, chosen: Slopes) -> KinkedPaths | None:
        """Evidence with these slopes, with subgradients that fit."""
        lines = ChosenLines(self.point, self.kept, chosen)
        reached = [pair for pair in self.pairs if lines.is_reached(pair)]
        growth = {pair: self._growth(lines, pair) for pair in reached}
        equal = [
            [sum((p * self.rows[i][k][n] for p, i in zip(sums, self.kept, strict=True)), _ZERO) for n in range(self._size)]
            for sums in lines.sums
            for k in range(self.point.problem.network.widths[-1])
        ]
        silent: set[int] = set()
        while True:
            alive = {pair: row for pair, row in growth.items() if pair[2] not in silent}
            settled = [row for i in silent for row in self.rows[i]]
            found = self._solved([*alive.values()], [row for row in (*equal, *settled) if any(row)])
            if not isinstance(found, MotzkinMultipliers):
                return self._written(found, chosen)
            # Where a factor cannot be other than 0, its sample has to be silent.
            if found.strict[0]:
                return None
            silent |= {pair[2] for pair, value in zip(alive, found.strict[1:], strict=True) if value}

    @property
    def _size(self) -> int:
        return len(self.unknown) + 1

    def _growth(self, lines: ChosenLines, pair: Pair) -> list[Fraction]:
        """The factor of a kink, times its sign, as a row."""
        left, right = self.sides[pair]
        effects = lines.effects(pair)
        columns = zip(*self.rows[pair[2]], strict=True)
        return [(right - left) * dot(effects, column) for column in columns]

    def _solved(self, positive: list[list[Fraction]], equal: list[list[Fraction]]) -> Vector | MotzkinMultipliers:
        """1 and the unknowns, times some positive number: the first rows are positive, the others 0, and the bounds hold."""
        one = [_ONE, *[_ZERO] * len(self.unknown)]
        weak = []
        for n, (low, high) in enumerate(self.bounds, start=1):
            weak += [[-low, *(Fraction(int(p == n)) for p in range(1, self._size))]]
            weak += [[high, *(Fraction(-int(p == n)) for p in range(1, self._size))]]
        return solve_strict_system([one, *positive], equal, weak)

    def _written(self, solution: Vector, chosen: Slopes) -> KinkedPaths:
        values = [value / solution[0] for value in solution]
        problem = self.point.problem
        alive = {i for i, rows in self.rows.items() if any(dot(row, values) for row in rows)}
        slopes = tuple((pair, chosen[pair]) for pair in self.pairs if pair[2] in alive)
        if not self.unknown:
            return KinkedPaths(slopes, self.multiples)
        known = dict(zip(self.unknown, values[1:], strict=True))
        r = [[_ZERO] * problem.network.widths[-1] for _ in range(len(problem.data))]
        for k, (low, _) in enumerate(self.point.term_slopes):
            for i, row in enumerate(r):
                for output, sign in problem.term_outputs(i, k):
                    row[output] += sign * known.get((i, k), low[i])
        return KinkedPaths(slopes, self.multiples, tuple(map(tuple, r)))


def _choices(frozen: _FrozenSums) -> Iterator[Slopes]:
    """Slopes for all pairs: those next to 0, which end paths, those left, right and in the middle."""
    seen: list[Slopes] = []
    for choose in (_next_to_zero, min, max, _middle):
        chosen = {pair: choose(sides) for pair, sides in frozen.sides.items()}
        if chosen not in seen:
            seen.append(chosen)
            yield chosen


def _next_to_zero(sides: Sequence[Fraction]) -> Fraction:
    low, high = sorted(sides)
    return min(max(low, _ZERO), high)


def _middle(sides: Sequence[Fraction]) -> Fraction:
    return sum(sides, _ZERO) * _HALF


def ask(point: Point, _: Effort) -> Answer:
    """`prove_kinked_paths` as a rule. Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/kinked_paths.md."""
    try:
        found = prove_kinked_paths(point)
    except UnsupportedError as error:
        return NotProved(str(error))
    if found is None:
        return NotProved("no slopes at the breakpoints make all path sums vanish and all kinks add to the frozen risk")
    return Proved(found, "near the point the frozen risk is a constant and kinks that only add to it")


RULE = Rule("kinked paths", ask)
