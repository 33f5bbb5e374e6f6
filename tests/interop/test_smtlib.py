"""SMT-LIB files, given to Z3 and cvc5: the formulas are the risk, and their answers are those of exactsurf."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.coordinates import coordinates, parameters_at, weight_names
from exactsurf.interop.smt_term import number
from exactsurf.interop.smtlib import to_smtlib
from exactsurf.minima.local.directional import directional_derivative
from exactsurf.model.point import Point

MILLISECONDS = 20_000


def z3_answer(text: str) -> str:
    z3 = pytest.importorskip("z3")
    solver = z3.SolverFor("QF_LRA" if "QF_LRA" in text else "QF_NRA")
    solver.set("timeout", MILLISECONDS)
    solver.from_string(text)
    return str(solver.check())


def cvc5_answer(text: str) -> str:
    cvc5 = pytest.importorskip("cvc5")
    solver = cvc5.Solver()
    solver.setOption("tlimit-per", str(MILLISECONDS))
    solver.setOption("strict-parsing", "true")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "test")
    answers = []
    while not (command := parser.nextCommand()).isNull():
        answers.append(str(command.invoke(solver, parser.getSymbolManager())).strip())
    return next(answer for answer in answers if answer)


SOLVERS: dict[str, Callable[[str], str]] = {"z3": z3_answer, "cvc5": cvc5_answer}
solvers = pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)


def at(problem: es.Problem, text: str, theta: es.Parameters, goal: str) -> str:
    """The file with its goal replaced by another one, at one point."""
    lines = [line for line in text.splitlines() if not line.startswith(("(assert", "(check", "(exit"))]
    lines += [f"(assert (= {name} {number(value)}))" for name, value in coordinates(theta).items()]
    return "\n".join([*lines, f"(assert {goal})", "(check-sat)", "(exit)"])


def random_parameters(problem: es.Problem, seed: int, high: int = 6) -> es.Parameters:
    draw = random.Random(seed)
    return parameters_at(
        problem.network, {name: Fraction(draw.randint(-high, high), 2) for name in weight_names(problem.network)}
    )


DATA = es.Data.from_arrays([-1, "1/2", 2], [1, "-1/3", 2])
LABELS = es.Data.from_arrays([[-1, 1], ["1/2", 0]], [1, -1])
PROBLEMS = {
    "relu": es.Problem(es.Network([1, 2, 1]), DATA),
    "deep, no bias": es.Problem(es.Network([1, 2, 2, 1], biases=[True, False, True]), DATA, es.squared.mean),
    "hard tanh, absolute": es.Problem(es.Network([1, 2, 1], es.hard_tanh), DATA, es.absolute),
    "off 0, Huber": es.Problem(
        es.Network([1, 2, 1], es.piecewise_linear(["-1/2", 1], [2, -1, "1/3"], 1)), DATA, es.huber("1/2").scaled(3)
    ),
    "leaky, hinge": es.Problem(es.Network([2, 2, 1], es.leaky_relu("1/5")), LABELS, es.hinge),
    "classes, hinge": es.Problem(
        es.Network([1, 1, 3]), es.Data.from_arrays([1, -2], [[1, 0, 0], [0, 0, 1]]), es.hinge.scaled("1/3")
    ),
    "two outputs": es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([1, -2], [[1, 0], [0, "2/3"]])),
    "linear": es.Problem(es.Network([1, 1]), DATA),
}


@pytest.mark.parametrize("name", PROBLEMS, ids=str)
@solvers
def test_the_formula_of_the_risk_is_the_risk(name: str, solver: Callable[[str], str]):
    problem = PROBLEMS[name]
    text = to_smtlib(problem, random_parameters(problem, 0))
    for seed in (1, 2, 3):
        theta = random_parameters(problem, seed)
        risk = number(problem.risk(theta))
        assert solver(at(problem, text, theta, f"(distinct risk {risk})")) == "unsat"
        assert solver(at(problem, text, theta, f"(= risk {risk})")) == "sat"


@pytest.mark.parametrize("name", PROBLEMS, ids=str)
@solvers
def test_the_formula_of_the_derivative_is_the_derivative(name: str, solver: Callable[[str], str]):
    """Also at points on walls: small integers make many pre-activations vanish."""
    problem = PROBLEMS[name]
    for seed in (4, 5):
        theta, direction = random_parameters(problem, seed, 2), random_parameters(problem, seed + 10, 2)
        text = to_smtlib(problem, theta, question="direction")
        assert "(set-logic QF_LRA)" in text
        derivative = number(directional_derivative(Point(problem, theta), direction))
        lines = [line for line in text.splitlines() if not line.startswith(("(assert", "(check", "(exit"))]
        lines += [f"(assert (= d_{name} {number(value)}))" for name, value in coordinates(direction).items()]
        assert solver("\n".join([*lines, f"(assert (distinct derivative {derivative}))", "(check-sat)"])) == "unsat"


TINY = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
DEAD = {"W1": [[-1]], "b1": [-1], "W2": [[1]], "b2": ["1/3"]}
BEST = {"W1": [[-1]], "b1": [1], "W2": [["-1/2"]], "b2": ["1/2"]}


@solvers
def test_a_proved_local_minimum_has_no_lower_point_in_a_box(solver: Callable[[str], str]):
    for values in (DEAD, BEST):
        verdict = es.decide(TINY, TINY.parameters(**values))
        assert verdict.status == "PROVED"
        assert solver(to_smtlib(verdict.certificate, question="direction")) == "unsat"
        assert solver(to_smtlib(verdict.certificate, radius="1/10")) == "unsat"


@solvers
def test_a_larger_box_around_the_same_point_holds_a_lower_point(solver: Callable[[str], str]):
    theta = TINY.parameters(**DEAD)
    assert solver(to_smtlib(TINY, theta, radius=3)) == "sat"


@solvers
def test_a_refuted_point_has_lower_points_in_every_box(solver: Callable[[str], str]):
    theta = TINY.parameters(W1=[[1]], b1=["1/2"], W2=[[1]], b2=[0])
    verdict = es.decide(TINY, theta)
    assert verdict.status == "REFUTED"
    for radius in (1, "1/100", "1/1000000"):
        assert solver(to_smtlib(TINY, theta, radius=radius)) == "sat"
    assert solver(to_smtlib(TINY, theta, question="direction")) == "sat"
    assert solver(to_smtlib(verdict.certificate)) == "unsat"  # the risk falls along the certificate's direction


def test_z3s_point_is_lower_in_exact_arithmetic():
    z3 = pytest.importorskip("z3")
    theta = TINY.parameters(**DEAD)
    solver = z3.Solver()
    solver.from_string(to_smtlib(TINY, theta, radius=3))
    assert solver.check() == z3.sat
    model = solver.model()
    point = {}
    for name in weight_names(TINY.network):
        value = model.eval(z3.Real(name), model_completion=True)
        value = value if z3.is_rational_value(value) else value.approx(20)
        point[name] = Fraction(value.numerator_as_long(), value.denominator_as_long())
    assert TINY.risk(parameters_at(TINY.network, point)) < TINY.risk(theta)


@solvers
def test_on_a_cell_the_file_has_no_if_then_else_and_the_same_answers(solver: Callable[[str], str]):
    theta = TINY.parameters(W1=[[-1]], b1=["1/2"], W2=[["-1/2"]], b2=["1/2"])
    cell = TINY.cell(theta)
    text = to_smtlib(TINY, theta, radius=1, cell=cell)
    assert "ite" not in text and text.count("(assert") == 4 + len(cell.walls) + 1
    assert solver(text) == "sat"  # the unit fits sample 0 better
    dead = TINY.cell(TINY.parameters(**DEAD))
    assert solver(to_smtlib(TINY, TINY.parameters(**DEAD), radius=2, cell=dead)) == "unsat"  # constant fits end at the mean


def test_the_polynomial_of_the_cell_file_is_the_risk():
    theta = TINY.parameters(W1=[[2]], b1=["-1"], W2=[["1/3"]], b2=[1])
    text = to_smtlib(TINY, theta, cell=TINY.cell(theta))
    assert z3_answer(at(TINY, text, theta, f"(distinct risk {number(TINY.risk(theta))})")) == "unsat"


SPURIOUS = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))


def test_a_spurious_local_minimum_with_its_lower_point():
    certificate = es.papers.yun_2019.theorem_1.construct(SPURIOUS).certificate
    assert certificate.kind == "spurious local minimum"
    assert cvc5_answer(to_smtlib(certificate, radius="1/1000")) == "unsat"


@solvers
def test_both_halves_of_the_negated_claim_are_asked(solver: Callable[[str], str]):
    """With a lower point that is not lower, the file is satisfiable whatever the box holds."""
    certificate = es.papers.yun_2019.theorem_1.construct(SPURIOUS).certificate
    false_point = replace(certificate.lower_points[0], parameters=certificate.parameters)
    assert solver(to_smtlib(replace(certificate, lower_points=(false_point,)), radius="1/1000")) == "sat"


def test_what_cannot_be_asked():
    theta = TINY.parameters(**DEAD)
    with pytest.raises(es.InputError, match="point is not clear"):
        to_smtlib(TINY)
    with pytest.raises(es.InputError, match="radius"):
        to_smtlib(TINY, theta, radius=0)
    with pytest.raises(es.InputError, match="unknown question"):
        to_smtlib(TINY, theta, question="cone")
    with pytest.raises(es.InputError, match="not a certificate"):
        to_smtlib("certificate", theta)
    other = es.Problem(TINY.network, DATA)
    with pytest.raises(es.InputError, match="another problem"):
        to_smtlib(other, theta, cell=TINY.cell(theta))
    absolute = es.Problem(TINY.network, TINY.data, es.absolute)
    with pytest.raises(es.UnsupportedError, match="absolute risk"):
        to_smtlib(absolute, theta, cell=absolute.cell(theta))
    with pytest.raises(es.ShapeError):
        to_smtlib(PROBLEMS["relu"], theta)
