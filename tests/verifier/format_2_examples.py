"""Certificates of format 2: those of format 1 rewritten, and some that only format 2 can say."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

from tests.verifier.examples import PHRASES, RELU, text
from tests.verifier.global_examples import get as get_global
from tests.verifier.oracle import Document, Oracle, number, parameters_of
from tests.verifier.verdicts import golden

FORMAT = "exactsurf-certificate/2"
QUANTILE: Document = {"gap": "difference", "breakpoints": ["0"], "pieces": [["0", "-2/3", "0"], ["0", "1/3", "0"]]}
INSENSITIVE: Document = {
    "gap": "difference",
    "breakpoints": ["-1/2", "1/2"],
    "pieces": [["0", "-1", "-1/2"], ["0", "0", "0"], ["0", "1", "-1/2"]],
}
SQUARED_HINGE: Document = {"gap": "margin", "breakpoints": ["1"], "pieces": [["1", "-2", "1"], ["0", "0", "0"]]}
SMOOTHED_HINGE: Document = {
    "gap": "margin",
    "breakpoints": ["0", "1"],
    "pieces": [["0", "-1", "1/2"], ["1/2", "-1", "1/2"], ["0", "0", "0"]],
}
OWN: Document = {
    "gap": "difference",
    "breakpoints": ["-1", "2"],
    "pieces": [["0", "-3", "-1"], ["1/2", "-1", "1/2"], ["0", "5/2", "-9/2"]],
}
SQUARED_LEAD: Document = {"gap": "lead", "breakpoints": ["-1"], "pieces": [["0", "0", "0"], ["1", "2", "1"]]}
LOSSES = {
    "quantile": QUANTILE,
    "epsilon insensitive": INSENSITIVE,
    "squared hinge": SQUARED_HINGE,
    "smoothed hinge": SMOOTHED_HINGE,
    "three pieces": OWN,
    "squared lead": SQUARED_LEAD,
}


def pieces_of(loss: Document, outputs: int) -> Document:
    """A loss of format 1 by its pieces."""
    s = number(loss["scale"])
    if loss["name"] == "squared":
        return data("difference", [], [[s, 0, 0]])
    if loss["name"] == "absolute":
        return data("difference", [0], [[0, -s, 0], [0, s, 0]])
    if loss["name"] == "huber":
        d = number(loss["delta"])
        return data("difference", [-d, d], [[0, -s * d, -s * d * d / 2], [s / 2, 0, 0], [0, s * d, -s * d * d / 2]])
    if outputs == 1:
        return data("margin", [1], [[0, -s, s], [0, 0, 0]])
    return data("lead", [-1], [[0, 0, 0], [0, s, s]])


def data(gap: str, breakpoints: Any, pieces: Any) -> Document:
    return {
        "gap": gap,
        "breakpoints": [str(Fraction(t)) for t in breakpoints],
        "pieces": [[str(Fraction(v)) for v in piece] for piece in pieces],
    }


def in_format_2(document: Document) -> Document:
    """The same certificate in format 2."""
    document = copy.deepcopy(document)
    document["format"] = FORMAT
    problem = document["problem"]
    name = problem["loss"]["name"]
    problem["loss"] = pieces_of(problem["loss"], problem["widths"][-1])
    document["claim"]["sentence"] = document["claim"]["sentence"].replace(f"{name} risk", "risk")
    return document


def with_loss(document: Document, loss: Document, weights: list[str] | None = None) -> Document:
    """A certificate of format 2 with another loss; its risks are not those of this loss."""
    document = copy.deepcopy(document)
    document["problem"]["loss"] = copy.deepcopy(loss)
    if weights is not None:
        document["problem"]["weights"] = weights
    return document


def certificate(
    kind: str, network: tuple[list[int], Any, Any], loss: Document, point: Document, evidence: Document, weights: Any = None
) -> Document:
    """A certificate about a point of a ReLU network (widths, x, y); risks are filled in by the oracle."""
    widths, x, y = network
    document = {
        "format": FORMAT,
        "claim": {
            "kind": kind,
            "sentence": f"The given parameters are {PHRASES[kind]} of the risk of the {'-'.join(map(str, widths))} network on"
            f" {len(x)} samples.",
        },
        "problem": {
            "widths": widths,
            "biases": [True] * (len(widths) - 1),
            "activation": RELU,
            "loss": copy.deepcopy(loss),
            "data": {"x": text(x), "y": text(y)},
        },
        "parameters": text(point),
        "evidence": copy.deepcopy(evidence),
    }
    if weights is not None:
        document["problem"]["weights"] = text(weights)
    oracle, descent = Oracle(document), document["evidence"].get("descent")
    document["claim"]["risk"] = str(oracle.risk(parameters_of(document["parameters"])))
    if descent is not None:
        lower = descent["lower_point"]
        lower["parameters"] = text(lower["parameters"])
        lower["risk"] = str(oracle.risk(parameters_of(lower["parameters"])))
    if descent is not None and descent["rule"] == "direction":
        direction = descent["direction"] = text(descent["direction"])
        derivative = oracle.one_sided_derivative(parameters_of(document["parameters"]), parameters_of(direction))
        descent["derivative"] = str(derivative)
    return document


ZERO: Document = {"W1": [[0]], "b1": [0]}
ONE_LEAF: Document = {"multipliers": [], "subgradient": [], "products": []}


def loss_quantile() -> Document:
    """The line through two of three points, of which the third is above it."""
    evidence = {"local_minimum": {"rule": "paths", "subgradient": text([["1/3"], ["-2/3"], ["1/3"]])}}
    return certificate("local minimum", ([1, 1], [[0], [1], [2]], [[0], [1], [0]]), QUANTILE, ZERO, evidence)


def loss_quantile_weights() -> Document:
    """The same with weights, which widen the subdifferentials: a near end of weight 3 balances a far one of weight 1."""
    evidence = {"local_minimum": {"rule": "paths", "subgradient": text([[1], ["-4/3"], ["1/3"]])}}
    network = ([1, 1], [[0], [1], [4]], [[0], [1], [0]])
    return certificate("local minimum", network, QUANTILE, ZERO, evidence, weights=[3, 2, 1])


def loss_insensitive() -> Document:
    """Two samples at the end of the tube, one beyond its other end."""
    evidence = {"local_minimum": {"rule": "paths", "subgradient": text([["1/2"], [-1], ["1/2"]])}}
    network = ([1, 1], [[0], [1], [2]], [["-1/2"], [2], ["-1/2"]])
    return certificate("local minimum", network, INSENSITIVE, ZERO, evidence)


def merged_samples() -> Document:
    """Two hidden layers, a unit at its breakpoint on two samples with one input, whose residuals cancel."""
    point = {"W1": [[1]], "b1": [-1], "W2": [[1]], "b2": [0], "W3": [[1]], "b3": [0]}
    network = ([1, 1, 1, 1], [[0], [1], [1], [2]], [[0], [1], [-1], [1]])
    return certificate(
        "local minimum",
        network,
        data("difference", [], [["1/2", 0, 0]]),
        point,
        {"local_minimum": {"rule": "paths", "merged": True}},
    )


def loss_squared_hinge() -> Document:
    """Labels that no line separates at all."""
    evidence = {"local_minimum": {"rule": "second order", "nodes": [ONE_LEAF]}}
    return certificate("local minimum", ([1, 1], [[0], [1], [2], [3]], [[1], [-1], [-1], [1]]), SQUARED_HINGE, ZERO, evidence)


def loss_smoothed_hinge() -> Document:
    """All margins are 0, where the slope is −1 on both sides and the second derivative is not the same."""
    network = ([1, 1], [[0], [1], [2], [3]], [[1], [-1], [-1], [1]])
    return certificate("local minimum", network, SMOOTHED_HINGE, ZERO, {"local_minimum": {"rule": "paths"}})


def loss_own() -> Document:
    """Three gaps at kinks, with subgradients strictly inside: a corner."""
    leaf = ONE_LEAF | {"subgradient": [[0, 0, "5/4"], [1, 0, "5/4"], [2, 0, "-5/2"]]}
    network = ([1, 1], [[-1], [1], [0]], [[-2], [-2], [1]])
    evidence = {"local_minimum": {"rule": "second order", "nodes": [leaf]}}
    return certificate("local minimum", network, OWN, ZERO, evidence)


def loss_own_curved() -> Document:
    """Inside the curved piece of a loss, with weights."""
    evidence = {"local_minimum": {"rule": "second order", "nodes": [ONE_LEAF]}}
    return certificate("local minimum", ([1, 1], [[0], [1]], [[-1], [-1]]), OWN, ZERO, evidence, weights=["1/2", 3])


def loss_lead() -> Document:
    """Three classes of which nothing is known: equal outputs are best, up to what all of them share."""
    point = {"W1": [[0], [0], [0]], "b1": [0, 0, 0]}
    network = ([1, 3], [[0], [0], [0], [1], [1], [1]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 2)
    evidence = {"local_minimum": {"rule": "second order", "nodes": [ONE_LEAF]}}
    return certificate("local minimum", network, SQUARED_LEAD, point, evidence)


def loss_direction() -> Document:
    """A direction down across kinks, with weights."""
    step = {"W1": [[0]], "b1": [1]}
    descent: Document = {"rule": "direction", "direction": step, "lower_point": {"parameters": {"W1": [[0]], "b1": [1]}}}
    network = ([1, 1], [[0], [1], [2]], [[0], [1], [2]])
    return certificate("not a local minimum", network, QUANTILE, ZERO, {"descent": descent}, weights=[1, 2, 5])


def loss_curve() -> Document:
    """Along f = x·t² the margins −t² and 2t² leave the breakpoint 0 to its two sides."""
    zero = {"W1": [[0]], "b1": [1], "W2": [[0]], "b2": [0]}
    step = text({"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [-1]})
    lower = {"parameters": {"W1": [["1/2"]], "b1": [1], "W2": [["1/2"]], "b2": ["-1/2"]}}
    descent: Document = {"rule": "curve", "curve": [step], "order": 2, "coefficient": "-1", "lower_point": lower}
    network = ([1, 1, 1], [[1], [2]], [[-1], [1]])
    return certificate("not a local minimum", network, SMOOTHED_HINGE, zero, {"descent": descent})


def loss_dead_unit() -> Document:
    """The second unit is read by nothing, and its revival changes the margins of one class only."""
    here = {"W1": [[0], [0]], "b1": [1, 0], "W2": [[0, 0], [0, 0]], "b2": [0, 0]}
    lower = {"W1": [[0], [1]], "b1": [1, 0], "W2": [[0, "-1/4"], [0, "1/4"]], "b2": [0, 0]}
    descent: Document = {"rule": "dead unit", "unit": 1, "output": 0, "delta": ["1", "0"], "derivative": "2"}
    descent["lower_point"] = {"parameters": lower}
    network = ([1, 2, 2], [[-1], [1]], [[1, 0], [0, 1]])
    return certificate("not a local minimum", network, SQUARED_LEAD, here, {"descent": descent})


def loss_lower_bound() -> Document:
    """The dual vectors of `global_absolute`, a third as long, for the quantile loss."""
    document = in_format_2(get_global("global_absolute"))
    document["problem"]["loss"] = copy.deepcopy(QUANTILE)
    document["evidence"]["duals"] = [[str(number(r) / 3) for r in dual] for dual in document["evidence"]["duals"]]
    bound = str(number(document["claim"]["risk"]) / 3)
    network = document["claim"]["sentence"].partition("of the risk of the ")[2].removesuffix(".")
    sentence = f"The risk of the {network} is at least {bound} at all parameters."
    document["claim"] = {"kind": "lower bound", "sentence": sentence, "bound": bound}
    del document["parameters"]
    return document


def loss_smooth_box() -> Document:
    """`smooth_tanh` with a loss that is quadratic near all gaps, and weights that double it."""
    document = in_format_2(golden("smooth_tanh"))
    problem = document["problem"]
    (a, _, _) = problem["loss"]["pieces"][0]
    half = number(a) / 2
    problem["loss"] = data(
        "difference", [-100, 100], [[0, -200 * half, -10000 * half], [half, 0, 0], [0, 200 * half, -10000 * half]]
    )
    problem["weights"] = ["2"] * len(problem["data"]["x"])
    return document


FORMAT_2 = {
    function.__name__: function
    for function in (
        loss_quantile,
        loss_quantile_weights,
        loss_insensitive,
        merged_samples,
        loss_squared_hinge,
        loss_smoothed_hinge,
        loss_own,
        loss_own_curved,
        loss_lead,
        loss_direction,
        loss_curve,
        loss_dead_unit,
        loss_lower_bound,
        loss_smooth_box,
    )
}
