"""Random small instances: where all hypotheses of a theorem hold, its conclusion is never refuted."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import THEOREMS
from exactsurf.search.catalogue import instances as instances_of_the_literature
from tests.sweep import draws

SWEEP = draws(120)
small = st.integers(-2, 2)
ACTIVATIONS = [es.relu, es.leaky_relu("1/2"), es.absolute_value, es.hard_tanh, es.linear]
# Refuted as worded; its counterexamples are in test_sharpness.py.
TRUE = [theorem for key, theorem in THEOREMS.items() if key != "he_2020.one_valley"]


@st.composite
def instances(draw: st.DrawFn) -> tuple[es.Problem, es.Parameters]:
    """A network of at most two hidden layers, three to five samples, and a point with small integers."""
    activation = draw(st.sampled_from(ACTIVATIONS))
    hidden = draw(st.sampled_from([[1], [2], [3], [2, 2], [1, 2]]))
    outputs = draw(st.sampled_from([1, 1, 1, 2]))
    biases = draw(st.booleans()) if not activation.is_linear else draw(st.sampled_from([False, False, True]))
    loss = draw(st.sampled_from(["squared", "squared", "huber", "absolute", "hinge"])) if outputs == 1 else "squared"
    width, size = draw(st.integers(1, 2)), draw(st.integers(3, 5))
    x = [[draw(small) for _ in range(width)] for _ in range(size)]
    label = st.sampled_from([-1, 1]) if loss == "hinge" else small
    y = [[draw(label) for _ in range(outputs)] for _ in range(size)]
    problem = es.Problem(es.Network([width, *hidden, outputs], activation, biases=biases), es.Data.from_arrays(x, y), loss)
    named = {
        name: [draw(small) for _ in range(shape[0])]
        if len(shape) == 1
        else [[draw(small) for _ in range(shape[1])] for _ in range(shape[0])]
        for name, shape in problem.network.shapes.items()
    }
    # The origin is critical for many of them, with zero units and zero output weights.
    return problem, problem.parameters(**named).moved(problem.parameters(**named), Fraction(draw(st.sampled_from([0, 0, -1]))))


# Conclusions about cells, sublevel sets, optimal sets, numbers of critical points, expected outputs, or a point and the
# product map; not about a local minimum of the network. Those of `feizi_2018` are about units that are held on lines.
ELSEWHERE = {
    "he_2020.multilinear_partition",
    "he_2020.linear_collapse",
    "he_2020.equivalence_classes",
    "freeman_2017.level_sets",
    "zhou_2018.critical_points",
    "zhou_2018.deep_critical_points",
    "zhou_2018.relu_critical_points",
    "trager_2020.local_minima_are_pure",
    "bharadwaj_2023.number_of_critical_points",
    "mehta_2021.regularised_points_are_isolated",
    "feizi_2018.non_degenerate",
    "kawaguchi_2016.corollary_3_2",
    "kim_2025.staircase",
    "liu_2021.differentiable_minima",
    "nguyen_2021.one_more_than_samples",
    "grigsby_2022.upper_bound",
    "kohn_2024.regular_critical_points",
    "grigsby_2023.no_hidden_symmetries",
    "grillo_2026.identifiable_parameters",
    "stargalla_2025.six_counts",
    "bertschinger_2023.irrational_minima",
    "vardi_2022.kkt_is_optimal",
    "shahverdi_2024.number_of_critical_points",
}


@pytest.mark.slow
def test_nothing_about_local_minima_is_proved_without_a_certificate() -> None:
    bare = Counter()
    for found in instances_of_the_literature().values():
        for key, theorem in THEOREMS.items():
            if theorem.does_not_apply(found.problem, found.parameters) is None:
                verdict = theorem.conclusion(found.problem, found.parameters)
                if verdict.status is Status.PROVED and verdict.certificate is None:
                    bare[key] += 1
    assert set(bare) <= ELSEWHERE
    assert bare["zhou_2018.critical_points"]


@settings(max_examples=SWEEP, deadline=None)
@given(instances())
def test_no_conclusion_is_refuted_where_the_hypotheses_hold(instance: tuple[es.Problem, es.Parameters]) -> None:
    problem, parameters = instance
    for theorem in TRUE:
        if theorem.does_not_apply(problem, parameters) is None and theorem.check(problem, parameters).status is Status.PROVED:
            verdict = theorem.conclusion(problem, parameters)
            assert verdict.status is not Status.REFUTED, (theorem.key, verdict)
            if verdict.certificate is not None:
                es.verify(verdict.certificate.encoded)


@pytest.mark.parametrize("hidden", [[2], [2, 2]], ids=str)
def test_where_the_theorems_speak_they_are_decided(hidden: list[int]) -> None:
    """On Yun's example A with its spurious minimum, what applies is decided, and what is false fails by a hypothesis."""
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    problem = es.Problem(es.Network([1, *hidden, 1]), data)
    point = es.papers.he_2020.construct(problem).parameters
    found = Counter()
    for theorem in THEOREMS.values():
        if theorem.does_not_apply(problem, point) is None:
            report = theorem.examine(problem, point)
            found[report.status, report.conclusion.status] += 1
            assert not (report.status is Status.PROVED and report.conclusion.status is Status.REFUTED)
    assert found[Status.PROVED, Status.PROVED] >= 4
    assert found[Status.REFUTED, Status.REFUTED] >= 2


def test_random_points_never_meet_an_error() -> None:
    """`check` and `conclusion` answer for every theorem on every small problem, with and without a point."""
    data = es.Data.from_arrays([[0], [1], [1]], [1, -1, 1])
    networks = es.Network([1, 1]), es.Network([1, 2, 1], es.linear, biases=False), es.Network([1, 1, 1, 1], es.hard_tanh)
    for network, loss in [
        *((n, es.squared) for n in networks),
        *zip(networks, (es.absolute, es.hinge, es.huber(1)), strict=True),
    ]:
        problem = es.Problem(network, data, loss)
        zero = problem.parameters(
            **{name: [0] * s[0] if len(s) == 1 else [[0] * s[1]] * s[0] for name, s in network.shapes.items()}
        )
        for theorem in THEOREMS.values():
            assert theorem.conclusion(problem).reason
            assert theorem.examine(problem, zero).conclusion.reason
