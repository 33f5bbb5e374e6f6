"""Safran and Shamir, "Spurious Local Minima are Common in Two-Layer ReLU Neural Networks", ICML 2018: their table, proved.

The objective ½ E_x (Σ_i relu(w_i·x) − Σ_j relu(v_j·x))², x standard normal, is no finite sum, so it is no `Problem`: its
values hold π and arccosines, and intervals enclose them. What the paper does with a bound of third derivatives is done here
with the Hessian on a whole box. A sample of finite size is a `Problem` (`finite_sample`), and `decide` answers about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, InternalError
from exactsurf.exact.number import Exact, near, whole_number
from exactsurf.minima.floats.student_teacher import symmetric_critical_point
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import relu
from exactsurf.model.data import Data
from exactsurf.model.losses import squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restrictions import restriction
from exactsurf.theorems.arguments import number_table
from exactsurf.theorems.constructions.population_minimum import (
    PopulationMinimum,
    certify_population_minimum,
    population_risk,
)
from exactsurf.theorems.hypotheses import NO_BIASES, ONE_HIDDEN_LAYER, ONE_OUTPUT, RELU, SQUARED_LOSS
from exactsurf.theorems.references import SAFRAN_2018
from exactsurf.theorems.theorem import Check, Hypothesis, Theorem

__all__ = [
    "PopulationMinimum",
    "certify_population_minimum",
    "finite_sample",
    "finite_sample_point",
    "population_risk",
    "restricted_sample",
    "student_teacher",
    "symmetric_minimum",
]

_FEWEST, _FEWEST_ONE_MORE, _MOST = 6, 8, 20


def symmetric_minimum(k: int = _FEWEST, *, one_more: bool = False) -> PopulationMinimum:
    """The spurious local minimum for k orthonormal teachers and k students, or k + 1, proved to exist in every dimension ≥ k.

    Newton's method goes from the weights known for small k to k; what it proposes is then proved.
    Parameters: `k`, from 6 on (at k = 4 and 5 the point is a saddle); with `one_more` student from 8 on.
    Exactness: see `PopulationMinimum`; it has a certificate.
    Raises: `InputError` for smaller k, `InternalError` where nothing is proved. Source: papers.md, A5 (re-derived table).

    >>> found = symmetric_minimum(6)
    >>> found.risk.lower > Fraction("0.02508"), found.curvature > Fraction("0.0045")
    (True, True)
    >>> print(found.certificate)
    The box of weights holds exactly one critical point of the population risk of 6 ReLU units against 6 on standard normal \
