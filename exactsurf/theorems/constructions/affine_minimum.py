"""The best affine model for a convex piecewise quadratic loss, and a better one that is bent once, both exactly.

An affine minimiser lifts to a local minimum of the network (theory.md, section 5; papers.md, section 2): no property of the
loss is used but that the minimiser is one. Absolute, quantile and ε-insensitive fits are linear programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.least_sum import least_sum
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.affine_network import Hinge
from exactsurf.theorems.constructions.hinge_descent import distinct_count, find_hinge, input_axes, separating_normal

_AXES, _KNOTS, _START_BITS = 4, 12, 10


@dataclass(frozen=True)
class AffineMinimum:
    """x ↦ A x + a with the least risk of all affine models.

    Attributes: `slopes` A (d_y × d) and `constants` a (d_y); `predictions`, one vector over the samples per output; `risk`;
    `floor`, what the loss of every sample alone allows: no function has a lower risk.
    Exactness: exact. Source: theory.md, section 5.
    """

    slopes: Matrix
    constants: Vector
    predictions: tuple[ScaledVector, ...]
    risk: Fraction
    floor: Fraction

    @property
    def is_perfect(self) -> bool:
        """Whether no function of the inputs has a lower risk, because every sample has its least loss."""
        return self.risk == self.floor


@dataclass(frozen=True)
class BentModel:
    """An affine model with a hinge added, and its risk."""

    slopes: Matrix
    constants: Vector
    hinge: Hinge
    risk: Fraction


def check_has_affine_minimum(problem: Problem) -> None:
    """Raise `UnsupportedError` for a loss by expression: its affine minimisers are irrational in general."""
    if not problem.loss.is_piecewise_quadratic:
        raise UnsupportedError(
            f"the best affine model is rational for losses by pieces, and not for the {problem.loss_in_words} in general",
            "take a loss by pieces, for example squared, huber or smoothed_hinge",
        )


@lru_cache(maxsize=4)
def affine_minimum(problem: Problem, effort: Effort = UNBOUNDED) -> AffineMinimum:
    """The affine model with the least risk, for every convex loss given by pieces and any weights of the samples.

    Exactness: exact; where the minimiser is not unique, one of them. Raises: `UnsupportedError` for a loss by expression, whose
    minimisers are irrational in general, `OutOfTime`. Source: theory.md, section 5.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), es.huber("1/2"))
    >>> found = affine_minimum(problem)
    >>> found.risk, found.slopes, found.constants
    (Fraction(4, 7), ((Fraction(4, 7),),), (Fraction(1, 14),))
    """
    check_has_affine_minimum(problem)
    fit = problem.data.affine_fit
    if problem.is_least_squares:
        return AffineMinimum(fit.slopes, fit.constants, fit.predictions, problem.risk_of(fit.predictions), Fraction(0))
    functions, places = _terms(problem)
    floor = sum((function.least for function in functions), Fraction(0))
    start = [value for row, c in zip(fit.slopes, fit.constants, strict=True) for value in (*row, c)]
    short = tuple(Fraction(round(value * (1 << _START_BITS)), 1 << _START_BITS) for value in start)
    found = least_sum(functions, _rows(problem, places), short, effort)
    slopes, constants = _split(problem, found.point)
    return AffineMinimum(slopes, constants, problem.data.inputs.affine_image(slopes, constants), found.value, floor)


def bent_model(problem: Problem, best: AffineMinimum, effort: Effort = UNBOUNDED) -> BentModel | None:
    """An affine model with one hinge whose risk is below that of the best affine model, if a hinge that is tried has one.

    For least squares it is hinge descent, with the affine part as it is; else for every hinge the best weight is found together
    with the best affine part, so a hinge that lowers the risk with any affine part is seen.
    Exactness: exact. Returns: None if no hinge that was tried does, and for least squares only if no function of the inputs has
    a lower risk. Raises: `OutOfTime`. Source: theory.md, section 5; papers.md, ML2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), "absolute")
    >>> bent_model(problem, affine_minimum(problem)).risk
    Fraction(1, 1)
    """
    if problem.is_least_squares:
        found = find_hinge(problem.data, problem.data.affine_fit.residuals)
        return found and BentModel(best.slopes, best.constants, found[0], best.risk - 2 * problem.common_scale * found[1])
    functions, places = _terms(problem)
    rows = _rows(problem, places)
    start = [value for row, c in zip(best.slopes, best.constants, strict=True) for value in (*row, c)]
    lowest: BentModel | None = None
    for normal, knots in _hinges(problem):
        motion = problem.data.inputs.affine_image([normal], [Fraction(0)])[0].fractions()
        for knot in knots:
            for output in range(problem.network.widths[-1]):
                longer = _with_hinge(rows, places, output, [abs(value - knot) for value in motion])
                least = least_sum(functions, longer, (*start, Fraction(0)), effort)
                if least.value < (best.risk if lowest is None else lowest.risk):
                    slopes, constants = _split(problem, least.point[:-1])
                    lowest = BentModel(slopes, constants, Hinge(output, normal, knot, least.point[-1]), least.value)
        if lowest is not None:
            return lowest
    return None


_Place = tuple[int, tuple[tuple[int, int], ...]]


def _terms(problem: Problem) -> tuple[list[ConvexPieces], list[_Place]]:
    """The functions of which the risk is the sum, and the sample and the outputs with signs that each reads."""
    functions, places = [], []
    for i in range(len(problem.data)):
        for k in range(problem.network.widths[-1]):
            outputs = problem.term_outputs(i, k)
            if outputs:
                functions.append(problem.term_function(i, k))
                places.append((i, outputs))
    return functions, places


def _rows(problem: Problem, places: Sequence[_Place]) -> list[Vector]:
    """Every term's form in (A by rows, each with its constant behind it)."""
    width = problem.network.widths[0] + 1
    rows = []
    for sample, outputs in places:
        row, x = [Fraction(0)] * (width * problem.network.widths[-1]), (*problem.data.x[sample], Fraction(1))
        for k, sign in outputs:
            row[k * width : (k + 1) * width] = [sign * value for value in x]
        rows.append(tuple(row))
    return rows


def _with_hinge(rows: Sequence[Vector], places: Sequence[_Place], output: int, bend: Sequence[Fraction]) -> list[Vector]:
    zero = Fraction(0)
    return [
        (*row, sum((sign * bend[sample] for k, sign in outputs if k == output), zero))
        for row, (sample, outputs) in zip(rows, places, strict=True)
    ]


def _split(problem: Problem, point: Vector) -> tuple[Matrix, Vector]:
    width = problem.network.widths[0] + 1
    blocks = [point[k * width : (k + 1) * width] for k in range(problem.network.widths[-1])]
    return tuple(block[:-1] for block in blocks), tuple(block[-1] for block in blocks)


def _hinges(problem: Problem) -> Iterator[tuple[Vector, list[Fraction]]]:
    """Normals with the knots to try: some of the samples' values on the first columns, then all on a generic direction."""
    data = problem.data
    for normal in [axis for _, axis in zip(range(_AXES), input_axes(data), strict=False)]:
        values = _values(problem, normal)
        inner = values[1:-1] or values
        yield normal, inner if len(inner) <= _KNOTS else [inner[k * len(inner) // _KNOTS] for k in range(_KNOTS)]
    generic = separating_normal(data, distinct_count(data))
    yield generic, _values(problem, generic)


def _values(problem: Problem, normal: Vector) -> list[Fraction]:
    return sorted(set(problem.data.inputs.affine_image([normal], [Fraction(0)])[0].fractions()))
