"""Certificates built by hand. Risks and one-sided derivatives are filled in by the oracle, everything else is written out."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

from tests.verifier.oracle import Document, Oracle, numbers, parameters_of

PHRASES = {
    "local minimum": "a local minimum",
    "spurious local minimum": "a spurious local minimum",
    "not a local minimum": "not a local minimum",
}
RELU = {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"}
HALF = {"name": "squared", "scale": "1/2"}


def text(value: Any) -> Any:
    """Numbers as certificates write them."""
    if isinstance(value, dict):
        return {key: text(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [text(item) for item in value]
    return value if isinstance(value, str) else str(Fraction(value))


def column(*values: Any) -> list[list[str]]:
    return [[text(value)] for value in values]


def sentence(kind: str, problem: Document, samples: int) -> str:
    network = "-".join(map(str, problem["widths"]))
    return (
        f"The given parameters are {PHRASES[kind]} of the {problem['loss']['name']} risk of the {network} network on "
        f"{samples} sample{'s' if samples != 1 else ''}."
    )


def certificate(
    kind: str,
    widths: list[int],
    x: Any,
    y: Any,
    parameters: Document,
    evidence: Document,
    *,
    biases: list[bool] | None = None,
    activation: Document = RELU,
    loss: Document = HALF,
) -> Document:
    problem = {
        "widths": widths,
        "biases": biases or [True] * (len(widths) - 1),
        "activation": activation,
        "loss": loss,
        "data": {"x": text(x), "y": text(y)},
    }
    document = {
        "format": "exactsurf-certificate/1",
        "claim": {"kind": kind, "sentence": sentence(kind, problem, len(y))},
        "problem": problem,
        "parameters": text(parameters),
        "evidence": copy.deepcopy(evidence),
    }
    oracle = Oracle(document)
    document["claim"]["risk"] = str(oracle.risk(parameters_of(document["parameters"])))
    evidence = document["evidence"]
    lower = evidence.get("lower_points", [])
    if "descent" in evidence:
        descent = evidence["descent"]
        lower = [descent["lower_point"]]
        if descent["rule"] == "direction":
            here, direction = parameters_of(document["parameters"]), parameters_of(text(descent["direction"]))
            descent["direction"] = text(descent["direction"])
            descent["derivative"] = str(oracle.one_sided_derivative(here, direction))
    for point in lower:
        point["parameters"] = text(point["parameters"])
        point["risk"] = str(oracle.risk(parameters_of(point["parameters"])))
    return document


def point(**parameters: Any) -> Document:
    return {"W1": parameters["W1"], **parameters}


def example_a() -> Document:
    evidence = {
        "local_minimum": {"rule": "paths"},
        "lower_points": [{"parameters": point(W1=[["1/2"], ["-1/2"]], b1=["-7/8", "5/8"], W2=[[1, -1]], b2=["3/4"])}],
    }
    here = point(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])
    return certificate("spurious local minimum", [1, 2, 1], column(0, 1, 2, 3), column(0, 1, 0, 2), here, evidence)


XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]


def xor() -> Document:
    here = point(W1=[[0, 0], [0, 0]], b1=["3/2", 1], W2=[[1, 0]], b2=[-1])
    evidence = {"local_minimum": {"rule": "paths"}}
    return certificate("local minimum", [2, 2, 1], XOR, column(0, 1, 1, 0), here, evidence)


def swirszcz() -> Document:
    """Nondifferentiable: sample 2 sits at the breakpoint, but its residual is 0."""
    evidence = {
        "local_minimum": {"rule": "unitwise", "units": [{"nodes": [{"multipliers": []}]}]},
        "lower_points": [{"parameters": point(W1=[["-3/2"]], b1=["3/2"], W2=[[1]], b2=[0])}],
    }
    here = point(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    x, y = column(5, 4, 3, 1, -1), column(2, 1, 0, -3, 3)
    return certificate("spurious local minimum", [1, 1, 1], x, y, here, evidence)


def boundary() -> Document:
    """r = (−1, 2, −2, 1); sample 1 spans the hyperplane u = (0, 1) with κ = 1, and g = 0."""
    evidence = {"local_minimum": {"rule": "unitwise", "units": [{"nodes": [{"multipliers": []}]}]}}
    here = point(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    return certificate("local minimum", [1, 1, 1], column(-1, 0, 1, 2), column(1, -2, 3, 1), here, evidence)


def dead_units() -> Document:
    """`boundary` with two units of output weight 0: one never active, one at a breakpoint of a sample with r = 0."""
    units = [{"nodes": [{"multipliers": []}]}, {"nodes": []}, {"nodes": []}]
    here = point(W1=[[1], [0], [1]], b1=[0, -1, -3], W2=[[1, 0, 0]], b2=[0])
    evidence = {"local_minimum": {"rule": "unitwise", "units": units}}
    x, y = column(-1, 0, 1, 2, 3), column(1, -2, 3, 1, 3)
    return certificate("local minimum", [1, 3, 1], x, y, here, evidence)


def _concave(nodes: list[Document]) -> Document:
    """w = 0, F(δ) = |δ₁| + |δ₂| − |δ₁ + δ₂|; sample 3 has x̃ = 0 and takes no part."""
    evidence = {"local_minimum": {"rule": "unitwise", "units": [{"nodes": nodes}]}}
    here = point(W1=[[0, 0]], W2=[[1]], b2=[0])
    x, y = [[1, 0], [0, 1], [1, 1], [0, 0]], column(-2, -2, 2, 2)
    return certificate("local minimum", [2, 1, 1], x, y, here, evidence, biases=[False, True])


def split() -> Document:
    return _concave(
        [
            {"split": 2, "plus": 1, "minus": 2},
            {"multipliers": [[0, "-1"], [1, "-1"], [2, "1"]]},
            {"multipliers": [[0, "1"], [1, "1"], [2, "-1"]]},
        ]
    )


def empty() -> Document:
    """All three hyperplanes split: of the eight cones, two are empty."""
    plus, minus = [[0, "-1"], [1, "-1"], [2, "1"]], [[0, "1"], [1, "1"], [2, "-1"]]
    return _concave(
        [
            {"split": 0, "plus": 1, "minus": 2},
            {"split": 1, "plus": 3, "minus": 4},
            {"split": 1, "plus": 5, "minus": 6},
            {"split": 2, "plus": 7, "minus": 8},
            {"split": 2, "plus": 9, "minus": 10},
            {"split": 2, "plus": 11, "minus": 12},
            {"split": 2, "plus": 13, "minus": 14},
            {"multipliers": plus},
            {"empty": [[0, "1"], [1, "1"], [2, "1"]]},
            {"multipliers": plus},
            {"multipliers": minus},
            {"multipliers": plus},
            {"multipliers": minus},
            {"empty": [[2, "1/2"], [1, "1/2"], [0, "1/2"]]},
            {"multipliers": minus},
        ]
    )


def negative_output() -> Document:
    """v < 0, three samples on one hyperplane, and s·F(δ) = δ₁/4 + 7/4·|δ₁| + |δ₂| − |δ₁ + δ₂|."""
    nodes = [
        {"split": 2, "plus": 1, "minus": 2},
        {"multipliers": [[0, "-3/4"], [1, "-1"], [2, "1"]]},
        {"multipliers": [[0, "5/4"], [1, "1"], [2, "-1"]]},
    ]
    evidence = {"local_minimum": {"rule": "unitwise", "units": [{"nodes": nodes}]}}
    here = point(W1=[[0, 0]], W2=[["-1/3"]], b2=[0])
    x, y = [["1/2", 0], [0, 4], [1, 1], [-1, 0], [1, 0], [0, 0]], column(2, "1/2", -2, "1/2", 2, -3)
    return certificate("local minimum", [2, 1, 1], x, y, here, evidence, biases=[False, True])


STEPS = {"breakpoints": ["-1", "1"], "slopes": ["2", "0", "1"], "value_at_0": "3"}


def several_breakpoints() -> Document:
    """h = 3 on [−1, 1]. Samples 0 and 1 sit at different breakpoints; both multipliers are as large as they may be."""
    nodes = [{"multipliers": [[0, "1"], [1, "1"]]}]
    evidence = {"local_minimum": {"rule": "unitwise", "units": [{"nodes": nodes}]}}
    here = point(W1=[[1]], b1=[0], W2=[[1]], b2=[-3])
    x, y = column(1, -1, 0, 2, -2), column(-2, 1, 1, 1, -2)
    return certificate("local minimum", [1, 1, 1], x, y, here, evidence, activation=STEPS)


NO_BIASES = [False, False]
ONE = point(W1=[[1]], W2=[[1]])


def _one_path(y: list[Any], loss: Document, subgradient: list[Any] | None, rule: str = "paths") -> Document:
    evidence: Document = {"rule": rule}
    if rule == "unitwise":
        evidence["units"] = [{"nodes": [{"multipliers": []}]}]
    if subgradient is not None:
        evidence["subgradient"] = column(*subgradient)
    return certificate(
        "local minimum",
        [1, 1, 1],
        column(*[1] * len(y)),
        column(*y),
        ONE,
        {"local_minimum": evidence},
        biases=NO_BIASES,
        loss=loss,
    )


def absolute() -> Document:
    return _one_path([0, 2, 1, 3], {"name": "absolute", "scale": "2/3"}, ["2/3", "-2/3", "2/3", "-2/3"])


def absolute_unitwise() -> Document:
    return _one_path([0, 2, 1], {"name": "absolute", "scale": "1"}, [1, -1, 0], "unitwise")


def huber() -> Document:
    return _one_path([-2, "3/2", "3/2"], {"name": "huber", "scale": "1/3", "delta": "1"}, None)


def hinge() -> Document:
    return _one_path([1, -1], {"name": "hinge", "scale": "1"}, [-1, 1])


def deep() -> Document:
    """Three layers, two outputs, intercepts. Samples come in pairs whose residuals cancel; the last one is ambiguous."""
    shape = {"breakpoints": ["0", "2"], "slopes": ["1/2", "1", "1/3"], "value_at_0": "1"}
    here = point(W1=[[1], [-2]], b1=["1/2", 1], W2=[[1, "1/3"], [-1, 2]], b2=["-2", 0], W3=[[1, 2], [3, -1]], b3=[0, 5])
    x = column(1, 1, -3, -3, "1/3", "1/3", "-1/2")
    draft = certificate(
        "local minimum", [1, 2, 2, 2], x, [[0, 0]] * 7, here, {"local_minimum": {"rule": "paths"}}, activation=shape
    )
    from tests.verifier.oracle import predict

    y = [predict(draft["problem"], parameters_of(draft["parameters"]), row) for row in numbers(x)]
    for i, shifts in enumerate([(1, 2), (-1, -2), (3, "1/2"), (-3, "-1/2"), (0, 7), (0, -7)]):
        y[i] = [value + Fraction(shift) for value, shift in zip(y[i], shifts, strict=True)]
    return certificate("local minimum", [1, 2, 2, 2], x, y, here, {"local_minimum": {"rule": "paths"}}, activation=shape)


def linear() -> Document:
    """No hidden layer."""
    here = point(W1=[["1/2"]], b1=[0])
    evidence = {"local_minimum": {"rule": "paths"}}
    return certificate("local minimum", [1, 1], column(-1, 0, 1), column("-1", "1", "0"), here, evidence)


def one_sample() -> Document:
    here = point(W1=[["1/2"]], b1=[0])
    return certificate("local minimum", [1, 1], column(2), column(1), here, {"local_minimum": {"rule": "paths"}})


def direction() -> Document:
    """Two hidden layers, at breakpoints of both, and the absolute loss at a kink."""
    here = point(W1=[[1], [-1]], b1=[0, 1], W2=[[1, -2]], b2=[0], W3=[[2]], b3=[0])
    way = point(W1=[[1], [2]], b1=[1, -1], W2=[["1/2", 0]], b2=[1], W3=[[0]], b3=["1/3"])
    lower = point(W1=[[1], [-1]], b1=[0, 1], W2=[[1, -2]], b2=[0], W3=[[3]], b3=[0])
    evidence = {"descent": {"rule": "direction", "direction": way, "derivative": "", "lower_point": {"parameters": lower}}}
    x, y = column(0, 1, 2, -1), column(0, 5, 7, 0)
    return certificate("not a local minimum", [1, 2, 1, 1], x, y, here, evidence, loss={"name": "absolute", "scale": "1/4"})


def direction_hinge() -> Document:
    way, lower = point(W1=[[1]], W2=[[1]]), point(W1=[[1]], W2=[["3/2"]])
    evidence = {"descent": {"rule": "direction", "direction": way, "derivative": "", "lower_point": {"parameters": lower}}}
    return certificate(
        "not a local minimum",
        [1, 1, 1],
        column(1, "1/2"),
        column(1, 1),
        ONE,
        evidence,
        biases=NO_BIASES,
        loss={"name": "hinge", "scale": "1/2"},
    )


def dead_unit() -> Document:
    """Unit 1 of a network that is 0 everywhere; residuals are −y, and unit 1 sits at the breakpoint of sample 0."""
    here = point(W1=[[1], [1]], b1=[5, 0], W2=[[0, 0], [0, 0]], b2=[0, 0])
    lower = point(W1=[[1], [1]], b1=[5, 0], W2=[[0, 0], [0, 0]], b2=[0, "1/2"])
    descent = {"rule": "dead unit", "unit": 1, "output": 1, "delta": ["1", "2"], "lower_point": {"parameters": lower}}
    # r = (−1, −2, 1) and x̃·δ = (2, 3, 1): derivative −1·2 − 2·3 + 0 (sample 2 is inactive).
    descent["derivative"] = "-8"
    x, y = column(0, 1, -1), [[0, 1], [0, 2], [0, -1]]
    return certificate("not a local minimum", [1, 2, 2], x, y, here, {"descent": descent})


EXAMPLES = {
    example.__name__: example()
    for example in (
        example_a,
        xor,
        swirszcz,
        boundary,
        dead_units,
        split,
        empty,
        negative_output,
        several_breakpoints,
        absolute,
        absolute_unitwise,
        huber,
        hinge,
        deep,
        linear,
        one_sample,
        direction,
        direction_hinge,
        dead_unit,
    )
}


def get(name: str) -> Document:
    """A copy of an example, free to be changed."""
    return copy.deepcopy(EXAMPLES[name])
