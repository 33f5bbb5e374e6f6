"""Named instances of the literature: small problems with the points that papers talk about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from exactsurf.errors import InputError, nearest
from exactsurf.model.activation import linear, relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers import THEOREMS
from exactsurf.theorems.theorem import AnyProblem


@dataclass(frozen=True)
class Instance:
    """A problem of the literature, and a point if the paper has one; `key` is PAPER.NAME, `title` says what is known."""

    key: str
    title: str
    problem: AnyProblem
    parameters: Parameters | None = None


def _example_a() -> tuple[Problem, Parameters]:
    problem = Problem(Network([1, 2, 1], relu), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    return problem, problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])


def _xor() -> tuple[Problem, Parameters]:
    problem = Problem(Network([2, 2, 1], relu), Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))
    return problem, problem.parameters(W1=[[0, 0], [0, 0]], b1=["3/2", 1], W2=[[1, 0]], b2=[-1])


def _example_d() -> tuple[Problem, None]:
    inputs = [[-1, 0], [-1, 1], [-1, 2], [1, 0], [1, 1], [1, 2]]
    return Problem(Network([2, 2, 1], relu), Data.from_arrays(inputs, [-3, 0, -3, 2, 2, 2])), None


def _three_points(zero: bool) -> Callable[[], tuple[Problem, Parameters]]:
    def build() -> tuple[Problem, Parameters]:
        data = Data.from_arrays([[1, 0], [0, 1], ["1/2", "1/2"]], [0, 0, 1])
        problem = Problem(Network([2, 2, 1], relu), data)
        if zero:
            return problem, problem.parameters(W1=[[2, -1], [1, -2]], b1=[0, 0], W2=[[2, -4]], b2=[0])
        return problem, problem.parameters(W1=[[1, 1], [1, 1]], b1=[0, 0], W2=[["1/6", "1/6"]], b2=[0])

    return build


def _blind_spot() -> tuple[Problem, Parameters]:
    problem = Problem(Network([1, 1, 1], relu), Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    return problem, problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])


def _sharp_minimum() -> tuple[Problem, Parameters]:
    problem = Problem(Network([1, 1, 1], relu), Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    return problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])


def _linear(widths: list[int]) -> Callable[[], tuple[Problem, Parameters]]:
    def build() -> tuple[Problem, Parameters]:
        problem = Problem(Network(widths, linear, biases=False), Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]]))
        shapes = problem.network.shapes
        return problem, problem.parameters(**{name: [[0] * shape[1]] * shape[0] for name, shape in shapes.items()})

    return build


_NAMED: tuple[tuple[str, str, Callable[[], tuple[Problem, Parameters | None]]], ...] = (
    ("yun_2019.example_a", "case 1: spurious local minimum of risk 3/4, lower points 21/32 and 2/3", _example_a),
    ("yun_2019.xor", "case 2, all predictions equal: spurious local minimum of risk 1/2", _xor),
    ("yun_2019.example_d", "case 2: affine risk 3", _example_d),
    ("yun_2019.three_points", "Theorem 2 with ReLU: local minimum of risk 1/3", _three_points(False)),
    ("yun_2019.three_points_fitted", "Theorem 2 with ReLU: a point of risk 0", _three_points(True)),
    ("swirszcz_2016.blind_spot", "one ReLU unit, two dead samples: local minimum of risk 9, the other is 7", _blind_spot),
    ("yun_2019_sosp.sharp_minimum", "a local minimum of risk 5 at which the risk is not differentiable", _sharp_minimum),
    ("baldi_1989.two_targets", "X = I, Y = diag(2, 1), one hidden layer: the point 0, risk 5/2", _linear([2, 2, 2])),
    ("kawaguchi_2016.bad_saddle", "X = I, Y = diag(2, 1), two hidden layers: Hessian 0 at the saddle 0", _linear([2, 2, 2, 2])),
)


@cache
def instances() -> dict[str, Instance]:
    """All named instances by key: those of papers, and every sharpness example and counterexample of `THEOREMS`.

    Exactness: exact. Raises: nothing. Source: papers.md; the theorem that the key names.

    >>> instances()["yun_2019.example_a"].problem.risk(instances()["yun_2019.example_a"].parameters)
    Fraction(3, 4)
    """
    found: dict[str, Instance] = {}
    for key, title, build in _NAMED:
        problem, parameters = build()
        found[key] = Instance(key, title, problem, parameters)
    for theorem in THEOREMS.values():
        for example in theorem.sharpness():
            key = f"{theorem.key}.without_{(example.hypothesis or '').replace(' ', '_')}"
            _add(found, key, example.title, example.problem, example.parameters, example.other)
        for number, example in enumerate(theorem.counterexamples(), start=1):
            key = f"{theorem.key}.counterexample_{number}"
            _add(found, key, example.title, example.problem, example.parameters, example.other)
    return found


def _add(
    found: dict[str, Instance],
    key: str,
    title: str,
    problem: AnyProblem,
    parameters: Parameters | None,
    other: Parameters | None,
) -> None:
    found[key] = Instance(key, title, problem, parameters)
    if other is not None:
        found[f"{key}.other"] = Instance(f"{key}.other", f"{title} (the other point)", problem, other)


def find_instance(key: str) -> Instance:
    """The instance with this key.

    Exactness: exact. Raises: `InputError` with the nearest key. Source: `instances`.
    """
    known = instances()
    if key not in known:
        raise InputError("no such instance", text=key, fix=f"{nearest(key, known)}exactsurf papers --instances lists them")
    return known[key]
