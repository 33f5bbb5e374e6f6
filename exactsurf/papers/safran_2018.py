"""Safran and Shamir, "Spurious Local Minima are Common in Two-Layer ReLU Neural Networks", ICML 2018: their objective in balls.

The objective ½ E_x (Σ_i relu(w_i·x) − Σ_j relu(v_j·x))², x standard normal, is no finite sum, so it is no `Problem`: its
values hold π and arccosines, and balls enclose them. What the paper does with a bound of third derivatives is done here with
the Hessian on a whole box. A sample of finite size is a `Problem` (`finite_sample`), and `decide` answers about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import TYPE_CHECKING

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, InternalError, ShapeError
from exactsurf.exact.balls import Ball, from_arb, rounded, to_arb, working_precision
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import Exact, approximate, exact
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import relu
from exactsurf.model.data import Data
from exactsurf.model.losses import squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.arguments import number_table, whole_number
from exactsurf.theorems.constructions.gaussian_inputs import Objective
from exactsurf.theorems.network_conditions import hidden_layers, no_biases, one_output, relu_activation, squared_loss
from exactsurf.theorems.references import SAFRAN_2018
from exactsurf.theorems.theorem import Check, Hypothesis, Theorem

if TYPE_CHECKING:
    from flint import arb

_BITS, _STEPS, _GRID, _HESSIAN_GRID = 128, 12, 96, 40
_RADIUS = Fraction(1, 10**9)

# papers.md, A5: the critical point for k = 6: W_ii, W_ij, W_ik, W_ki and W_kk for i, j < k.
_START = tuple(Fraction(n, 100_000) for n in (98_670, -5_041, 30_801, 22_452, -60_151))


@dataclass(frozen=True)
class PopulationMinimum:
    """A spurious local minimum of the population objective, which exists within `radius` of `weights`.

    Attributes: `weights`, rational rows w_i near it; `teachers`, the rows v_j; `radius`, in the Euclidean norm; `risk` at
    `weights`; `gradient`, an upper bound of its norm there; `curvature`, a lower bound of all eigenvalues of the Hessian on the
    whole ball; `least`, a positive lower bound of the risk at the local minimum, while the least risk of all is 0.
    Exactness: the bounds are proved by balls and exact LDLᵀ; there is no certificate, for its format has finite samples only.
    Source: papers.md, A5 (Safran and Shamir).
    """

    weights: Matrix
    teachers: Matrix
    radius: Fraction
    risk: Ball
    gradient: Fraction
    curvature: Fraction
    least: Fraction

    def __str__(self) -> str:
        return (
            f"a spurious local minimum within {approximate(self.radius, 2)} of the weights: risk at least "
            f"{approximate(self.least)}, every eigenvalue of the Hessian at least {approximate(self.curvature)}"
        )


def population_risk(students: Sequence[Sequence[Exact]], teachers: Sequence[Sequence[Exact]], bits: int = _BITS) -> Ball:
    """A ball with ½ E (Σ_i relu(w_i·x) − Σ_j relu(v_j·x))², x ~ N(0, I).

    Parameters: `students` w_i and `teachers` v_j, rows of one length, none of them 0; `bits`, the working precision.
    Exactness: the ball holds the true value. Raises: `InputError` for other rows, errors of `exact`.
    Source: Cho and Saul 2009; papers.md, A5.

    >>> found = population_risk([[1, 0]], [[0, 1]])  # 1/2 − 1/(2π)
    >>> found.lower > Fraction("0.34084505"), found.upper < Fraction("0.34084506")
    (True, True)
    """
    rows, goals = _rows(students, teachers)
    with working_precision(bits):
        return _ball(_objective(rows, goals).risk())


def certify_population_minimum(
    students: Sequence[Sequence[Exact]],
    teachers: Sequence[Sequence[Exact]],
    radius: Exact = _RADIUS,
    bits: int = _BITS,
) -> PopulationMinimum | NotProved:
    """Prove that a spurious local minimum of the population objective lies near given weights.

    If every eigenvalue of the Hessian is at least λ on the ball of radius ρ and the gradient g at its centre has |g| < λρ/2,
    the objective is higher on the whole boundary than at the centre: there is a local minimum inside, of risk ≥ F − |g|²/(2λ).
    Parameters: `students`, at least as many as `teachers`, so that the least risk is 0; `radius` ρ; `bits`, the working
    precision. Returns: what was proved, or why it was not, as `NotProved`.
    Exactness: proved by balls and an exact LDLᵀ. Raises: `InputError`, errors of `exact`. Source: Safran and Shamir 2018.

    >>> certify_population_minimum([[1, 0], [0, 1]], [[1, 0], [0, 1]]).reason
    'two rows may be parallel within the radius, where the Hessian is not defined'
    """
    rows, goals = _rows(students, teachers)
    reach = exact(radius, "radius")
    if len(rows) < len(goals):
        raise InputError("fewer students than teachers", fix="the least risk is then not known to be 0")
    with working_precision(bits):
        centre = _objective(rows, goals)
        risk, gradient = _ball(centre.risk()), [_ball(entry) for row in centre.gradient() for entry in row]
        around = [[to_arb(Ball(value, reach)) for value in row] for row in rows]
        table = Objective(around, centre.teachers).hessian()
        if not all(entry.is_finite() for row in table for entry in row):
            return NotProved("two rows may be parallel within the radius, where the Hessian is not defined")
        hessian = [[_ball(entry) for entry in row] for row in table]
    squares = sum((max(abs(entry.lower), abs(entry.upper)) ** 2 for entry in gradient), Fraction(0))
    curvature = _least_eigenvalue(hessian)
    if curvature is None:
        return NotProved("the Hessian is not known to be positive definite on the whole ball")
    if 4 * squares >= (curvature * reach) ** 2:
        return NotProved(f"the square of the gradient may be {approximate(squares)}, too much for the radius")
    least = risk.lower - squares / (2 * curvature)
    if least <= 0:
        return NotProved("the risk is not bounded away from 0")
    return PopulationMinimum(rows, goals, reach, risk, _root_above(squares), curvature, least)


def symmetric_minimum(k: int = 6) -> PopulationMinimum:
    """The spurious local minimum for k students and k orthonormal teachers, proved to exist.

    Newton's method goes from the weights known for k = 6 to k; what it proposes is then proved.
    Parameters: `k`, from 6 on; at k = 4 and 5 the point is a saddle. Exactness: see `PopulationMinimum`.
    Raises: `InputError` for k < 6, `InternalError` where nothing is proved. Source: papers.md, A5 (re-derived table).

    >>> found = symmetric_minimum(6)
    >>> found.risk.lower > Fraction("0.02508"), found.curvature > Fraction("0.0046")
    (True, True)
    """
    if whole_number(k, "k") < 6:
        raise InputError("the point is a local minimum for k ≥ 6 only", text=str(k))
    entries = _START
    for size in range(6, k + 1):
        weights, teachers = _refined(_symmetric(size, entries))
        entries = (weights[0][0], weights[0][1], weights[0][-1], weights[-1][0], weights[-1][-1])
    found = certify_population_minimum(weights, teachers)
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


def _between(problem: Problem) -> Check:
    width = problem.network.widths[1] if problem.network.layers > 1 else 0
    return 6 <= width <= 20, f"{width} units", (width,)


def _enough_inputs(problem: Problem) -> Check:
    widths = problem.network.widths
    return widths[0] >= widths[1], f"{widths[0]} inputs, {widths[1]} units", widths


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    return Verdict(
        Status.UNDECIDED,
        "the conclusion is about the population risk, for which the certificate format has no claim; symmetric_minimum(k) "
        "proves it by balls for a symmetric point, and decide answers about points of finite samples",
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
        Hypothesis("depth", "one hidden layer", hidden_layers(1, 1), setting=True),
        Hypothesis("activation", "ReLU", relu_activation, setting=True),
        Hypothesis("biases", "no biases", no_biases, setting=True),
        Hypothesis("d_y", "one output", one_output, setting=True),
        Hypothesis("loss", "the squared loss", squared_loss, setting=True),
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
        "The abstract was read. symmetric_minimum(k) proves by balls that the local minimum with the symmetry of k − 1 units "
        "exists, for k = 6, 7, …: gradient at a rational point, Hessian positive definite on a whole ball around it, risk "
        "bounded away from 0. The law of the inputs cannot be checked on a sample; finite_sample builds problems to decide on."
    ),
)


def _rows(students: Sequence[Sequence[Exact]], teachers: Sequence[Sequence[Exact]]) -> tuple[Matrix, Matrix]:
    try:
        rows, goals = (tuple(map(tuple, number_table(t, what))) for t, what in ((students, "w"), (teachers, "v")))
    except ShapeError:
        rows, goals = (), ()
    if not rows or not goals or len({len(row) for row in (*rows, *goals)}) != 1 or not all(map(any, (*rows, *goals))):
        raise InputError(
            "students and teachers must be rows of one length, none of them 0", fix="for example [[1, 0]] and [[0, 1], [1, 1]]"
        )
    return rows, goals


def _objective(rows: Matrix, goals: Matrix) -> Objective:
    return Objective([[to_arb(v) for v in row] for row in rows], [[to_arb(v) for v in row] for row in goals])


def _ball(value: arb) -> Ball:
    found = from_arb(value)
    if found is None:
        raise InputError("two rows are parallel, or nearly", fix="take other weights, or more bits")
    return found


def _symmetric(k: int, entries: Sequence[Fraction]) -> Matrix:
    a, b, c, d, e = entries
    last = k - 1
    return tuple(
        tuple((a if i == j else b) if max(i, j) < last else (c if i < last else d if j < last else e) for j in range(k))
        for i in range(k)
    )


def _refined(weights: Matrix) -> tuple[Matrix, Matrix]:
    """Newton's method from a point, on midpoints only, for identical teachers e_1, …, e_k: a proposal."""
    from flint import arb_mat

    k = len(weights)
    teachers: Matrix = tuple(tuple(Fraction(int(i == j)) for j in range(k)) for i in range(k))
    with working_precision(_BITS):
        for _ in range(_STEPS):
            objective = _objective(weights, teachers)
            gradient = arb_mat([[entry.mid()] for row in objective.gradient() for entry in row])
            hessian = arb_mat([[entry.mid() for entry in row] for row in objective.hessian()])
            step = [rounded(entry.mid(), _GRID) for entry in hessian.solve(gradient).entries()]
            weights = tuple(tuple(v - step[i * k + j] for j, v in enumerate(row)) for i, row in enumerate(weights))
            if not any(abs(change) > Fraction(1, 1 << (_GRID - 8)) for change in step):
                break
    return weights, teachers


