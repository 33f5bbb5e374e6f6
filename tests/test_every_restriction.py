"""A restricted problem through everything that takes a problem: it is answered for, or refused in words; never taken for free."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest

import exactsurf as es
from exactsurf.errors import ExactsurfError
from tests.test_every_activation import REFUSES as OTHERS
from tests.test_every_activation import WORKS as TANH

DATA = es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2])
FREE = es.Problem(es.Network([1, 1, 1]), DATA)
RESTRICTED = es.RestrictedProblem(es.restriction(FREE.network, b1=[0], W2=[["w"]]), DATA)
POINT = RESTRICTED.parameters(W1_0_0=1, w="1/2", b2_0=0)

ANSWERS: dict[str, Callable[[Any], object]] = {
    "decide": lambda p: es.decide(p, POINT).certificate.kind.endswith("restricted risk"),
    "find_critical_box": lambda p: es.find_critical_box(p, POINT).kind.endswith("restricted box"),
    "polish": lambda p: es.polish(p, POINT).verdict.certificate.kind.endswith("restricted risk"),
    "Cell": lambda p: p.cell(POINT).risk.variables == ("W1_0_0", "w", "b2_0"),
    "certify_global_minimum": lambda p: es.certify_global_minimum(p).kind == "global minimum of a restricted risk",
    "stationarity": lambda p: len(es.stationarity(p, POINT).gradient) == len(p.restriction.names),
    "gradient_descent": lambda p: all(at.biases[0] == (0,) for at in es.gradient_descent(p, [0], steps=2)[0]),
    "landscape": lambda p: repr(es.landscape(p)).startswith("RestrictedLandscape("),
    "to_msolve": lambda p: es.to_msolve(p.cell(POINT)).startswith("W1_0_0,w,b2_0\n"),
    "to_homotopy_continuation": lambda p: "@var W1_0_0 w b2_0" in es.to_homotopy_continuation(p.cell(POINT)),
}
"""What knows restricted problems, and says of its answer that it is about one."""

FURTHER: dict[str, Callable[[Any], object]] = {
    "find_counterexample": lambda p: es.find_counterexample(es.claim(lambda q: es.holds("")), [p]),
    "forward": lambda p: p.forward(POINT),
    "predictions": lambda p: p.predictions(POINT),
    "network": lambda p: p.network,
    "data": lambda p: p.data,
    "loss": lambda p: p.loss,
    "loss_terms": lambda p: p.loss_terms(()),
    "shares": lambda p: p.shares,
    "without_decay": lambda p: p.without_decay,
    "with_decay": lambda p: p.with_decay(None),
    "certify_path": lambda p: es.certify_path(p, [POINT, POINT], 100),
    "certify_valleys_below": lambda p: es.certify_valleys_below(p, 1),
    "to_torch_state_dict": lambda p: es.to_torch_state_dict(p, POINT),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_answers(name: str) -> None:
    assert ANSWERS[name](RESTRICTED)


@pytest.mark.parametrize("name", sorted({*TANH, *OTHERS} - {*ANSWERS}))
def test_every_name_that_takes_a_problem_refuses_a_restricted_one(name: str) -> None:
    ask = {**TANH, **OTHERS}[name]
    with pytest.raises(ExactsurfError) as caught:
        ask(RESTRICTED)  # type: ignore[arg-type]
    assert "restricted" in str(caught.value), caught.value
    assert not str(caught.value).startswith("landscape "), "es.landscape knows restricted problems"


@pytest.mark.parametrize("name", FURTHER)
def test_what_else_reads_a_problem_refuses_it(name: str) -> None:
    with pytest.raises((ExactsurfError, TypeError)) as caught:
        FURTHER[name](RESTRICTED)
    assert "estricted" in str(caught.value) or isinstance(caught.value, TypeError), caught.value


OF_FREE = [theorem for theorem in es.papers.THEOREMS.values() if not theorem.has_restriction]
OF_RESTRICTED = [theorem for theorem in es.papers.THEOREMS.values() if theorem.has_restriction]


@pytest.mark.parametrize("theorem", OF_RESTRICTED, ids=lambda theorem: theorem.key)
def test_theorems_about_restrictions_say_so_of_free_problems(theorem: es.papers.Theorem) -> None:
    point = FREE.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    assert "restricted" in str(theorem.does_not_apply(FREE, point))
    report = theorem.examine(FREE, point)
    assert report.failing and report.conclusion is not None and report.conclusion.status is es.Status.UNDECIDED
    assert isinstance(theorem.does_not_apply(RESTRICTED, POINT), str)
    assert theorem.check(RESTRICTED, POINT).failing and theorem.conclusion(RESTRICTED, POINT).reason
    with pytest.raises(es.InputError, match="do not obey"):
        theorem.check(RESTRICTED, FREE.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0]))
    if theorem.constructs:
        with pytest.raises(es.InputError, match="needs a RestrictedProblem"):
            theorem.construct(FREE)


@pytest.mark.parametrize("theorem", OF_FREE, ids=lambda theorem: theorem.key)
def test_no_theorem_takes_it_for_a_free_problem(theorem: es.papers.Theorem) -> None:
    for ask in (theorem.check, theorem.conclusion, theorem.does_not_apply):
        try:
            found = ask(RESTRICTED, POINT)  # type: ignore[operator]
        except ExactsurfError as error:
            assert "restricted" in str(error), error
        else:
            assert isinstance(found, str) and "restricted" in found


@pytest.mark.parametrize("name", [name for name in dir(es.Problem) if not name.startswith("_")])
def test_no_attribute_of_a_problem_is_passed_on(name: str) -> None:
    """But for those that the restricted problem has itself."""
    if name in ("cell", "parameters", "risk"):
        assert getattr(RESTRICTED, name)
        return
    with pytest.raises(es.UnsupportedError, match="restricted"):
        getattr(RESTRICTED, name)


def test_a_restricted_problem_is_a_value() -> None:
    again = pickle.loads(pickle.dumps(RESTRICTED))
    assert again == RESTRICTED and hash(again) == hash(RESTRICTED) and again != FREE
    assert repr(RESTRICTED).startswith("RestrictedProblem(Restriction(Network(1-1-1, relu), 3 free parameters: W1_0_0, w, b2_0)")
    assert not isinstance(RESTRICTED, es.Problem)
    assert RESTRICTED.risk(POINT) == FREE.risk(POINT) == RESTRICTED.unrestricted.risk(POINT)
    with pytest.raises(es.InputError, match="do not obey"):
        RESTRICTED.risk(FREE.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0]))
    with pytest.raises(AttributeError, match="has no attribute"):
        RESTRICTED.nothing  # noqa: B018


def test_what_is_no_restriction_is_refused() -> None:
    with pytest.raises(es.InputError, match="needs a Restriction"):
        es.RestrictedProblem(FREE.network, DATA)  # type: ignore[arg-type]
    decayed = es.Problem(FREE.network, DATA, weight_decay=1)
    assert es.RestrictedProblem.of(RESTRICTED.restriction, decayed).unrestricted == decayed
    other = es.Problem(es.Network([1, 2, 1]), DATA)
    with pytest.raises(es.InputError, match="another network"):
        es.RestrictedProblem.of(RESTRICTED.restriction, other)
