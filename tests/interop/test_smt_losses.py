"""Loss terms of SMT-LIB files against the textbook formulas, evaluated by Z3; and a weighted risk as a whole."""

from __future__ import annotations

from fractions import Fraction

import pytest
import z3

import exactsurf as es
from exactsurf.interop.smt_term import loss_term, number
from tests.weighted_losses import FORMULAS, labels_for

F = Fraction


@pytest.mark.parametrize("loss", FORMULAS, ids=repr)
def test_terms_have_the_values_of_the_formulas(loss):
    for y in labels_for(loss, [-2, 1]):
        for k in range(-12, 13):
            f = F(k, 3)
            expected = FORMULAS[loss](f, F(y)) / loss.scale
            text = f"(define-fun f () Real {number(f)}) (assert (= {loss_term(loss, 'f', F(y))} {number(expected)}))"
            solver = z3.Solver()
            solver.from_string(text)
            assert solver.check() == z3.sat


@pytest.mark.parametrize("loss", [es.squared.mean, es.quantile("1/3"), es.smoothed_hinge], ids=repr)
def test_a_weighted_minimum_has_no_lower_point_in_its_box(loss):
    data = es.Data.from_arrays([0, 1, 2], labels_for(loss, [1, -2, 3]), weights=[1, "1/2", 3])
    problem = es.Problem(es.Network([1, 1, 1], biases=[True, False]), data, loss)
    best = es.landscape(problem).global_minimum.parameters
    for point, answer in ((best, z3.unsat), (best.moved(best, F(1, 50)), z3.sat)):
        if problem.risk(point) == problem.risk(best) and answer == z3.sat:
            continue
        solver = z3.Solver()
        solver.set("timeout", 60_000)
        solver.from_string(es.to_smtlib(problem, point, radius="1/10").replace("(check-sat)", "").replace("(exit)", ""))
        assert solver.check() == answer
