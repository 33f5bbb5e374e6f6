"""Bounds with weight decay and for losses by expression against brute force and other algorithms."""

from __future__ import annotations

import random
from contextlib import suppress
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.surface.bounds.curved_fits import CurvedFits
from exactsurf.surface.bounds.term_fits import TermFits
from exactsurf.surface.levels.level_point import risk_above


def searched(problem: es.Problem, nodes: int = 40, width: str = "1/50") -> es.BoundSearch:
    search = es.BoundSearch(problem)
    with suppress(es.InputError):
        search.run(max_nodes=nodes, width=width)
    return search


@pytest.mark.parametrize(("loss", "share"), [("squared", 1), ("huber(1/2)", 1), ("absolute", 30)])
def test_cones_have_the_bound_that_exact_fits_have(loss: str, share: int) -> None:
    source = random.Random(loss)
    targets = [[source.randint(-3, 3) for _ in range(2)] for _ in range(4)]
    problem = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1, 2, 3], targets), loss)
    columns = [tuple(source.randint(-2, 2) for _ in range(8)) for _ in range(6)]
    exact, near = TermFits(problem).minimum(columns).value, CurvedFits(problem).minimum(columns).value
    assert near <= exact <= near + Fraction(share, 100) * exact


@pytest.mark.parametrize(
    ("widths", "loss", "decay", "biases"),
    [
        ([1, 1, 3], "cross_entropy", "1/5", True),
        ([1, 2, 3], "cross_entropy", "1/5", False),
        ([1, 1, 2], "squared", "1/2", False),
        ([2, 1, 2], "squared_hinge", "1/4", True),
        ([1, 1, 2], "hinge", "1/4", True),
        ([1, 1, 2], "log_cosh", None, False),
        ([1, 1, 1, 2], "cross_entropy", "1/3", False),
        ([1, 1, 1, 1], "logistic", None, False),
    ],
)
def test_no_parameters_are_below_the_bound(widths: list[int], loss: str, decay: str | None, biases: bool) -> None:
    source, outputs, samples = random.Random(str((widths, loss))), widths[-1], 4
    x = [[source.randint(-2, 2) for _ in range(widths[0])] for _ in range(samples)]
    y = [[int(k == i % outputs) for k in range(outputs)] for i in range(samples)] if outputs > 1 else [-1, 1, 1, -1]
    problem = es.Problem(es.Network(widths), es.Data.from_arrays(x, y), loss, weight_decay=decay, decay_biases=biases)
    search = searched(problem)
    proof = es.certify_search(search)
    assert isinstance(proof, es.EnclosedLeastRisk)
    assert proof.bound <= search.lower <= search.upper <= proof.risk
    assert risk_above(problem, proof.parameters) <= proof.risk
    for size in (8, 2):
        for _ in range(60):
            steps = tuple(Fraction(source.randint(-8, 8), size) for _ in range(dimension(problem.network)))
            assert risk_above(problem, parameters_of(problem.network, steps)) >= search.lower
            near = problem_near(search, steps, 16)
            assert risk_above(problem, near) >= search.lower


def problem_near(search: es.BoundSearch, steps: tuple[Fraction, ...], size: int) -> es.Parameters:
    step = parameters_of(search.problem.network, tuple(value / size for value in steps))
    return search.point.moved(step, Fraction(1))


@pytest.mark.parametrize("everything", [True, False])
def test_one_output_has_the_enclosure_that_landscapes_find(everything: bool) -> None:
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    for units in (1, 2):
        problem = es.Problem(es.Network([1, units, 1]), data, weight_decay="1/2", decay_biases=everything)
        known = es.enclosed_landscape(problem).global_minimum.risk
        search = searched(problem, 80)
        assert search.lower <= known.high and known.low <= search.upper
        assert not everything or known.low - search.lower <= search.upper / 20


def test_an_output_twice_is_one_output_with_more_weight() -> None:
    # Output weights (v, v) have the length √2 |v|: the risk is that of one output with twice the loss, and λ √2 for λ.
    # Both have the least risk of a unit without weights where λ is large.
    y = [1, -1, 2]
    problem = es.Problem(
        es.Network([1, 1, 2]), es.Data.from_arrays([0, 1, 2], [[v, v] for v in y]), weight_decay=100, decay_biases=False
    )
    search = searched(problem)
    mean = Fraction(sum(y), 3)
    constant = sum(((v - mean) ** 2 for v in y), Fraction(0))
    assert search.lower <= constant and constant - search.lower <= constant / 50


def test_the_least_risk_of_equal_inputs_of_different_classes() -> None:
    data = es.Data.from_arrays([1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 1, 0]])
    search = searched(es.Problem(es.Network([1, 1, 3]), data, "cross_entropy"))
    # One class in three: the entropy of (1/3, 2/3), three times.
    assert 1.9 < float(search.lower) < 1.9096 and float(search.upper) < 1.92
