"""The best affine model for a convex piecewise quadratic loss, exactly.

An affine minimiser lifts to a local minimum of the network (theory.md, section 5; papers.md, section 2): no property of the
loss is used but that the minimiser is one. Absolute, quantile and ε-insensitive fits are linear programs.
"""

from __future__ import annotations

from collections.abc import Sequence
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

_START_BITS = 10


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


def check_has_affine_minimum(problem: Problem) -> None:
    """Raise `UnsupportedError` for a loss by expression: its affine minimisers are irrational in general."""
    if not problem.loss.is_piecewise_quadratic:
        raise UnsupportedError(
            f"the best affine model is rational for losses by pieces, and not for the {problem.loss_in_words} in general",
            "es.find_lifted_box(problem) encloses one; or take a loss by pieces, for example squared, huber or smoothed_hinge",
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
    functions, places = terms_by_place(problem)
    floor = sum((function.least for function in functions), Fraction(0))
    start = [value for row, c in zip(fit.slopes, fit.constants, strict=True) for value in (*row, c)]
    short = tuple(Fraction(round(value * (1 << _START_BITS)), 1 << _START_BITS) for value in start)
    found = least_sum(functions, affine_rows(problem, places), short, effort)
    slopes, constants = slopes_and_constants(problem, found.point)
    return AffineMinimum(slopes, constants, problem.data.inputs.affine_image(slopes, constants), found.value, floor)


Place = tuple[int, tuple[tuple[int, int], ...]]
"""A sample, and the outputs that a term of the risk reads, with signs."""


def terms_by_place(problem: Problem) -> tuple[list[ConvexPieces], list[Place]]:
    """The functions of which the risk is the sum, and the sample and the outputs with signs that each reads."""
    functions, places = [], []
    for i in range(len(problem.data)):
        for k in range(problem.network.widths[-1]):
            outputs = problem.term_outputs(i, k)
            if outputs:
                functions.append(problem.term_function(i, k))
                places.append((i, outputs))
    return functions, places


def affine_rows(problem: Problem, places: Sequence[Place]) -> list[Vector]:
    """Every term's form in (A by rows, each with its constant behind it)."""
    width = problem.network.widths[0] + 1
    rows = []
    for sample, outputs in places:
        row, x = [Fraction(0)] * (width * problem.network.widths[-1]), (*problem.data.x[sample], Fraction(1))
        for k, sign in outputs:
            row[k * width : (k + 1) * width] = [sign * value for value in x]
        rows.append(tuple(row))
    return rows


def slopes_and_constants(problem: Problem, point: Vector) -> tuple[Matrix, Vector]:
    """A and a from their entries, row by row with each constant behind its row."""
    width = problem.network.widths[0] + 1
    blocks = [point[k * width : (k + 1) * width] for k in range(problem.network.widths[-1])]
    return tuple(block[:-1] for block in blocks), tuple(block[-1] for block in blocks)
