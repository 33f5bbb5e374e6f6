"""The population objective of Safran and Shamir: quadrature, difference quotients, a re-derived table."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError
from exactsurf.exact.balls import from_arb, to_arb, working_precision
from exactsurf.minima.not_proved import NotProved
from exactsurf.papers.safran_2018 import (
    certify_population_minimum,
    finite_sample,
    finite_sample_point,
    population_risk,
    restricted_sample,
    student_teacher,
    symmetric_minimum,
)
from exactsurf.theorems.constructions.gaussian_inputs import Objective
from exactsurf.theorems.outcome import Outcome
from tests.sweep import draws

F = Fraction
STUDENTS = [[F(1), F(1, 3)], [F(-1, 2), F(2)]]
TEACHERS = [[F(1), F(0)], [F(1, 5), F(1)]]


def by_quadrature(students: list[list[Fraction]], teachers: list[list[Fraction]]) -> mpmath.mpf:
    """½ E(…)² in polar coordinates: E r² = 2, and the angle is uniform."""
    rows = [([float(v) for v in row], sign) for group, sign in ((students, 1), (teachers, -1)) for row in group]

    def integrand(angle: mpmath.mpf) -> mpmath.mpf:
        x = (mpmath.cos(angle), mpmath.sin(angle))
        return sum(sign * max(0, row[0] * x[0] + row[1] * x[1]) for row, sign in rows) ** 2

    kinks = sorted(float(mpmath.atan2(row[1], row[0]) + s * mpmath.pi / 2) % (2 * mpmath.pi) for row, _ in rows for s in (1, -1))
    return mpmath.quad(integrand, [0, *kinks, 2 * mpmath.pi]) / (2 * mpmath.pi)


def test_the_risk_against_quadrature() -> None:
    found = population_risk(STUDENTS, TEACHERS)
    assert abs(float(found.midpoint) - by_quadrature(STUDENTS, TEACHERS)) < 1e-12
    assert found.radius < F(1, 10**30)
    assert population_risk(TEACHERS, TEACHERS).contains(0)


def test_gradient_and_hessian_against_difference_quotients() -> None:
    step = F(1, 10**12)

    def moved(i: int, p: int, amount: Fraction) -> list[list[Fraction]]:
        return [[v + amount * ((k, q) == (i, p)) for q, v in enumerate(row)] for k, row in enumerate(STUDENTS)]

    def gradient(students: list[list[Fraction]]) -> list[Fraction]:
        with working_precision(256):
            objective = Objective([[to_arb(v) for v in r] for r in students], [[to_arb(v) for v in r] for r in TEACHERS])
            return [from_arb(v).midpoint for row in objective.gradient() for v in row]

    with working_precision(256):
        objective = Objective([[to_arb(v) for v in r] for r in STUDENTS], [[to_arb(v) for v in r] for r in TEACHERS])
        hessian = [[from_arb(v).midpoint for v in row] for row in objective.hessian()]
    slopes = gradient(STUDENTS)
    for place in range(4):
        up, down = (moved(place // 2, place % 2, sign * step) for sign in (1, -1))
        rise = population_risk(up, TEACHERS, 256).midpoint - population_risk(down, TEACHERS, 256).midpoint
        assert abs(rise / (2 * step) - slopes[place]) < F(1, 10**20)
        for other, (a, b) in enumerate(zip(gradient(up), gradient(down), strict=True)):
            assert abs((a - b) / (2 * step) - hessian[other][place]) < F(1, 10**20)


@pytest.mark.parametrize(
    ("k", "risk", "curvature"),
    [(6, "0.0250806", "0.00470"), pytest.param(7, "0.0232027", "0.01406", marks=pytest.mark.slow)],
)
def test_symmetric_minima(k: int, risk: str, curvature: str) -> None:
    found = symmetric_minimum(k)
    assert abs(found.risk.midpoint - F(risk)) < F(1, 10**7)
    assert F(curvature) * F(9, 10) < found.curvature < F(curvature) + F(1, 10**5)
    assert 2 * found.gradient < found.curvature * found.radius
    assert 0 < found.least <= found.risk.lower
    assert "spurious local minimum" in str(found)
    if k == 6:
        known = [F(n, 100_000) for n in (98_670, -5_041, 30_801, 22_452, -60_151)]
        w = found.weights
        assert all(abs(a - b) < F(1, 10**5) for a, b in zip((w[0][0], w[0][1], w[0][5], w[5][0], w[5][5]), known, strict=True))


def test_one_more_unit_needs_eight() -> None:
    with pytest.raises(InputError, match="k ≥ 8"):
        symmetric_minimum(7, one_more=True)


# Small, middle and large sizes, with one more unit in turn; a long sweep makes every certificate.
TABLE = [(k, bool(more)) for more in range(2) for k in range(6 + 2 * more, 21) if draws(1) > 1 or (k + 3 * more) % 5 == 0]


@pytest.mark.slow
@pytest.mark.parametrize(("k", "one_more"), TABLE)
def test_the_whole_table_has_certificates(k: int, one_more: bool) -> None:
    certificate = symmetric_minimum(k, one_more=one_more).certificate
    assert certificate.larger and es.verify(certificate).sentence.count(f" {k + one_more} ReLU units against {k} ") == 1
    assert certificate.risk[0] > F(1, 100)


def test_the_theorem_is_confirmed_with_a_certificate() -> None:
    network = es.Network([7, 6, 1], biases=False)
    problem = es.Problem(network, es.Data.from_arrays([[1] * 7], [1]), es.squared.mean)
    verdict = student_teacher.conclusion(problem)
    assert verdict.status is Status.PROVED and verdict.certificate.larger
    assert student_teacher.examine(problem).outcome is Outcome.CONFIRMED
    for widths in ([5, 5, 1], [5, 6, 1], [21, 21, 1]):
        other = es.Problem(es.Network(widths, biases=False), es.Data.from_arrays([[1] * widths[0]], [1]))
        assert student_teacher.conclusion(other).status is Status.UNDECIDED
        assert student_teacher.check(other).status is Status.REFUTED


def test_what_is_not_a_minimum_is_not_proved() -> None:
    far = [[F(1), F(1, 3)], [F(1, 7), F(2)]]
    assert isinstance(certify_population_minimum(far, TEACHERS), NotProved)
    with pytest.raises(InputError, match="k ≥ 6"):
        symmetric_minimum(5)
    with pytest.raises(InputError, match="fewer students"):
        certify_population_minimum(STUDENTS[:1], TEACHERS)
    with pytest.raises(InputError, match="none of them 0"):
        population_risk([[0, 0]], TEACHERS)


def test_a_finite_sample_has_the_teacher_as_global_minimum() -> None:
    problem = finite_sample([[1, 0], [1, 2], [-1, 3], [2, -1]], [[1, 0], [0, 1]], 2)
    teacher = finite_sample_point(problem, [[1, 0], [0, 1]])
    assert problem.risk(teacher) == 0
    assert es.decide(problem, teacher).status is Status.PROVED
    assert problem.risk(finite_sample_point(problem, [[1, 0], [1, 1]])) > 0


def test_samples_with_held_output_weights_are_decided() -> None:
    """Every point is decided; spurious minima have the teacher below them, and no small move of the students lowers the risk."""
    source, proved = random.Random(68), 0
    inputs = [[1, 2], [-2, 2], [2, -1], [1, 1], [0, 0]]
    problem = restricted_sample(inputs, [[1, 0], [0, 1]], 2)
    teacher = finite_sample_point(problem.unrestricted, [[1, 0], [0, 1]])
    points = [[["48/35", "27/35"], ["-20/23", "3/23"]], [[1, 0], [0, 1]], [[0, 0], [0, 0]], [[1, 1], [0, -1]], [[-1, 0], [0, -1]]]
    for rows in points:
        theta = finite_sample_point(problem.unrestricted, rows)
        lower = [teacher] if problem.risk(theta) else []
        verdict = es.decide(problem, theta, lower=lower)
        assert verdict.status is not es.Status.UNDECIDED and es.verify(verdict.certificate).risk == problem.risk(theta)
        if verdict.status is es.Status.PROVED:
            proved += 1
            for _ in range(50):
                moved = [u + Fraction(source.randint(-9, 9), 10**4) for u in problem.values(theta)]
                assert problem.risk(problem.restriction.at(moved)) >= problem.risk(theta)
    assert proved >= 2
