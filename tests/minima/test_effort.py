"""Whoever asks waits at most as long as they allow; points on which `decide` once took a minute and more."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

import exactsurf as es
from exactsurf import effort as module
from exactsurf.certificate.verdict import Status
from exactsurf.minima.floats import polish as polish_module
from tests.test_effort import Clock

DEEP: list[dict[str, Any]] = [
    {
        "widths": [1, 2, 2, 2],
        "activation": "relu",
        "loss": "squared",
        "x": [-2, -2, 1, -1, -2],
        "y": [["4/3", 1], [-1, -2], ["-1/3", 0], [1, 0], [-1, 1]],
        "W": {"W1": [[0], [0]], "W2": [[0, 0], [0, -2]], "W3": [[1, 0], [-1, 1]]},
    },
    {
        "widths": [1, 1, 1, 1, 2],
        "activation": {"breakpoints": [-1, 0, 1], "slopes": [0, 1, -1, 0], "value_at_0": 1},
        "loss": es.huber(1),
        "x": [-1, -2, -2, 1, -1],
        "y": [[2, -1], [1, -1], [-1, -1], [0, -1], [-2, -1]],
        "W": {"W1": [[0]], "W2": [[0]], "W3": [[0]], "W4": [[0], [-1]]},
    },
    {
        "widths": [3, 2, 2, 2],
        "activation": "absolute_value",
        "loss": "squared",
        "x": [[0, 0, 0], [1, -2, 2], [-2, 1, 0], [2, 1, -2], [2, -1, -1]],
        "y": [[0, -2], [-1, 2], [0, -1], [-1, 2], [2, 2]],
        "W": {"W1": [[-1, 1, -1], [0, 0, 0]], "W2": [[0, 0], [0, 0]], "W3": [[-1, 0], [-1, -1]]},
    },
]


def slow_point(k: int) -> tuple[es.Problem, es.Parameters]:
    case = DEEP[k]
    network = es.Network(case["widths"], case["activation"], biases=False)
    problem = es.Problem(network, es.Data.from_arrays(case["x"], case["y"]), case["loss"])
    return problem, problem.parameters(**case["W"])


@pytest.mark.parametrize("k", range(len(DEEP)))
def test_a_slow_point_is_left_in_time(k: int) -> None:
    problem, theta = slow_point(k)
    began = time.process_time()
    verdict = es.decide(problem, theta, effort=1)
    # The processor's time is at most the wall's: a machine that is busy with other things does not fail this.
    assert time.process_time() - began < 1 * 1.1 + 1
    if verdict.status is Status.UNDECIDED:
        assert verdict.reason.startswith("out of time after 1 s: tried paths")
        assert "cut short" in verdict.reason and verdict.reason.endswith("raise effort=… (--effort)")


def test_every_rule_asks_for_the_time_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that moves a hundredth of a second at each look, a slow question is cut after about a hundred looks."""
    problem, theta = slow_point(2)
    looks = [0]

    def tick() -> int:
        looks[0] += 1
        return looks[0] * 10**7

    monkeypatch.setattr(module, "monotonic_ns", tick)
    verdict = es.decide(problem, theta, effort=1)
    assert verdict.status is Status.UNDECIDED and "out of time" in verdict.reason
    assert looks[0] < 150


def test_all_questions_about_a_point_take_an_effort() -> None:
    problem, theta = slow_point(2)
    began = time.process_time()
    senses = es.stationarity(problem, theta, effort="0.5")
    assert time.process_time() - began < 0.5 * 1.1 + 1
    assert senses.second_order.status is not Status.PROVED
    small = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    there = small.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    for effort in (None, 10, Fraction(21, 2), "10", es.Effort(seconds=None)):
        assert es.decide(small, there, effort=effort).status is Status.PROVED
        assert es.polish(small, there, effort=effort).verdict.status is Status.PROVED
        assert es.sosp_check(small, there, effort=effort).decision.status is Status.PROVED


def test_time_that_is_over_at_once_leaves_everything_open() -> None:
    problem, theta = slow_point(2)
    assert es.decide(problem, theta, effort=Fraction(1, 10**6)).status is not Status.PROVED
    linear = es.Problem(es.Network([2, 2, 2], es.linear, biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]]))
    zero = linear.parameters(W1=[[0, 0], [0, 0]], W2=[[0, 0], [0, 0]])
    answer = es.classify_deep_linear(linear, zero, effort=Fraction(1, 10**9))
    assert str(answer.kind) == "undecided" and "out of time" in answer.reason
    assert str(es.classify_deep_linear(linear, zero).kind) == "saddle"


