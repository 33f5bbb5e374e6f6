"""Critical points of regularised deep linear networks that msolve finds, each proved to be one by exact arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from math import comb
from typing import Any

from exactsurf.errors import HypothesisError
from exactsurf.exact.msolve import System, are_nondegenerate, checked_points, parametrisation
from exactsurf.exact.number import Exact, exact
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.critical_count import critical_equations


@dataclass(frozen=True)
class CheckedCount:
    """How many critical points msolve's answer holds, each of them checked.

    Attributes: `complex_points` and `real_points`, proved to be different critical points: there are at least so many;
    `are_nondegenerate`, whether all of them are proved to be so, and isolated; `with_multiplicity`, the dimension of the algebra,
    as msolve says; `bound`, where one is proved: no more than so many points are isolated.
    Exactness: exact, but for `with_multiplicity`. Source: papers.md, B (msolve).
    """

    complex_points: int
    real_points: int
    are_nondegenerate: bool
    with_multiplicity: int
    bound: int | None

    @property
    def is_complete(self) -> bool | None:
        """True if as many isolated points as the bound allows are found: there are no others; None where msolve alone says so."""
        return True if self.are_nondegenerate and self.bound == self.complex_points else None


def isolated_bound(problem: Problem) -> int | None:
    """Σ_s 4^s C(d, s) C(p, s), which bounds the isolated critical points of one hidden layer on one sample; else None.

    Up to constants, with the hidden values h and the misfits r, the equations are h_i = 0 or Σ_k r_k²/μ_ki = 1/κ_i, and
    r_k (1 + Σ_i h_i²/μ_ki) = −y_k: for s hidden values that are not 0 of bidegrees (2, 0) and (1, 1) in r and the h_i², at most
    2^s C(p, s) by Bézout.
    Parameters: `problem`, a deep linear network with squared loss; the regulariser must be positive.
    Exactness: proved in proofs/bharadwaj_2023. Raises: nothing. Source: proofs/bharadwaj_2023.

    >>> import exactsurf as es
    >>> isolated_bound(es.Problem(es.Network([1, 2, 3], es.linear, biases=False), es.Data.from_arrays([1], [[1, 2, 3]])))
    73
    """
    widths = problem.network.widths
    if len(widths) != 3 or len(problem.data) != 1 or not any(problem.data.x[0]):
        return None
    return sum(int(4**s * comb(widths[1], s) * comb(widths[2], s)) for s in range(widths[1] + 1))


def critical_points_by_msolve(
    problem: Problem, regulariser: Sequence[Exact] | None = None, *, seconds: int = 600
) -> CheckedCount:
    """The critical points of risk + ½ Σ λ_w w² that msolve finds; that they are critical, different and real is proved.

    Parameters: as `count_critical_points`; `seconds` that msolve may take. Exactness: see `CheckedCount`.
    Raises: as `count_critical_points`, and `UnsupportedError` where the program msolve is not installed.
    Source: Berthomieu, Eder, Safey El Din 2021; papers.md, B (msolve).
    """
    names, equations = critical_equations(problem, regulariser)
    size = sum(a * b for a, b in pairwise(problem.network.widths))
    system: System = [
        {tuple(map(int, exponents)): int(value) for exponents, value in _integral(equation, names).terms()}
        for equation in equations
    ]
    found = parametrisation(system, size, seconds=seconds)
    if found is None:
        raise HypothesisError("isolated critical points", "msolve finds infinitely many", "regularise every weight")
    points, real = checked_points(found, system)
    is_positive = regulariser is None or all(exact(value) > 0 for value in regulariser)
    bound = isolated_bound(problem) if is_positive else None
    return CheckedCount(points, real, are_nondegenerate(found, system), found.dimension, bound)


def _integral(equation: Any, names: Sequence[Any]) -> Any:
    return import_module("sympy").Poly(equation, *names, domain="QQ").clear_denoms(convert=True)[1]
