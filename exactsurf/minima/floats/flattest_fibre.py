"""Where the Hessian of a fibre of minimisers is flattest, by Newton's method inside a barrier: for proposals only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.effort import Effort
from exactsurf.exact.balls import matrix_to_arb, to_arb, working_precision
from exactsurf.exact.linear_algebra import Matrix, Vector, dot

_STEPS, _GROWTH, _LEAST_STEP = 200, 16, Fraction(1, 1 << 40)


@dataclass(frozen=True)
class FibreForm:
    """Minimisers by p = start + Σ u_a·moves[a] and squares s_j of output weights, and the Gram matrix K of their gradients.

    K = constant + Σ_j s_j·squares[j] + h_j h_jᵀ/s_j, h_j = maps[j]·p. Allowed are p with walls·p > 0 and s > 0.
    `weights` has the curvatures of the samples, all positive. Exactness: exact. Source: proofs/claims/flattest_minimiser.md.
    """

    constant: Matrix
    squares: tuple[Matrix, ...]
    maps: tuple[Matrix, ...]
    walls: Matrix
    start: Vector
    moves: Matrix
    weights: Vector
    outputs: Vector


@dataclass(frozen=True)
class NearFlattest:
    """A proposal: `place` p and `squares` s near the flattest point, a matrix Z, and a number for each wall.

    Exactness: none. Source: proofs/claims/flattest_minimiser.md.
    """

    moves: Vector
    squares: Vector
    density: Matrix
    prices: Vector


def flattest_near(form: FibreForm, by_trace: bool, bits: int, effort: Effort) -> NearFlattest:
    """A point near the least trace or the least largest eigenvalue, and what bounds it from below.

    Parameters: `form`; `by_trace`, which of the two; `bits`, how near as a part of the value, as a power of ½; `effort`, its
    clock running. Exactness: none, a proposal in long floats. Raises: `OutOfTime`. Source: Nesterov and Nemirovskii 1994.
    """
    precision = 4 * bits + 128
    with working_precision(precision):
        return _Search(form, by_trace, bits, precision, effort).found()


class _Search:
    """The barrier, and the point that moves in it: variables λ (not for the trace), s_j, u_a."""

    def __init__(self, form: FibreForm, by_trace: bool, bits: int, precision: int, effort: Effort) -> None:
        self.form, self.by_trace, self.bits, self.precision, self.effort = form, by_trace, bits, precision, effort
        self.samples, self.units, self.free = len(form.weights), len(form.squares), len(form.moves)
        self.inverse_weights = [1 / to_arb(w) for w in form.weights]
        self.squares = [matrix_to_arb(one) for one in form.squares]
        self.maps = [matrix_to_arb(one) for one in form.maps]
        self.moves = [[_times(one, move) for move in form.moves] for one in self.maps]
        self.starts = [_times(one, form.start) for one in self.maps]
        self.wall_moves = [[to_arb(dot(wall, move)) for move in form.moves] for wall in form.walls]
        self.wall_starts = [to_arb(dot(wall, form.start)) for wall in form.walls]
        self.constant = matrix_to_arb(form.constant)
        self.usual = [to_arb(value) for value in form.outputs]
        self.price = self.usual[0] * 0

    def found(self) -> NearFlattest:
        from flint import arb

        s = [to_arb(value) for value in self.form.outputs]
        u = [arb(0)] * self.free
        gram = self._gram(s, u)
        top = sum((gram[i, i] * self.inverse_weights[i] ** -1 for i in range(self.samples)), arb(0))
        level = 2 * top + 1
        terms = self.samples + self.units + len(self.form.walls)
        sharp = to_arb(Fraction(1)) / level
        # Where the infimum lies at infinity, a very small price keeps the search within bounds.
        self.price = _middle(level / 2 ** (self.bits + 12))
        goal = to_arb(Fraction(terms) * 2 ** (self.bits + 2)) / level
        while True:
            level, s, u = self._centred(level, s, u, sharp)
            if sharp > goal:
                break
            sharp = _middle(sharp * _GROWTH)
        return self._told(level, s, u, sharp)

    def _gram(self, s: Sequence[Any], u: Sequence[Any]) -> Any:
        gram = self.constant
        for j in range(self.units):
            h = self._h(j, u)
            gram = gram + self.squares[j] * s[j] + (h * h.transpose()) * (1 / s[j])
        return gram

    def _h(self, j: int, u: Sequence[Any]) -> Any:
        h = self.starts[j]
        for value, move in zip(u, self.moves[j], strict=True):
            h = h + move * value
        return h

    def _slacks(self, u: Sequence[Any]) -> list[Any]:
        return [
            start + sum((a * b for a, b in zip(moves, u, strict=True)), start * 0)
            for start, moves in zip(self.wall_starts, self.wall_moves, strict=True)
        ]

    def _density(self, level: Any, s: Sequence[Any], u: Sequence[Any], sharp: Any) -> Any | None:
        """The inverse of λE⁻¹ − K where that is positive definite, or tE for the trace."""
        from flint import arb_mat

        size = self.samples
        if self.by_trace:
            return arb_mat(
                size, size, [sharp / w if i == j else 0 for i, w in enumerate(self.inverse_weights) for j in range(size)]
            )
        gap = -self._gram(s, u)
        for i, w in enumerate(self.inverse_weights):
            gap[i, i] += level * w
        pivots = _pivots(gap)
        if pivots is None:
            return None
        return _middles(gap.inv())

    def _value(self, level: Any, s: Sequence[Any], u: Sequence[Any], sharp: Any) -> Any | None:
        """The barrier; None outside."""
        from flint import arb

        slacks = [*self._slacks(u), *s]
        if not all(slack > 0 for slack in slacks):
            return None
        value = -sum((slack.log() for slack in slacks), arb(0))
        far = sum((a / b + b / a for a, b in zip(s, self.usual, strict=True)), arb(0)) + sum((a * a for a in u), arb(0)) / 2
        value += sharp * self.price * far
        gram = self._gram(s, u)
        if self.by_trace:
            return value + sharp * sum((gram[i, i] / w for i, w in enumerate(self.inverse_weights)), arb(0))
        gap = -gram
        for i, w in enumerate(self.inverse_weights):
            gap[i, i] += level * w
        pivots = _pivots(gap)
        if pivots is None:
            return None
        return value + sharp * level - sum((pivot.log() for pivot in pivots), arb(0))

    def _derivatives(self, level: Any, s: Sequence[Any], u: Sequence[Any], sharp: Any) -> tuple[list[Any], Any]:
        """Gradient and Hessian of the barrier by λ (not for the trace), s and u."""
        from flint import arb, arb_mat

        density = self._density(level, s, u, sharp)
        assert density is not None
        hs = [self._h(j, u) for j in range(self.units)]
        offset = 0 if self.by_trace else 1
        count = offset + self.units + self.free
        changes: list[Any] = []
        for j in range(self.units):
            changes.append(self.squares[j] - (hs[j] * hs[j].transpose()) * (1 / (s[j] * s[j])))
        for a in range(self.free):
            change = arb_mat(self.samples, self.samples)
            for j in range(self.units):
                product = self.moves[j][a] * hs[j].transpose()
                change = change + (product + product.transpose()) * (1 / s[j])
            changes.append(change)
        gradient = [_trace_of(density, change) for change in changes]
        hessian = arb_mat(count, count)
        images = [density * h for h in hs]
        for j in range(self.units):
            hessian[offset + j, offset + j] = 2 * _inner(hs[j], images[j]) / s[j] ** 3
            moved = [density * move for move in self.moves[j]]
            for a in range(self.free):
                k = offset + self.units + a
                value = -2 * _inner(self.moves[j][a], images[j]) / s[j] ** 2
                hessian[offset + j, k] += value
                hessian[k, offset + j] += value
                for b in range(self.free):
                    hessian[k, offset + self.units + b] += 2 * _inner(self.moves[j][a], moved[b]) / s[j]
        if not self.by_trace:
            weights = arb_mat(self.samples, self.samples)
            for i, w in enumerate(self.inverse_weights):
                weights[i, i] = -w
            changes = [weights, *changes]
            gradient = [sharp + _trace_of(density, weights), *gradient]
            products = [density * change for change in changes]
            rows = arb_mat([[m[i, k] for i in range(self.samples) for k in range(self.samples)] for m in products])
            turned = arb_mat([[m[k, i] for i in range(self.samples) for k in range(self.samples)] for m in products])
            hessian = hessian + rows * turned.transpose()
        price = sharp * self.price
        for j, usual in enumerate(self.usual):
            gradient[offset + j] += price * (1 / usual - usual / (s[j] * s[j])) - 1 / s[j]
            hessian[offset + j, offset + j] += 1 / (s[j] * s[j]) + 2 * price * usual / s[j] ** 3
        first = offset + self.units
        for a in range(self.free):
            gradient[first + a] += price * u[a]
            hessian[first + a, first + a] += price
        for slack, moves in zip(self._slacks(u), self.wall_moves, strict=True):
            for a in range(self.free):
                gradient[first + a] -= moves[a] / slack
                for b in range(self.free):
                    hessian[first + a, first + b] += moves[a] * moves[b] / (slack * slack)
        return [value + arb(0) for value in gradient], hessian

    def _centred(self, level: Any, s: list[Any], u: list[Any], sharp: Any) -> tuple[Any, list[Any], list[Any]]:
        """Newton's method with shorter steps where the barrier would not fall."""
        from flint import arb_mat

        offset = 0 if self.by_trace else 1
        small = to_arb(Fraction(1, 2 ** (3 * self.bits + 60)))
        for _ in range(_STEPS):
            self.effort.check("the flattest minimiser is looked for")
            gradient, hessian = self._derivatives(level, s, u, sharp)
            step = _middles(hessian).solve(arb_mat(len(gradient), 1, [-_middle(value) for value in gradient]))
            steps = [_middle(step[k, 0]) for k in range(len(gradient))]
            decrement = -sum((a * _middle(b) for a, b in zip(steps, gradient, strict=True)), steps[0] * 0)
            if not decrement > small:
                break
            here = self._value(level, s, u, sharp)
            length = Fraction(1)
            while length > _LEAST_STEP:
                moved = [_middle(value * to_arb(length)) for value in steps]
                there = (
                    level + moved[0] if offset else level,
                    [_middle(a + b) for a, b in zip(s, moved[offset : offset + self.units], strict=True)],
                    [_middle(a + b) for a, b in zip(u, moved[offset + self.units :], strict=True)],
                )
                value = self._value(*there, sharp)
                if value is not None and value < here - to_arb(length) * decrement / 8:
                    break
                length /= 2
            else:
                break
            level, s, u = _middle(there[0]), there[1], there[2]
        return level, s, u

    def _told(self, level: Any, s: Sequence[Any], u: Sequence[Any], sharp: Any) -> NearFlattest:
        density = self._density(level, s, u, sharp)
        assert density is not None
        rounded = [
            [rational_near(density[i, k] / sharp, self.precision) for k in range(self.samples)] for i in range(self.samples)
        ]
        symmetric = tuple(tuple((rounded[i][k] + rounded[k][i]) / 2 for k in range(self.samples)) for i in range(self.samples))
        prices = tuple(rational_near(1 / (slack * sharp), self.precision) for slack in self._slacks(u))
        return NearFlattest(
            tuple(rational_near(value, self.precision) for value in u),
            tuple(rational_near(value, self.precision) for value in s),
            symmetric,
            prices,
        )