def smooth_point() -> tuple[es.Problem, es.Parameters]:
    """A network of tanh units whose Hessian in ball arithmetic takes several seconds."""
    inputs = [[(7 * i + 3 * j) % 11 - 5 for j in range(4)] for i in range(40)]
    widths = [4, 12, 10, 1]
    problem = es.Problem(es.Network(widths, "tanh"), es.Data.from_arrays(inputs, [5 * i % 7 - 3 for i in range(40)]))
    named: dict[str, Any] = {}
    for name, shape in problem.network.shapes.items():
        row = [[Fraction((3 * i + 5 * j) % 7 - 3, 7) for j in range(shape[-1])] for i in range(shape[0])]
        named[name] = row if len(shape) == 2 else row[0]
    return problem, problem.parameters(**named)


@pytest.mark.parametrize("ask", [es.decide, es.find_critical_box, es.polish])
def test_questions_about_smooth_problems_end_in_time(ask: Callable[..., es.Verdict]) -> None:
    problem, theta = smooth_point()
    began = time.process_time()
    found = ask(problem, theta, effort=1)
    assert time.process_time() - began < 1.5
    assert found.status is Status.UNDECIDED
    assert found.reason == "out of time after 1 s: the Hessian in ball arithmetic; raise effort=… (--effort)"


def test_smooth_problems_that_are_quick_are_answered_in_time() -> None:
    problem = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2]))
    near = problem.parameters(W1=[["4/5"]], W2=[["8/5"]])
    assert es.find_critical_box(problem, near, effort=30) == es.find_critical_box(problem, near)
    assert es.decide(problem, near, effort=30) == es.decide(problem, near)
    for ask in (es.find_critical_box, es.decide):
        found = ask(problem, near, effort=Fraction(1, 10**9))
        assert found.status is Status.UNDECIDED and "out of time" in found.reason


def test_polish_hands_its_time_on_to_the_box() -> None:
    data = es.Data.from_arrays([[1, 0], [0, 1], [-1, -1]], [[2, 1], [1, 1], [0, -1]])
    deep = es.Problem(es.Network([2, 1, 1, 2], "leaky_relu:1/2", biases=False), data)
    start = deep.parameters(W1=[[1, "7/10"]], W2=[[1]], W3=[["8/5"], ["11/10"]])
    seen: list[object] = []
    real = polish_module.find_critical_box

    def watched(*args: Any, **options: Any) -> Any:
        seen.append(options["effort"]._end)
        return real(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polish_module, "find_critical_box", watched)
        assert es.polish(deep, start, effort=30).box is not None
    assert len(seen) == 1 and seen[0] is not None


def test_sosp_check_without_time_leaves_its_output_open() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    answer = es.sosp_check(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]), effort=Fraction(1, 10**9))
    assert answer.output is Status.UNDECIDED and answer.direction is None
    assert "out of time" in answer.step and "UNDECIDED" in str(answer)


def test_a_search_ends_with_its_effort() -> None:
    claim = es.claim_of(es.papers.yun_2019.theorem_1)
    found = es.find_counterexample(claim, effort=Fraction(1, 10**6))
    assert found.ended is es.SearchEnd.OUT_OF_TIME and found.tried <= 1
    with pytest.raises(es.OutOfTime, match=r"the next stage was: affine least squares"):
        es.papers.yun_2019.construct(
            es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0])), effort="1/1000000000"
        )


def long_point(widths: list[int], **options: Any) -> tuple[es.Problem, es.Parameters]:
    """A point, inputs and weights of 400 digits above and below."""
    source = random.Random(1)

    def number() -> Fraction:
        return Fraction(source.randint(-(10**400), 10**400), source.randint(10**399, 10**400))

    x = [[number() for _ in range(widths[0])] for _ in range(8)]
    problem = es.Problem(es.Network(widths), es.Data.from_arrays(x, [source.choice([0, 1]) for _ in x]), **options)
    named = {
        name: [[number() for _ in range(shape[-1])] for _ in range(shape[0] if len(shape) == 2 else 1)]
        for name, shape in problem.network.shapes.items()
    }
    return problem, problem.parameters(**{name: rows if name[0] == "W" else rows[0] for name, rows in named.items()})