inputs of 6 dimensions, and this is a strict local minimum, and a spurious one, also in every larger dimension.
    """
    fewest = _FEWEST_ONE_MORE if one_more else _FEWEST
    if whole_number(k, "k") < fewest:
        raise InputError(f"the point is known to be a local minimum for k ≥ {fewest} only", text=str(k))
    teachers = [[int(i == j) for j in range(k)] for i in range(k)]
    found = certify_population_minimum(symmetric_critical_point(k, one_more=one_more), teachers)
    if isinstance(found, NotProved):
        raise InternalError(f"the symmetric point for k = {k} is not proved: {found.reason}")
    return found


def finite_sample(inputs: Sequence[Sequence[Exact]], teachers: Sequence[Sequence[Exact]], students: int) -> Problem:
    """The same question on a sample: a ReLU layer that is to fit the teacher's sums on given inputs, mean squared loss.

    The network has free output weights, of which the paper fixes all to 1: `finite_sample_point` gives points with these.
    Parameters: `inputs`; `teachers` v_j; `students`, how many units. Exactness: exact. Raises: errors of `Data`.
    Source: Safran and Shamir 2018, with a sample for the expectation.

    >>> finite_sample([[1, 0], [1, 2]], [[1, 0], [0, 1]], 3)
    Problem(Network(2-3-1, relu, biases=False), Data(2 samples, 2 inputs, 1 target), squared.mean)
    """
    goals, rows = number_table(teachers, "the teachers"), number_table(inputs, "the inputs")
    targets = [
        sum((max(Fraction(0), sum((a * b for a, b in zip(v, x, strict=True)), Fraction(0))) for v in goals), Fraction(0))
        for x in rows
    ]
    network = Network([len(goals[0]), students, 1], relu, biases=False)
    return Problem(network, Data.from_arrays(rows, targets), squared.mean)


def finite_sample_point(problem: Problem, students: Sequence[Sequence[Exact]]) -> Parameters:
    """The point of `finite_sample` with these rows and all output weights 1. Exactness: exact. Raises: `ShapeError`."""
    return problem.parameters(W1=[list(row) for row in students], W2=[[1] * len(students)])


def restricted_sample(inputs: Sequence[Sequence[Exact]], teachers: Sequence[Sequence[Exact]], students: int) -> RestrictedProblem:
    """`finite_sample` with the output weights held at 1, as in the paper: a restricted problem, whose every point is decided.

    Parameters: as those of `finite_sample`. Exactness: exact. Raises: errors of `Data`. Source: Safran and Shamir 2018, with a
    sample for the expectation; proofs/claims/restricted_point.md.

    >>> import exactsurf as es
    >>> problem = restricted_sample([[1, 2], [-2, 2], [2, -1], [1, 1], [0, 0]], [[1, 0], [0, 1]], 2)
    >>> students, teachers = ([["48/35", "27/35"], ["-20/23", "3/23"]], [[1, 0], [0, 1]])
    >>> point, lower = (finite_sample_point(problem.unrestricted, rows) for rows in (students, teachers))
    >>> es.decide(problem, point, lower=lower).certificate.kind, problem.risk(point)
    ('spurious local minimum of a restricted risk', Fraction(1, 350))
    """
    problem = finite_sample(inputs, teachers, students)
    return RestrictedProblem.of(restriction(problem.network, W2=[[1] * students]), problem)


def _between(problem: Problem) -> Check:
    width = problem.network.widths[1] if problem.network.layers > 1 else 0
    return 6 <= width <= 20, f"{width} units", (width,)


def _enough_inputs(problem: Problem) -> Check:
    widths = problem.network.widths
    return widths[0] >= widths[1], f"{widths[0]} inputs, {widths[1]} units", widths


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    """For as many students as orthonormal teachers, and all input dimensions from that number on."""
    inputs, k = problem.network.widths[:2]
    if not _FEWEST <= k <= _MOST or inputs < k:
        where = f"{k} units on {inputs} inputs" if inputs < k else f"{k} units"
        return Verdict(
            Status.UNDECIDED,
            f"no spurious local minimum of the population risk is known here for {where}; it is proved from {_FEWEST} to {_MOST} "
            "units, on at least as many inputs",
        )
    certificate = symmetric_minimum(k).certificate
    value = near(certificate.risk[0])
    return Verdict(
        Status.PROVED,
        f"the population risk of {k} students and {k} orthonormal teachers has a spurious local minimum, of risk {value}",
        certificate,
    )


student_teacher = Theorem(
    key="safran_2018.student_teacher",
    title="Spurious local minima of the population risk of a ReLU student and an orthonormal ReLU teacher",
    statement=(
        r"For $x \sim N(0, I)$ and orthonormal $v_1, \dots, v_k$, $6 \le k \le 20$, the objective "
        r"$\frac12\mathbb{E}(\sum_{i \le k} [w_i \cdot x]_+ - \sum_{j \le k} [v_j \cdot x]_+)^2$ has spurious local minima, "
        r"for every input dimension at least $k$."
    ),
    reference=SAFRAN_2018,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        RELU,
        NO_BIASES,
        ONE_OUTPUT,
        SQUARED_LOSS,
        Hypothesis("k", "from 6 to 20 units", _between),
        Hypothesis("dimension", "at least k inputs", _enough_inputs),
    ),
    construct=lambda problem: symmetric_minimum(problem.network.widths[1]),
    conclude=_conclude,
    without_example=(
        ("k", "for k = 4 and 5 the point with this symmetry is a saddle, but that no other minimum is spurious is not proved"),
        ("dimension", "fewer inputs than k have no k orthonormal teachers"),
    ),
    remarks=(
        "The abstract was read. symmetric_minimum(k) proves, with a certificate, that the local minimum with the symmetry of "
        "k − 1 units exists, for k = 6, 7, …: gradient at a rational point, Hessian positive definite on a box around it, risk "
        "bounded away from 0; with one_more=True for k + 1 students, k = 8, 9, …. "
        "The law of the inputs cannot be checked on a sample; finite_sample builds problems to decide on, restricted_sample "
        "those with the output weights held at 1."
    ),
)
