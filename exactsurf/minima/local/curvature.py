"""Second derivatives of the loss at the predictions, from below where they jump."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.model.point import Point


def curvatures(point: Point) -> tuple[tuple[Fraction, ...], ...]:
    """[term][sample]: the second derivative of the loss with its full scale, the smaller one where it jumps, 0 at kinks.

    Parameters: `point`, where the predictions are; terms as of `Problem.loss_terms`. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.3.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> curvatures(Point(problem, problem.parameters(W1=[[1]], b1=[0])))
    ((Fraction(1, 1), Fraction(1, 1)),)
    """
    zero = Fraction(0)
    rows = point.problem.terms_at(point.forward.outputs)
    return tuple(tuple(zero if u in function.kinks else min(function.curvatures(u)) for function, u in row) for row in rows)