@pytest.mark.parametrize("options", [{}, {"weight_decay": "1/10"}, {"loss": "logistic"}, {"loss": "logistic", "weight_decay": 1}])
def test_numbers_of_400_digits_do_not_pass_the_effort(options: dict[str, Any]) -> None:
    """A step along a direction of long numbers has numbers that are longer still: a short direction beside it is taken."""
    problem, theta = long_point([2, 3, 2, 1], **options)
    for ask in (es.decide, es.find_critical_box):
        began = time.process_time()
        ask(problem, theta, effort=1)
        assert time.process_time() - began < 1 * 1.1 + 3


def large_point(samples: int = 60) -> tuple[es.Problem, es.Parameters]:
    """10-8-1 at binary numbers of 30 digits, as after training."""
    source = random.Random(2)
    x = [[source.randint(-9, 9) for _ in range(10)] for _ in range(samples)]
    problem = es.Problem(es.Network([10, 8, 1]), es.Data.from_arrays(x, [source.randint(-3, 3) for _ in x]))
    named = {
        name: [[Fraction(source.getrandbits(90) - 2**89, 2**89) for _ in range(shape[-1])] for _ in range(shape[0])]
        for name, shape in problem.network.shapes.items()
        if len(shape) == 2
    }
    biases = {name: [Fraction(source.getrandbits(90), 2**92) for _ in range(s[0])] for name, s in problem.network.shapes.items()}
    return problem, problem.parameters(**{**{name: biases[name] for name in biases if name[0] == "b"}, **named})


VERBS: list[Callable[..., Any]] = [
    es.decide,
    es.polish,
    es.find_minimum_on_walls,
    es.functional_dimension,
    es.extremal_vectors,
    es.algebraic_minimum,
    es.linear_regions,
    lambda problem, theta, effort: es.sosp_check(problem, theta, effort=effort).decision,
    lambda problem, theta, effort: es.functional_dimension(problem.network, theta, effort=effort),
]


@pytest.mark.parametrize("ask", VERBS, ids=range(len(VERBS)))
def test_long_questions_look_at_the_clock(monkeypatch: pytest.MonkeyPatch, ask: Callable[..., Any]) -> None:
    """The clock moves a hundredth of a second at each look, so that a question of 0.2 s has ended after some twenty looks."""
    problem, theta = large_point()
    looks = [0]

    def tick() -> int:
        looks[0] += 1
        return looks[0] * 10**7

    monkeypatch.setattr(module, "monotonic_ns", tick)
    try:
        found = ask(problem, theta, effort="0.2")
    except es.OutOfTime as late:
        assert "out of time after 0.2 s" in str(late)
    else:
        verdict = found.verdict if isinstance(found, es.Polished) else found
        assert verdict.status is not Status.PROVED
    assert looks[0] < 60


def test_hessians_of_long_numbers_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, theta = long_point([2, 3, 2, 1])
    looks = [0]

    def tick() -> int:
        looks[0] += 1
        return looks[0] * 10**7

    monkeypatch.setattr(module, "monotonic_ns", tick)
    for ask in (es.sharpness, es.flattest_rescaling):
        looks[0] = 0
        with pytest.raises(es.OutOfTime, match="derivatives of a polynomial"):
            ask(problem, theta, effort="0.2")
        assert looks[0] < 60


def test_too_many_parameters_are_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    from exactsurf.minima.floats import descent_onto_walls
    from exactsurf.minima.smooth import enclosed_sharpness, smooth_derivatives

    problem, theta = large_point()
    monkeypatch.setattr(enclosed_sharpness, "risk_derivatives", None)
    with pytest.raises(es.UnsupportedError, match="40 parameters at most"):
        es.enclosed_sharpness(problem, theta)
    monkeypatch.setattr(descent_onto_walls, "_MOST", 10_000)
    assert "97 parameters are too many" in es.find_minimum_on_walls(problem, theta).reason
    # Where it takes too long in any case, the matrices are not even made.
    monkeypatch.setattr(smooth_derivatives, "_PRODUCTS", 1000)
    assert es.find_critical_box(problem, theta, effort=5).reason.startswith(
        "out of time after 5 s: the Hessian in ball arithmetic"
    )


def test_a_verifier_that_takes_too_long_leaves_the_answer_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from exactsurf import verifier

    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    theta = problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    clock = Clock(monkeypatch)

    def slow(*args: Any, **options: Any) -> Any:
        clock.wait("66.1")
        options["watch"]()
        return verify(*args, **options)

    verify = verifier.verify
    monkeypatch.setattr(verifier, "verify", slow)
    found = es.decide(problem, theta)
    assert found.status is Status.UNDECIDED and found.certificate is None
    assert found.reason == "out of time after 60 s: the verifier's check of the certificate; raise effort=… (--effort)"
    with pytest.raises(es.OutOfTime, match="verifier"):
        es.functional_dimension(problem.network, theta)


