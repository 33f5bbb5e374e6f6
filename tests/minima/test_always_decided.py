"""One hidden layer, one output, squared loss: decide always proves or refutes, whatever the activation and the biases."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.model.point import Point
from tests import oracle

F = Fraction
small = st.integers(-3, 3).map(F)
ratios = st.fractions(-2, 2, max_denominator=3)


@st.composite
def activations(draw: st.DrawFn) -> es.Activation:
    """Up to three breakpoints, 0 among them or not; neighbouring slopes may be equal."""
    breakpoints = sorted(draw(st.lists(ratios, min_size=0, max_size=3, unique=True)))
    slopes = draw(st.lists(st.sampled_from([F(-1), F(0), F(1, 2), F(1), F(2)]), min_size=len(breakpoints) + 1, max_size=4))
    return es.piecewise_linear(breakpoints, slopes[: len(breakpoints) + 1], draw(st.sampled_from([0, 0, 1])))


@st.composite
def points_on_walls(draw: st.DrawFn) -> tuple[es.Problem, es.Parameters, int]:
    """A problem and a point; some units are moved so that some samples sit at a breakpoint, some targets fit exactly."""
    h = draw(st.one_of(st.sampled_from([es.relu, es.leaky_relu("1/3"), es.absolute_value, es.hard_tanh]), activations()))
    width, units, samples = draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 6))
    biases = draw(st.tuples(st.booleans(), st.booleans()))
    network = es.Network([width, units, 1], h, biases=list(biases))
    x = [[draw(small) for _ in range(width)] for _ in range(samples)]
    rows = []
    for _ in range(units):
        row, bias = [draw(small) for _ in range(width)], draw(ratios)
        if h.breakpoints and draw(st.booleans()):
            t, i = draw(st.sampled_from(h.breakpoints)), draw(st.integers(0, samples - 1))
            z = sum((a * b for a, b in zip(row, x[i], strict=True)), F(0))
            if biases[0]:
                bias = t - z
            elif z:
                row = [a * t / z for a in row]
        rows.append((row, bias))
    named = {
        "W1": [row for row, _ in rows],
        "b1": [bias for _, bias in rows],
        "W2": [[draw(st.sampled_from([F(-1), F(0), F(1), F(1, 2)])) for _ in rows]],
        "b2": [draw(ratios)],
    }
    chosen = {name: named[name] for name in network.shapes}
    blank = es.Problem(network, es.Data.from_arrays(x, [0] * samples))
    theta = blank.parameters(**chosen)
    fitted = [row[0] for row in oracle.predictions(blank, theta)]
    r = _stationary(blank, theta, [draw(small) for _ in range(samples)]) if draw(st.booleans()) else [draw(small) for _ in x]
    problem = es.Problem(network, es.Data.from_arrays(x, [f - a for f, a in zip(fitted, r, strict=True)]))
    return problem, theta, len(TangentFan(Point(problem, theta)).pairs)


def _stationary(problem: es.Problem, theta: es.Parameters, wish: list[Fraction]) -> list[Fraction]:
    """Residuals with Σ r = 0 and Σ r h(z) = 0: a combination of a basis of these."""
    hidden = [oracle.pre_activations(problem, theta, x)[0] for x in problem.data.x]
    rows = [[F(1)] * len(hidden)] if problem.network.biases[1] else []
    rows += [[oracle.activate(problem.network.activation, z[j]) for z in hidden] for j in range(len(hidden[0]))]
    basis = oracle.kernel(rows, len(hidden))
    return [sum((w * b[i] for w, b in zip(wish, basis, strict=False)), F(0)) for i in range(len(hidden))]


SEEN: Counter[str] = Counter()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(points_on_walls())
def test_undecided_never_occurs(case: tuple[es.Problem, es.Parameters, int]) -> None:
    problem, theta, pairs = case
    verdict = es.decide(problem, theta)
    assert verdict.status is not es.Status.UNDECIDED, (problem, theta, verdict.reason)
    assert (verdict.status is es.Status.PROVED) == oracle.is_local_minimum(problem, theta)
    SEEN[str(verdict.status)] += 1
    SEEN["walls"] += pairs >= 3
    SEEN["several breakpoints"] += len(problem.network.activation.breakpoints) > 1
    SEEN["no biases"] += not any(problem.network.biases)
    SEEN["proved on walls"] += pairs > 0 and verdict.status is es.Status.PROVED


def test_the_cases_above_were_of_every_kind() -> None:
    if SEEN:  # the tests of a file may be run one by one
        assert (
            min(SEEN[key] for key in ("PROVED", "REFUTED", "walls", "several breakpoints", "no biases", "proved on walls")) >= 20
        ), SEEN
