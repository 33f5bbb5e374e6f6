"""Rule `fit` where the loss is an expression: for every input the derivatives of its samples add up to 0."""

from __future__ import annotations

from collections.abc import Sequence

from exactsurf.errors import UnsupportedError
from exactsurf.exact.exponential_sum import ExponentialSum
from exactsurf.minima.local.sums_by_input import sums_by_input
from exactsurf.model.problem import Problem


def slopes_add_up(problem: Problem, slopes: Sequence[Sequence[ExponentialSum]]) -> bool:
    """Whether for every input the derivatives of the samples with this input add up to 0, atom by atom.

    Parameters: `slopes`, sample by sample. Exactness: exact. Raises: nothing. Source: proofs/claims/analytic_point.md.

    >>> from fractions import Fraction
    >>> import exactsurf as es
    >>> from exactsurf.model.loss_slopes import exact_slopes
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0], [1, -1]), "logistic")
    >>> slopes_add_up(problem, exact_slopes(problem, [[Fraction(0)], [Fraction(0)]]))
    True
    """
    return not any(total.terms for total in sums_by_input(problem.data.x, slopes))


def is_known_convex(problem: Problem) -> bool:
    """Whether the loss is convex, as far as that is known."""
    try:
        return problem.loss.is_convex
    except UnsupportedError:
        return False