def test_the_search_for_lower_points_leaves_time_for_the_verifier(monkeypatch: pytest.MonkeyPatch) -> None:
    from exactsurf import display
    from exactsurf.minima.spurious import LowerSearch

    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    theta = problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    clock = Clock(monkeypatch)

    def search(_: Any, effort: es.Effort) -> LowerSearch:
        while not effort.is_over:
            clock.wait("0.01")
        return LowerSearch(None, "", ("all",))

    monkeypatch.setattr(display, "lower_point", search)
    assert es.decide(problem, theta, spurious=True, effort=1).status is Status.PROVED
    assert clock.now <= 51 * 10**7


def test_every_decision_that_is_late_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the time is over before a rule is asked, or once the answer is found."""
    from exactsurf import verifier

    shared = es.restriction(es.Network([1, 1, 1], biases=False), W1=[["a"]], W2=[["a"]])
    tied = es.restriction(es.Network([1, 1, 1], "tanh", biases=False), W1=[["a"]], W2=[["a"]])
    data = es.Data.from_arrays([1], [4])
    problems: list[Any] = [
        es.Problem(es.Network([1, 1, 1], biases=False), data),
        es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, 1], [0, 1]), "logistic"),
        es.Problem(es.Network([1, 1, 1], "tanh", biases=False), data),
        es.RestrictedProblem(shared, data),
        es.RestrictedProblem(shared, es.Data.from_arrays([1, 1], [0, 1]), "logistic"),
        es.RestrictedProblem(tied, data),
    ]
    for problem in problems:
        points: Any = {"a": 1} if isinstance(problem, es.RestrictedProblem) else {"W1": [[1]], "W2": [[1]]}
        theta = problem.parameters(**points)
        assert es.decide(problem, theta).status is Status.REFUTED
        with monkeypatch.context() as patched:
            clock = Clock(patched)

            def late(*_: Any, clock: Clock = clock, **options: Any) -> None:
                clock.wait("66.1")
                options["watch"]()

            patched.setattr(verifier, "verify", late)
            found = es.decide(problem, theta)
            assert found.status is Status.UNDECIDED and "out of time after 60 s" in found.reason


def first_order_points() -> list[tuple[Callable[..., Any], es.Problem, es.Parameters]]:
    source = random.Random(3)
    rows = [[source.randint(-3, 3) for _ in range(6)] for _ in range(30)]
    relu = es.Problem(es.Network([6, 4, 2]), es.Data.from_arrays(rows, [[row[0], row[1]] for row in rows]))
    one = es.Problem(es.Network([6, 4, 1]), es.Data.from_arrays(rows, [row[0] for row in rows]))
    linear = es.Problem(es.Network([6, 4, 3, 2], "linear"), relu.data)

    def theta(problem: es.Problem) -> es.Parameters:
        widths = problem.network.widths
        values: dict[str, Any] = {}
        for layer, (reads, units) in enumerate(pairwise(widths), start=1):
            values[f"W{layer}"] = [[source.randint(-3, 3) for _ in range(reads)] for _ in range(units)]
            values[f"b{layer}"] = [source.randint(-3, 3) for _ in range(units)]
        values["W1"][0], values["b1"][0] = [0] * widths[0], 0
        return problem.parameters(**values)

    pairs = [(es.stationarity, relu), (es.sosp_check, one), (es.classify_deep_linear, linear)]
    return [(ask, problem, theta(problem)) for ask, problem in pairs]


@pytest.mark.parametrize("looks", [1, 5, 25])
def test_wherever_the_time_is_over_questions_of_first_order_end(monkeypatch: pytest.MonkeyPatch, looks: int) -> None:
    """The clock jumps to the end after so many looks: then few more are made, and what is open says so."""
    for ask, problem, theta in first_order_points():
        made = [0]

        def jumping(made: list[int] = made) -> int:
            made[0] += 1
            return 10**10 * (made[0] > looks)

        monkeypatch.setattr(module, "monotonic_ns", jumping)
        try:
            assert "UNDECIDED" in str(ask(problem, theta, effort=5)).upper()
        except es.HypothesisError:
            assert ask is es.sosp_check
        assert made[0] <= looks + 40
