"""The minimisers of a signed cell that have given predictions, in products of weights: for questions about sharpness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import to_arb, working_precision
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, kernel, least_squares, pivot_columns, solve
from exactsurf.minima.floats.flattest_fibre import FibreForm, NearFlattest, rational_near
from exactsurf.minima.local.hessian import hessian_of_cell
from exactsurf.model.parameter_vector import unit_weights
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Fibre:
    """Parameters of a signed cell with the predictions of a point: in p_j = v_j w_j and s_j = v_j², one linear system.

    Attributes: `problem`, `parameters`; `rows`, the inputs of a unit for every sample, its bias behind them; `slopes[j][i]`, the
    slope of unit j on sample i; `sides[j][i]`, the sign of v_j times that of its pre-activation, 0 where the activation has no
    breakpoint; `weights`, the curvatures of the terms of the risk; `hessian`, at the point.
    Exactness: exact. Source: proofs/claims/flattest_minimiser.md.
    """

    problem: Problem
    parameters: Parameters
    rows: Matrix
    slopes: Matrix
    sides: tuple[tuple[int, ...], ...]
    weights: Vector
    hessian: Matrix

    @property
    def outputs(self) -> Vector:
        """The output weights v."""
        return self.parameters.weights[1][0]

    @cached_property
    def predictions(self) -> Vector:
        """What the point predicts."""
        return tuple(f for (f,) in self.problem.predictions(self.parameters))

    @cached_property
    def has_bias(self) -> bool:
        """Whether the output has a bias."""
        return self.problem.network.biases[1]

    @cached_property
    def curved(self) -> tuple[int, ...]:
        """The samples whose terms are curved."""
        return tuple(i for i, weight in enumerate(self.weights) if weight)

    @cached_property
    def curvatures(self) -> Matrix:
        """Their curvatures, as a diagonal matrix."""
        return tuple(tuple(self.weights[i] if i == k else _ZERO for k in self.curved) for i in self.curved)

    @cached_property
    def equations(self) -> Matrix:
        """Of each sample, what gives its prediction from p and the bias of the output."""
        return tuple(
            tuple(own[i] * x for own in self.slopes for x in row) + ((Fraction(1),) if self.has_bias else ())
            for i, row in enumerate(self.rows)
        )

    @cached_property
    def _all_walls(self) -> tuple[tuple[int, int], ...]:
        return tuple((j, i) for j, own in enumerate(self.sides) for i, side in enumerate(own) if side)

    @cached_property
    def unseen(self) -> dict[int, Vector]:
        """For units that are off on some samples: a part of p_j that no prediction sees, and that leads away from these walls."""
        found = {}
        for j, own in enumerate(self.slopes):
            off = [i for unit, i in self._all_walls if unit == j and not own[i]]
            unseen = self._unseen_by(own) if off else ()
            if unseen:
                size = len(self.rows[0])
                weights = unit_weights(self.parameters)[j]
                # The parts of the weights and of the directions away from the walls that lie among what is not seen.
                tries = [[self.outputs[j] * w for w in weights]]
                tries += [[sum((self.sides[j][i] * self.rows[i][c] for i in off), _ZERO) for c in range(size)]]
                for wanted in tries:
                    parts = least_squares(tuple(zip(*unseen, strict=True)), wanted)
                    beside = tuple(sum((a * n[c] for a, n in zip(parts, unseen, strict=True)), _ZERO) for c in range(size))
                    if all(self.sides[j][i] * dot(beside, self.rows[i]) > 0 for i in off):
                        found[j] = beside
                        break
        return found

    def _unseen_by(self, slopes: Vector) -> Matrix:
        """Directions of p_j that no prediction sees: all, for a unit that is off on every sample."""
        return kernel([row for row, slope in zip(self.rows, slopes, strict=True) if slope] or [(_ZERO,) * len(self.rows[0])])

    @cached_property
    def walls(self) -> tuple[tuple[int, int], ...]:
        """Units and samples between which there is a wall that may hold p_j back."""
        return tuple((j, i) for j, i in self._all_walls if j not in self.unseen or self.slopes[j][i])

    @cached_property
    def start(self) -> Vector:
        """p and the bias of the output at the point."""
        weights = unit_weights(self.parameters)
        products = [v * w for v, row in zip(self.outputs, weights, strict=True) for w in row]
        bias = self.parameters.biases[1]
        return (*products, *(bias if bias is not None else ()))

    @cached_property
    def form(self) -> FibreForm:
        """The convex problem."""
        size = len(self.rows[0])
        whole = len(self.start)
        fixed = list(self.equations)
        for j in self.unseen:
            # Moves that no prediction sees change nothing.
            fixed += [self._in_unit(j, size, whole, row) for row in self._unseen_by(self.slopes[j])]
        moves = kernel(fixed)
        return FibreForm(
            tuple(tuple(Fraction(self.has_bias) for _ in self.curved) for _ in self.curved),
            tuple(
                tuple(tuple(own[i] * own[k] * dot(self.rows[i], self.rows[k]) for k in self.curved) for i in self.curved)
                for own in self.slopes
            ),
            tuple(
                tuple(self._in_unit(j, size, whole, [own[i] * x for x in self.rows[i]]) for i in self.curved)
                for j, own in enumerate(self.slopes)
            ),
            tuple(self._in_unit(j, size, whole, [self.sides[j][i] * x for x in self.rows[i]]) for j, i in self.walls),
            self.start,
            moves,
            tuple(self.weights[i] for i in self.curved),
            tuple(v * v for v in self.outputs),
        )

    @staticmethod
    def _in_unit(unit: int, size: int, whole: int, values: Sequence[Fraction]) -> Vector:
        return (*(_ZERO,) * (unit * size), *values, *(_ZERO,) * (whole - (unit + 1) * size))

    def point(self, moves: Vector, squares: Vector, bits: int) -> Parameters | None:
        """The parameters of a place in the problem, with output weights near the roots of the squares; None beyond a wall."""
        size = len(self.rows[0])
        place = self.beyond_unseen_walls([_rounded(amount, bits) for amount in moves])
        for j, i in self._all_walls:
            if self.sides[j][i] * dot(place[j * size : (j + 1) * size], self.rows[i]) <= 0:
                return None
        outputs, rows = [], []
        for j, (v, square) in enumerate(zip(self.outputs, squares, strict=True)):
            root = _rounded(_root(square), bits) * (1 if v > 0 else -1)
            outputs.append(root)
            rows.append(tuple(value / root for value in place[j * size : (j + 1) * size]))
        hidden = self.problem.network.biases[0]
        named: dict[str, object] = {"W1": [row[:-1] for row in rows] if hidden else rows, "W2": [outputs]}
        if hidden:
            named["b1"] = [row[-1] for row in rows]
        if self.has_bias:
            named["b2"] = [place[-1]]
        return self.problem.parameters(**named)

    def beyond_unseen_walls(self, moves: Sequence[Fraction]) -> list[Fraction]:
        """p and the bias of the output so far along the moves, and then away from walls on the side that no prediction sees."""
        size, place = len(self.rows[0]), self._place(moves)
        for j, beside in self.unseen.items():
            own = place[j * size : (j + 1) * size]
            far = _ZERO
            for i in (i for unit, i in self._all_walls if unit == j and not self.slopes[j][i]):
                here, ahead = (self.sides[j][i] * dot(part, self.rows[i]) for part in (own, beside))
                far = max(far, (1 - here) / ahead)
            place[j * size : (j + 1) * size] = [value + far * step for value, step in zip(own, beside, strict=True)]
        return place

    def _place(self, moves: Sequence[Fraction]) -> list[Fraction]:
        """p and the bias of the output, so far along the moves."""
        place = list(self.start)
        for amount, move in zip(moves, self.form.moves, strict=True):
            place = [value + amount * step for value, step in zip(place, move, strict=True)]
        return place

    def masses(self, density: Matrix) -> Vector:
        """Of each unit, what multiplies s_j in the trace of Z K."""
        return tuple(
            sum((density[a][b] * square[a][b] for a in range(len(density)) for b in range(len(density))), _ZERO)
            for square in self.form.squares
        )

    def unit_forms(self, density: Matrix) -> tuple[Matrix, ...]:
        """Of each unit, the quadratic form of p_j that stands over s_j in the trace of Z K."""
        size, found = len(self.rows[0]), []
        for own in self.slopes:
            features = [[own[i] * x for x in self.rows[i]] for i in self.curved]
            images = [
                [sum((z * f[c] for z, f in zip(row, features, strict=True)), _ZERO) for c in range(size)] for row in density
            ]
            found.append(
                tuple(
                    tuple(sum((f[a] * g[b] for f, g in zip(features, images, strict=True)), _ZERO) for b in range(size))
                    for a in range(size)
                )
            )
        return tuple(found)

    def constant(self, density: Matrix) -> Fraction:
        """What the bias of the output adds to the trace of Z K."""
        return sum((value for row in density for value in row), _ZERO) if self.has_bias else _ZERO

    def mass(self, density: Matrix) -> Fraction:
        """The trace of Z over the curvatures."""
        return sum((density[k][k] / self.weights[i] for k, i in enumerate(self.curved)), _ZERO)

    def multipliers(self, near: NearFlattest, forms: Sequence[Matrix], bits: int) -> tuple[Vector, Vector]:
        """Numbers for the samples (μ) and the walls (ν ≥ 0) whose lines touch the forms near a place."""
        from flint import arb_mat

        place, size = self._place(near.moves), len(self.rows[0])
        wanted: list[Fraction] = []
        for j, form in enumerate(forms):
            own = place[j * size : (j + 1) * size]
            wanted += [2 * dot(row, own) / near.squares[j] for row in form]
        wanted += [_ZERO] * self.has_bias
        for price, wall in zip(near.prices, self.form.walls, strict=True):
            wanted = [value - price * entry for value, entry in zip(wanted, wall, strict=True)]
        chosen = pivot_columns(tuple(zip(*self.equations, strict=True)))
        with working_precision(2 * bits + 64):
            matrix = arb_mat([[to_arb(v) for v in self.equations[i]] for i in chosen])
            right = matrix * arb_mat(len(wanted), 1, list(map(to_arb, wanted)))
            solved = (matrix * matrix.transpose()).solve(right)
            found = {i: rational_near(solved[k, 0], bits) for k, i in enumerate(chosen)}
        multipliers = [found.get(i, _ZERO) for i in range(len(self.rows))]
        if self.has_bias:
            multipliers[chosen[0]] -= sum(multipliers, _ZERO)
        return tuple(multipliers), self._held_back(near.prices)

    def _held_back(self, prices: Vector) -> Vector:
        """The prices, corrected so that what they add has no part that no prediction sees."""
        found = dict(zip(self.walls, prices, strict=True))
        for j, own in enumerate(self.slopes):
            off = [i for unit, i in self.walls if unit == j and not own[i]]
            unseen = self._unseen_by(own) if off else ()
            sums = [[self.sides[j][i] * dot(part, self.rows[i]) for i in off] for part in unseen]
            sums = [sums[k] for k in pivot_columns(tuple(zip(*sums, strict=True)))] if sums else []
            if sums:
                rest = [dot(line, [found[j, i] for i in off]) for line in sums]
                amounts = solve([[dot(a, b) for b in sums] for a in sums], rest)
                for k, i in enumerate(off):
                    found[j, i] = max(
                        found[j, i] - sum((c * line[k] for c, line in zip(amounts, sums, strict=True)), _ZERO), _ZERO
                    )
        return tuple(found[wall] for wall in self.walls)

    def lines(self, multipliers: Sequence[Fraction], prices: Sequence[Fraction]) -> list[Vector]:
        """Of each unit Σ μ_i a_ij x_i + Σ ν_ij σ_ij x_i."""
        size = len(self.rows[0])
        found = []
        of_wall = dict(zip(self.walls, prices, strict=True))
        for j, own in enumerate(self.slopes):
            factors = [m * own[i] + of_wall.get((j, i), _ZERO) * self.sides[j][i] for i, m in enumerate(multipliers)]
            found.append(tuple(sum((f * row[c] for f, row in zip(factors, self.rows, strict=True)), _ZERO) for c in range(size)))
        return found

    def by_unit(self, prices: Sequence[Fraction]) -> Matrix:
        """The numbers of the walls, a row for each unit and an entry for each sample; 0 where there is no wall."""
        of_wall = dict(zip(self.walls, prices, strict=True))
        return tuple(tuple(of_wall.get((j, i), _ZERO) for i in range(len(self.rows))) for j in range(len(self.slopes)))


def fibre_of(problem: Problem, parameters: Parameters) -> Fibre:
    """The minimisers of a signed cell with the predictions of a point.

    Parameters: as for `flattest_minimiser`. Exactness: exact. Raises: `UnsupportedError` for other problems and points, as there.
    Source: proofs/claims/flattest_minimiser.md.
    """
    network = problem.network
    if network.layers != 2 or network.widths[-1] != 1 or network.activation.degree != 1:
        raise UnsupportedError(
            f"flattest_minimiser is for one hidden layer, one output, units with h(cz) = c h(z) for c > 0; not for {network!r}",
            "ask es.flattest_rescaling for more layers or outputs",
        )
    hessian, gradient = hessian_of_cell(problem, parameters, "flattest_minimiser")
    if any(gradient):
        raise UnsupportedError("the gradient is not zero here, so this is no minimiser", "take a critical point")
    if not all(parameters.weights[1][0]):
        raise UnsupportedError("an output weight is 0 here", "take a minimum whose units are all in use, or leave the unit out")
    h = network.activation
    rows = [(*row, Fraction(1)) if network.biases[0] else row for row in problem.data.x]
    slopes, sides = [], []
    for weights, v in zip(unit_weights(parameters), parameters.weights[1][0], strict=True):
        values = [dot(weights, row) for row in rows]
        slopes.append(tuple(h.slopes[sum(value > t for t in h.breakpoints)] for value in values))
        sign = 1 if v > 0 else -1
        sides.append(tuple((sign if value > 0 else -sign) if h.breakpoints else 0 for value in values))
    terms = problem.terms_at(problem.forward(parameters).outputs)[0]
    curvatures = tuple(2 * function.pieces[sum(value > t for t in function.breakpoints)][0] for function, value in terms)
    return Fibre(problem, parameters, tuple(map(tuple, rows)), tuple(slopes), tuple(sides), curvatures, hessian)


def _rounded(value: Fraction, bits: int) -> Fraction:
    """A number near with so many bits behind the point and before it; short ones stay."""
    scale = 1 << bits
    return value if value.denominator <= scale else Fraction(round(value * scale), scale) or value


def _root(value: Fraction) -> Fraction:
    """A number near the square root, exact for squares."""
    from math import isqrt

    exact = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    if exact * exact == value:
        return exact
    shift = value.numerator.bit_length() + value.denominator.bit_length()
    return Fraction(isqrt((value.numerator << 2 * shift) // value.denominator), 1 << shift)
