"""Bharadwaj and Hoşten, 2023, and Mehta et al., 2021: how many critical points regularised deep linear networks have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import comb

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.exact.msolve import msolve_program
from exactsurf.exact.number import Exact
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.critical_count import CriticalCount, count_critical_points, generic_regulariser
from exactsurf.theorems.constructions.critical_points_by_msolve import CheckedCount, critical_points_by_msolve, isolated_bound
from exactsurf.theorems.hypotheses import DEEP_LINEAR, SOME_HIDDEN_LAYER, SQUARED_LOSS
from exactsurf.theorems.network_conditions import hidden_layers
from exactsurf.theorems.references import BHARADWAJ_2023, MEHTA_2021
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem

__all__ = [
    "CheckedCount",
    "CriticalCount",
    "classical_bound",
    "construct",
    "count_critical_points",
    "critical_points_by_msolve",
    "generic_count",
    "number_of_critical_points",
    "regularised_points_are_isolated",
    "torus_bound",
]

_MAX_WEIGHTS = 6
_SECONDS = 60


def torus_bound(problem: Problem) -> int:
    """(1 + 4 d_y)^d, the bound for one hidden layer of d units and one sample. Exactness: exact. Source: Theorem 3.9."""
    return int((1 + 4 * problem.network.widths[-1]) ** problem.network.widths[1])


def classical_bound(problem: Problem) -> int:
    """(2H + 1)^N for H hidden layers and N weights: Bézout's bound. Exactness: exact. Source: Mehta et al. 2021."""
    degree = 2 * (problem.network.layers - 1) + 1
    return int(degree ** len(generic_regulariser(problem.network)))


def generic_count(widths: Sequence[int], samples: int) -> int | None:
    """The number of complex critical points for generic data and a generic regulariser, where a formula is known; else None.

    Parameters: the widths of a deep linear network; the number of samples. Exactness: exact; derived, and equal to every
    count that was computed. Raises: nothing. Source: papers.md, B (closed forms).

    >>> generic_count([1, 2, 2], 1), generic_count([1, 1, 1, 1], 1), generic_count([3, 3, 3], 3)
    (33, 17, None)
    """
    inputs, *hidden, outputs = widths
    rank = min(samples, inputs)
    if len(hidden) == 1 and min(rank, outputs) == 1:
        terms = (4**s * comb(hidden[0], s) * comb(max(rank, outputs), s) for s in range(hidden[0] + 1))
        return int(sum(terms))
    if hidden == [1]:
        return int(1 + 4 * rank * outputs)
    if rank == 1 and hidden and max(hidden) == 1:
        return int(1 + outputs * len(hidden) * 2 ** (len(hidden) + 1))
    return None


def _one_sample(problem: Problem) -> Check:
    size = len(problem.data)
    return size == 1, f"{size} sample" + ("s" if size > 1 else ""), (size,)


@lru_cache(maxsize=16)
def _count(problem: Problem) -> CriticalCount:
    """The count that both theorems ask for; where msolve is installed, larger ones for which it is proved to be complete."""
    try:
        return count_critical_points(problem, max_weights=_MAX_WEIGHTS)
    except UnsupportedError:
        if isolated_bound(problem) is None or msolve_program() is None:
            raise
        found = critical_points_by_msolve(problem, seconds=_SECONDS)
        if not found.is_complete:
            raise
        return CriticalCount(found.complex_points, found.real_points, found.complex_points)


def _conclude_with(bound: Callable[[Problem], int], name: str) -> Callable[..., Verdict]:
    def conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
        if problem.network.layers < 2:
            return Verdict(Status.UNDECIDED, "there is no hidden layer")
        try:
            found = _count(problem)
        except (UnsupportedError, HypothesisError) as error:
            return Verdict(Status.UNDECIDED, str(error))
        most = bound(problem)
        points = f"{found.complex_points} complex critical points, {found.real_points} of them real"
        status = Status.PROVED if found.complex_points <= most else Status.REFUTED
        relation = "at most" if found.complex_points <= most else "more than"
        return Verdict(status, f"with the regulariser of the primes 2, 3, 5, …: {points}, {relation} {name} = {most}")

    return conclude


def _deep(widths: list[int], x: list[list[int]], y: list[list[int]]) -> Problem:
    return Problem(Network(widths, linear, biases=False), Data.from_arrays(x, y))


def _examples() -> tuple[SharpnessExample, ...]:
    return (
        SharpnessExample("one hidden layer", "two hidden layers of one unit: 17 points", _deep([1, 1, 1, 1], [[1]], [[20]])),
        SharpnessExample("one sample", "two samples: 9 points", _deep([2, 1, 1], [[1, 2], [3, 1]], [[20], [-7]])),
    )


def construct(problem: Problem, regulariser: Sequence[Exact] | None = None) -> CriticalCount:
    """The number of critical points with a regulariser; see `count_critical_points`."""
    check_problem(problem)
    return count_critical_points(problem, regulariser)


_SETTING = (DEEP_LINEAR, SQUARED_LOSS)

number_of_critical_points = Theorem(
    key="bharadwaj_2023.number_of_critical_points",
    title="One hidden layer, one sample: at most (1 + 4p)^d critical points",
    statement=(
        r"A linear network with $d$ hidden units, $p$ outputs, one sample and the squared loss with a generic regulariser "
        r"$\frac12\sum_w \lambda_w w^2$ has at most $(1 + 4p)^d$ complex critical points, whatever the number of inputs."
    ),
    reference=BHARADWAJ_2023,
    hypotheses=(
        *_SETTING,
        SOME_HIDDEN_LAYER,
        Hypothesis("one hidden layer", "one hidden layer", hidden_layers(1, 1)),
        Hypothesis("one sample", "one sample", _one_sample),
    ),
    construct=construct,
    conclude=_conclude_with(torus_bound, "(1 + 4p)^d"),
    examples=_examples,
    remarks=(
        "Read in the first author's thesis (Theorem 3.9, Tables 3.1 and 3.2). A problem has no regulariser: the conclusion is "
        "decided for λ = 2, 3, 5, 7, … and at most six weights; construct takes any λ. The exact count is Σ_s 4^s C(d, s) "
        "C(p, s) (generic_count; derived, not in the paper). Rows of the tables with up to six weights are reproduced; "
        "critical_points_by_msolve checks what the program msolve, if it is installed, finds for more."
    ),
)

regularised_points_are_isolated = Theorem(
    key="mehta_2021.regularised_points_are_isolated",
    title="With a generic regulariser the critical points of a deep linear network are finitely many",
    statement=(
        r"For almost all regularisers $\frac12\sum_w \lambda_w w^2$ all critical points of a deep linear network with squared "
        r"loss are isolated, and there are at most $(2H+1)^N$ of them for $H$ hidden layers and $N$ weights."
    ),
    reference=MEHTA_2021,
    hypotheses=(*_SETTING, SOME_HIDDEN_LAYER),
    construct=construct,
    conclude=_conclude_with(classical_bound, "(2H + 1)^N"),
    remarks=(
        "The abstract was read. 'Almost all' is not decidable; the conclusion is decided for λ = 2, 3, 5, 7, … and at most six "
        "weights. Without a regulariser the critical points are not isolated (rescaling), and construct says so for λ = 0."
    ),
)
