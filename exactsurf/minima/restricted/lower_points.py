"""Points of lower restricted risk, by a search with exact steps from a few starts."""

from __future__ import annotations

import random
from fractions import Fraction

from exactsurf.effort import Effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.restricted_problem import RestrictedProblem

_STARTS, _STEPS = 40, (Fraction(1), Fraction(1, 4), Fraction(1, 16))
_BITS = 64
_ROUNDS = 12
"""Rounds over all coordinates, at most, for each size of a step."""


def find_lower_values(
    restricted: RestrictedProblem, values: Vector, risk: Fraction, effort: Effort
) -> tuple[Vector, Fraction] | None:
    """Values of the free parameters with a risk below `risk`, and that risk; None if the search met none.

    Coordinates take steps of sizes 1, 1/4 and 1/16 that lower the risk, from small half-integers and from −`values`.
    Parameters: `values`, where the risk is at least `risk`; `effort`, whose time is bounded. Returns: the risk that is found is
    an upper bound, where it is not rational. Exactness: exact, or enclosed; a heuristic.
    Raises: `OutOfTime`. Source: none.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.diagonal(1, shared=True), es.Data.from_arrays([1], [1]))
    >>> find_lower_values(problem, (Fraction(0),), Fraction(1, 2), Effort())[1]
    Fraction(0, 1)
    """
    source, free = random.Random(0), range(len(values))
    starts = [tuple(-value for value in values)]
    starts += [tuple(Fraction(source.randint(-6, 6), 2) for _ in free) for _ in range(_STARTS)]
    for start in starts:
        here = start
        best = _risk(restricted, here)
        if best is None:
            continue
        for step in _STEPS:
            for _ in range(_ROUNDS):
                if best < risk:
                    return here, best
                before = best
                for k in free:
                    effort.check()
                    for sign in (1, -1):
                        moved = (*here[:k], here[k] + sign * step, *here[k + 1 :])
                        found = _risk(restricted, moved)
                        if found is not None and found < best:
                            here, best = moved, found
                if best == before:
                    break
    return None


def _risk(restricted: RestrictedProblem, values: Vector) -> Fraction | None:
    try:
        risk = restricted.unrestricted.risk(restricted.restriction.at(values), bits=_BITS)
    except (InputError, UnsupportedError):
        # The loss has no value there, or one beyond all bounds.
        return None
    return risk.upper if isinstance(risk, Ball) else risk