def _times(matrix: Any, vector: Sequence[Fraction]) -> Any:
    from flint import arb_mat

    return matrix * arb_mat(len(vector), 1, [to_arb(value) for value in vector])


def _inner(one: Any, two: Any) -> Any:
    return (one.transpose() * two)[0, 0]


def _trace_of(one: Any, two: Any) -> Any:
    product = one * two
    return sum((product[i, i] for i in range(product.nrows())), product[0, 0] * 0)


def _middle(value: Any) -> Any:
    return value.mid()


def _middles(matrix: Any) -> Any:
    from flint import arb_mat

    rows, columns = matrix.nrows(), matrix.ncols()
    return arb_mat(rows, columns, [matrix[i, k].mid() for i in range(rows) for k in range(columns)])


def _pivots(matrix: Any) -> list[Any] | None:
    """The pivots of symmetric elimination if all are positive."""
    size = matrix.nrows()
    work = [[matrix[i, k].mid() for k in range(size)] for i in range(size)]
    found = []
    for i in range(size):
        pivot = work[i][i]
        if not pivot > 0:
            return None
        found.append(pivot)
        for k in range(i + 1, size):
            share = work[k][i] / pivot
            for n in range(k, size):
                work[n][k] = (work[n][k] - share * work[n][i]).mid()
    return found


def rational_near(value: Any, bits: int) -> Fraction:
    """A number near, with so many bits."""
    from exactsurf.exact.balls import from_arb

    ball = from_arb(value.mid())
    middle = Fraction(0) if ball is None else ball.midpoint
    if not middle:
        return middle
    shift = bits + middle.denominator.bit_length() - middle.numerator.bit_length()
    return Fraction(round(middle * Fraction(2) ** shift)) / Fraction(2) ** shift
