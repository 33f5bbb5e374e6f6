"""Problems with weight decay: risk, value semantics, files, bad input; and that nobody forgets the regulariser."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsurf as es
from exactsurf.formal.verdict import Verdict, judge
from exactsurf.verifier import Rejected, verify
from tests.verifier.verdicts import rejection

F = Fraction
DATA = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
PLAIN = es.Problem(es.Network([1, 2, 1]), DATA)
DECAYED = es.Problem(es.Network([1, 2, 1]), DATA, weight_decay="1/100")
NAMED: dict[str, Any] = {"W1": [["1/2"], [0]], "b1": [1, 1], "W2": [[1, 0]], "b2": [-1]}
THETA = DECAYED.parameters(**NAMED)


def test_the_risk() -> None:
    assert DECAYED.risk(THETA) - PLAIN.risk(THETA) == F(1, 200) * (F(1, 4) + 1)
    all_of_them = es.Problem(es.Network([1, 2, 1]), DATA, weight_decay="1/100", decay_biases=True)
    assert all_of_them.risk(THETA) - PLAIN.risk(THETA) == F(1, 200) * (F(1, 4) + 1 + 3)


def test_values() -> None:
    assert repr(DECAYED) == repr(PLAIN)[:-1] + ", weight_decay='1/100')"
    assert DECAYED != PLAIN and DECAYED.without_decay == PLAIN and PLAIN.without_decay is PLAIN
    assert es.Problem(es.Network([1, 2, 1]), DATA, weight_decay=F(1, 100)) == DECAYED and hash(DECAYED) == hash(DECAYED)
    assert es.Problem(es.Network([1, 2, 1]), DATA, weight_decay="1/100", decay_biases=True) != DECAYED
    assert pickle.loads(pickle.dumps(DECAYED)) == DECAYED


@pytest.mark.parametrize("everything", [False, True])
def test_problem_files(tmp_path: Path, everything: bool) -> None:
    problem = es.Problem(es.Network([1, 2, 1]), DATA, weight_decay="1/100", decay_biases=everything)
    file = es.write_problem(tmp_path / "problem.json", problem, THETA)
    assert es.read_problem(file) == (problem, THETA)
    document = json.loads(file.read_text())
    assert document["weight_decay"] == "1/100" and document["decay_biases"] is everything


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weight_decay": 0}, "leave weight_decay out"),
        ({"weight_decay": "-1/2"}, "positive"),
        ({"weight_decay": "much"}, "much"),
        ({"decay_biases": True}, "without weight_decay"),
        ({"weight_decay": 1, "decay_biases": 1}, "truth value"),
    ],
)
def test_bad_input(options: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(es.InputError, match=words):
        es.Problem(es.Network([1, 1]), DATA, **options)
    file = es.write_problem(tmp_path / "problem.json", PLAIN)
    document = json.loads(file.read_text()) | options
    file.write_text(json.dumps(document))
    with pytest.raises(es.InputError, match=words):
        es.read_problem(file)


def test_floats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(es.InexactNumberError):
        es.Problem(es.Network([1, 1]), DATA, weight_decay=0.01)
    file = es.write_problem(tmp_path / "problem.json", PLAIN)
    file.write_text(file.read_text().replace('"data"', '"weight_decay": 0.01, "data"'))
    with pytest.raises(es.InexactNumberError):
        es.read_problem(file)


@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize(("activation", "loss"), [("tanh", "squared"), ("relu", "log_cosh"), ("sigmoid", "huber")])
def test_it_adds_up_with_every_activation_and_loss(activation: str, loss: str, biases: bool) -> None:
    problem = es.Problem(es.Network([1, 1, 1], activation), DATA, loss, weight_decay=2, decay_biases=biases)
    theta = problem.parameters(W1=[[1]], b1=[2], W2=[["1/2"]], b2=[-1])
    whole, plain = (
        es.Ball(p.risk(theta)) if isinstance(p.risk(theta), F) else p.risk(theta) for p in (problem, problem.without_decay)
    )
    assert whole.midpoint - plain.midpoint - F(5, 4) - 5 * biases == pytest.approx(0, abs=1e-30)


NO_ANSWER: dict[str, Callable[[], object]] = {
    "landscape": lambda: es.landscape(DECAYED),
    "lowest_path": lambda: es.lowest_path(DECAYED, THETA, THETA),
    "descending_path": lambda: es.descending_path(DECAYED, THETA),
    "certify_global_minimum": lambda: es.certify_global_minimum(DECAYED),
    "in_cell_components": lambda: es.in_cell_components(DECAYED, PLAIN.cell(THETA, side="left")),
    "cell risk": lambda: DECAYED.cell(THETA, side="left").risk,
    "to_msolve": lambda: es.to_msolve(DECAYED.cell(THETA, side="left")),
    "to_homotopy_continuation": lambda: es.to_homotopy_continuation(DECAYED.cell(THETA, side="left")),
    "to_smtlib": lambda: es.to_smtlib(DECAYED, THETA, radius=1),
    "sosp_check": lambda: es.sosp_check(DECAYED, THETA),
    "classify_deep_linear": lambda: es.classify_deep_linear(
        es.Problem(es.Network([1, 1, 1], "linear"), DATA, weight_decay=1),
        es.Parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0]),
    ),
    "profile": lambda: es.profile(DECAYED, THETA, THETA),
    "slice grid": lambda: es.Slice.through(
        DECAYED, THETA, DECAYED.parameters(**NAMED | {"b2": [0]}), DECAYED.parameters(**NAMED | {"b1": [0, 0]})
    ).grid(2),
}


@pytest.mark.parametrize("name", NO_ANSWER)
def test_nobody_forgets_it(name: str) -> None:
    with pytest.raises(es.UnsupportedError):
        NO_ANSWER[name]()


EXPRESSION = es.Problem(es.Network([1, 2, 1]), DATA, "log_cosh", weight_decay="1/100")
NO_ANSWER_FOR_AN_EXPRESSION: dict[str, Callable[[], object]] = {
    "landscape": lambda: es.landscape(EXPRESSION),
    "certify_global_minimum": lambda: es.certify_global_minimum(EXPRESSION),
    "certify_spurious_valley": lambda: es.certify_spurious_valley(EXPRESSION, THETA),
    "descending_path": lambda: es.descending_path(EXPRESSION, THETA),
    "to_smtlib": lambda: es.to_smtlib(EXPRESSION, THETA, radius=1),
    "sosp_check": lambda: es.sosp_check(EXPRESSION, THETA),
    "profile": lambda: es.profile(EXPRESSION, THETA, THETA),
    "find_lifted_box": lambda: es.find_lifted_box(EXPRESSION),
    "cell risk": lambda: EXPRESSION.cell(THETA, side="left").risk,
}


@pytest.mark.parametrize("name", NO_ANSWER_FOR_AN_EXPRESSION)
def test_nobody_forgets_it_where_the_loss_is_an_expression(name: str) -> None:
    with pytest.raises(es.UnsupportedError):
        NO_ANSWER_FOR_AN_EXPRESSION[name]()


WITHOUT_DECAY = [theorem for theorem in es.papers.THEOREMS.values() if not theorem.has_decay]


@pytest.mark.parametrize("problem", [DECAYED, EXPRESSION], ids=["pieces", "expression"])
@pytest.mark.parametrize("theorem", [t for t in WITHOUT_DECAY if not t.has_restriction], ids=lambda t: str(t.key))
def test_no_theorem_forgets_it(theorem: es.Theorem, problem: es.Problem) -> None:
    for question in (theorem.check, theorem.conclusion, theorem.construct):
        with pytest.raises((es.UnsupportedError, es.HypothesisError)):
            question(problem)


@pytest.mark.parametrize("theorem", [t for t in WITHOUT_DECAY if t.has_restriction], ids=lambda t: str(t.key))
def test_no_theorem_about_restricted_problems_forgets_it(theorem: es.Theorem) -> None:
    data = es.Data.from_arrays([[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 0]], [2, 2, 1])
    problem = es.RestrictedProblem(es.convolution(4, [2], strides=2, head=[1, 1]), data, weight_decay="1/100")
    for question in (theorem.check, theorem.conclusion, theorem.construct):
        with pytest.raises((es.UnsupportedError, es.HypothesisError)):
            question(problem)


def test_other_checkers_reject_it() -> None:
    """A checker that does not know the field `weight_decay` has to reject it: plain rules, other claims, the proved checker."""
    line = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [2]), weight_decay=1)
    certificate = es.decide(line, line.parameters(W1=[[1]], W2=[[1]])).certificate
    assert certificate is not None and verify(certificate.encoded).risk == F(3, 2)
    document = certificate.document()
    for rule in ("unitwise", "paths", "unitwise vectors", "convex cells", "positive products", "low rank"):
        document["evidence"]["local_minimum"]["rule"] = rule
        assert rejection(document).place == "evidence.local_minimum.rule"
    for version in (1, 2):
        stated = {**certificate.document(), "format": f"exactsurf-certificate/{version}"}
        stated["problem"] = {**stated["problem"], "weight_decay": "1"} if version == 2 else stated["problem"]
        with pytest.raises(Rejected):
            verify(json.dumps(stated).encode())
    assert judge(certificate.encoded) is not Verdict.ACCEPTED
