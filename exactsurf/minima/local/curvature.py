"""Second derivatives of the loss at the predictions, from below where they jump."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.model.point import Point


def curvatures(point: Point) -> tuple[tuple[Fraction, ...], ...]:
    """[output][sample]: the second derivative of the loss with its full scale; 0 at kinks and at |f − y| = δ (Huber).

    Parameters: `point`, where the predictions are. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.3.

    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> from exactsurf.model.problem import Problem
    >>> problem = Problem(Network([1, 1]), Data.from_arrays([0, 1], [0, 1]))
    >>> curvatures(Point(problem, problem.parameters(W1=[[1]], b1=[0])))
    ((Fraction(1, 1), Fraction(1, 1)),)
    """
    problem, outputs = point.problem, point.forward.outputs
    loss, size = problem.loss, len(problem.data)
    scale = loss.total_scale(size)
    if loss.name == "squared":
        return ((2 * scale,) * size,) * len(outputs)
    if loss.name != "huber":
        return ((Fraction(0),) * size,) * len(outputs)
    assert loss.delta is not None
    found = []
    for k, vector in enumerate(outputs):
        gaps = vector.minus(problem.data.targets.column(k)).fractions()
        found.append(tuple(scale if abs(gap) < loss.delta else Fraction(0) for gap in gaps))
    return tuple(found)
