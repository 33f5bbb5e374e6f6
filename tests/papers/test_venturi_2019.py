"""Intrinsic dimension against sampled features; as many units leave no spurious valley; the valleys of two units."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.papers import venturi_2019
from exactsurf.papers.venturi_2019 import feature_table, intrinsic_dimension, spurious_valley
from tests import oracle

F = Fraction
THEOREM = venturi_2019.no_spurious_valleys
BENT = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
ACTIVATIONS = [es.relu, es.leaky_relu("1/3"), es.absolute_value, es.hard_tanh, es.relu6, es.linear]


def sampled_dimension(problem: es.Problem, seed: int) -> int:
    """The rank of the features of many random units, by SymPy; a lower bound that is met for enough of them."""
    source, network = random.Random(seed), problem.network
    rows = [[1] * len(problem.data)] if network.biases[1] else []
    for _ in range(60):
        w = [F(source.randint(-30, 30), source.randint(1, 7)) for _ in range(network.widths[0])]
        b = F(source.randint(-40, 40), source.randint(1, 7)) if network.biases[0] else F(0)
        rows.append([network.activation(sum((p * q for p, q in zip(w, x, strict=True)), b)) for x in problem.data.x])
    return sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in map(F, row)] for row in rows]).rank() - bool(
        network.biases[1]
    )


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(ACTIVATIONS),
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=1, max_size=5),
)
def test_the_dimension_is_that_of_sampled_features(activation, hidden, output, x) -> None:
    network = es.Network([2, 1, 1], activation, biases=[hidden, output])
    problem = es.Problem(network, es.Data.from_arrays(x, [0] * len(x)))
    assert intrinsic_dimension(problem) == sampled_dimension(problem, 7)


def test_the_table_has_the_features_in_its_column_space() -> None:
    """h(w·x̃_i) = Σ (column of the table) · (function of w), for hard tanh: entries of w, 1 and |n·w − t|."""
    problem = es.Problem(es.Network([1, 1, 1], es.hard_tanh), BENT)
    table = sympy.Matrix(feature_table(problem))
    for w, b in ((F(1), F(-1, 2)), (F(2), F(-3)), (F(-1, 3), F(5, 4))):
        features = sympy.Matrix([sympy.Rational(str(es.hard_tanh(w * x + b))) for (x,) in problem.data.x])
        assert table.row_join(features).rank() == table.rank()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=2, max_size=3), st.sampled_from(ACTIVATIONS[:3]))
def test_as_many_units_leave_no_spurious_valley(samples, activation) -> None:
    data = es.Data.from_arrays([[x] for x, _ in samples], [y for _, y in samples])
    for biases in ([False, False], [True, False], [True, True]):
        narrow = es.Problem(es.Network([1, 1, 1], activation, biases=biases), data)
        width = max(1, intrinsic_dimension(narrow))
        problem = es.Problem(es.Network([1, width, 1], activation, biases=biases), data)
        assert THEOREM.check(problem).status is Status.PROVED
        # Decided by the merge tree, which knows nothing of the dimension.
        assert not any(valley.is_spurious for valley in es.landscape(problem, workers=1).valleys)
        assert THEOREM.conclusion(problem).status is not Status.REFUTED


@pytest.mark.parametrize(
    ("width", "hypotheses", "conclusion"),
    [(1, Status.REFUTED, Status.REFUTED), (2, Status.REFUTED, Status.REFUTED), (3, Status.PROVED, Status.PROVED)],
)
def test_three_units_are_enough_and_two_are_not(width: int, hypotheses: Status, conclusion: Status) -> None:
    problem = es.Problem(es.Network([1, width, 1]), BENT)
    report = THEOREM.examine(problem)
    assert report.status is hypotheses
    assert report.conclusion is not None and report.conclusion.status is conclusion


def test_a_spurious_valley_comes_with_a_certificate() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), BENT)
    found = THEOREM.construct(problem)
    accepted = es.verify(found.encoded)
    assert (accepted.kind, accepted.risk) == ("spurious valley", F(1, 3))
    assert oracle.risk(problem, found.points[0]) == F(1, 3) and oracle.risk(problem, found.points[-1]) < F(1, 3)
    with pytest.raises(HypothesisError):
        spurious_valley(es.Problem(es.Network([1, 3, 1]), BENT))


def test_what_is_not_asked() -> None:
    deep = es.Problem(es.Network([1, 2, 2, 1]), BENT)
    assert THEOREM.conclusion(deep).status is Status.UNDECIDED
    assert THEOREM.does_not_apply(deep) is not None
    with pytest.raises(UnsupportedError):
        intrinsic_dimension(deep)
    large = es.Problem(es.Network([3, 9, 1]), es.Data.from_arrays([[i, i * i, i**3] for i in range(40)], list(range(40))))
    assert THEOREM.conclusion(large).status is Status.UNDECIDED