def _least_eigenvalue(hessian: Sequence[Sequence[Ball]]) -> Fraction | None:
    """A positive lower bound of the eigenvalues of every symmetric matrix in the balls, None if none is found."""
    grid = 1 << _HESSIAN_GRID
    middle = [[Fraction(round(entry.midpoint * grid), grid) for entry in row] for row in hessian]
    size = range(len(middle))
    middle = [[middle[max(i, j)][min(i, j)] for j in size] for i in size]
    # Off the middle by at most this in every row sum, hence in the spectral norm.
    spread = max(
        sum((max(abs(b.upper - m), abs(b.lower - m)) for b, m in zip(row, mids, strict=True)), Fraction(0))
        for row, mids in zip(hessian, middle, strict=True)
    )
    powers = [Fraction(1, 1 << n) for n in range(1, 14)]
    for upper, lower in pairwise([Fraction(1), *powers]):
        if not _exceeds(middle, lower + spread):
            continue
        for _ in range(5):
            between = (upper + lower) / 2
            upper, lower = (upper, between) if _exceeds(middle, between + spread) else (between, lower)
        return lower
    return None


def _exceeds(matrix: Sequence[Sequence[Fraction]], bound: Fraction) -> bool:
    shifted = [[value - bound * (i == j) for j, value in enumerate(row)] for i, row in enumerate(matrix)]
    return ldlt(shifted).is_positive_definite


def _root_above(square: Fraction) -> Fraction:
    """A number whose square is at least `square`."""
    grid = 1 << 80
    return Fraction(isqrt(int(square * grid * grid)) + 1, grid)
