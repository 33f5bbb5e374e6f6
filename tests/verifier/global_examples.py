"""Certificates about all parameters, about paths and about barriers, written out; risks are filled in by the oracle."""

from __future__ import annotations

import copy
from typing import Any

from tests.verifier.cell_examples import certificate as cells_certificate
from tests.verifier.examples import HALF, RELU, text
from tests.verifier.oracle import Document, Oracle, parameters_of

SHIFTED = {"breakpoints": ["1"], "slopes": ["0", "1"], "value_at_0": "0"}
LEAKY = {"breakpoints": ["0"], "slopes": ["1/2", "1"], "value_at_0": "0"}
HINGE = {"name": "hinge", "scale": "1"}
ABSOLUTE = {"name": "absolute", "scale": "1"}
HUBER = {"name": "huber", "scale": "1", "delta": "1/4"}


def point(w: Any, b: Any, v: Any, c: Any = None) -> Document:
    """Parameters of a network with one input: weights, biases and output weights of the units, and the output bias."""
    rows = w if isinstance(w, list) else [w]
    found = {"W1": [[row] for row in rows], "W2": [v if isinstance(v, list) else [v]]}
    if b is not None:
        found["b1"] = b if isinstance(b, list) else [b]
    if c is not None:
        found["b2"] = [c]
    return text(found)


def sentence(document: Document) -> str:
    problem, claim = document["problem"], document["claim"]
    samples, loss = len(problem["data"]["x"]), problem["loss"]["name"]
    network = f"the {'-'.join(map(str, problem['widths']))} network on {samples} sample{'s' if samples != 1 else ''}"
    match claim["kind"]:
        case "global minimum":
            return f"The given parameters are a global minimum of the {loss} risk of {network}."
        case "lower bound":
            return f"The {loss} risk of {network} is at least {claim['bound']} at all parameters."
        case "path":
            start = "The given path leads from its first point to its last at a"
            return f"{start} {loss} risk of at most {claim['level']} of {network}."
        case "barrier":
            return (
                f"Every path between the first and the last point of the given path reaches a {loss} risk of at least "
                f"{claim['level']} of {network}, and the given path no more."
            )
        case "all valleys":
            count = claim["valleys"]
            return (
                f"From all parameters some path that never rises above the {loss} risk of its beginning leads, up to the order "
                f"of the hidden units, to one of the first {count} given point{'s' if count != '1' else ''}, for {network}."
            )
    return (
        f"The given parameters are a bottom of a spurious valley of the {loss} risk of {network}: every path from them to a "
        f"point of lower risk reaches at least {claim['barrier']}, and one path no more."
    )


def claimed(
    kind: str,
    x: Any,
    y: Any,
    *,
    units: int = 1,
    activation: Document = RELU,
    loss: Document = HALF,
    biases: list[bool] | None = None,
    level: Any = None,
    parameters: Document | None = None,
    path: list[Document] | None = None,
    duals: Any = None,
    points: list[Document] | None = None,
    leads_to: list[int] | None = None,
    step: str = "1/2",
) -> Document:
    """A certificate; the cells are found with a grid of witnesses."""
    document = cells_certificate([len(x[0]), units, 1], x, biases or [True, True], activation, step=step)
    cells = document["evidence"]["cells"]
    document["problem"] |= {"loss": loss}
    document["problem"]["data"]["y"] = text([[value] for value in y])
    document["evidence"] = {}
    claim = document["claim"] = {"kind": kind}
    if parameters is not None:
        document["parameters"] = parameters
        claim["risk"] = str(Oracle(document).risk(parameters_of(parameters)))
    if points is not None and leads_to is not None:
        document["evidence"] = {"points": points, "leads_to": leads_to}
        claim["valleys"] = str(len(points) - len(leads_to))
    elif kind != "global minimum":
        claim["bound" if kind == "lower bound" else "barrier" if parameters is not None else "level"] = text(level)
    if path is not None:
        document["evidence"]["path"] = path
    if duals is not None:
        document["evidence"] |= {"cells": cells, "duals": text(duals)}
    claim["sentence"] = sentence(document)
    return document


HILL = ([[0], [1], [2]], [0, 1, 0])
FOUR = ([[0], [1], [2], [3]], [0, 1, 0, 2])
XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
LABELS = ([[0], [1], [2]], [1, -1, 1])

GLOBAL_EXAMPLES = {
    "global_hill": claimed(
        "global minimum",
        *HILL,
        parameters=point("-1/2", "1/2", -1, "1/2"),
        duals=[[0, "-1/2", "1/2"], ["1/2", "-1/2", 0], ["1/3", "-2/3", "1/3"]],
    ),
    "global_xor": claimed(
        "global minimum",
        *XOR,
        units=2,
        parameters=text({"W1": [[1, -1], [-1, 1]], "b1": [0, 0], "W2": [[1, 1]], "b2": [0]}),
        duals=[[0, 0, 0, 0]],
    ),
    "global_hinge": claimed(
        "global minimum",
        *LABELS,
        loss=HINGE,
        parameters=point(-1, 1, 1, 0),
        duals=[[0, 1, -1], [-1, 1, 0], ["-1/2", 1, "-1/2"]],
    ),
    "global_absolute": claimed(
        "global minimum",
        [[0], [1], [2], [3]],
        [0, 2, -1, 1],
        activation=LEAKY,
        loss=ABSOLUTE,
        biases=[True, False],
        parameters=point("-2/3", 0, -1),
        duals=[["1/6", -1, 1, "-1/3"], ["2/3", -1, 1, "-1/3"]],
    ),
    "global_shifted": claimed(
        "global minimum",
        [[1], [2], [3]],
        [1, 2, 4],
        activation=SHIFTED,
        biases=[False, False],
        parameters=point("9/4", None, "2/3"),
        duals=[[-1, 0, 0], ["-1/6", "1/3", "-1/6"]],
        step="1/12",
    ),
    "global_two_units": claimed(
        "global minimum",
        *FOUR,
        units=2,
        parameters=point(["-1/2", "3/2"], ["1/2", -3], [-1, 1], "1/2"),
        duals=[
            [0, "-1/2", "1/2", 0],
            [0, 0, 1, -1],
            ["1/3", "-2/3", "1/3", 0],
            [0, "-1/2", 1, "-1/2"],
            ["1/2", "-1/2", 0, 0],
        ],
    ),
    "lower_bound_huber": claimed(
        "lower bound",
        *HILL,
        loss=HUBER,
        level="3/16",
        duals=[[0, "-1/4", "1/4"], ["1/4", "-1/4", 0], ["1/8", "-1/4", "1/8"]],
    ),
    "lower_bound": claimed(
        "lower bound", *HILL, level="1/5", duals=[[0, "-1/2", "1/2"], ["1/2", "-1/2", 0], ["1/3", "-2/3", "1/3"]]
    ),
    "path_two_units": claimed(
        "path",
        *HILL,
        units=2,
        level=2,
        path=[
            point([1, -1], [0, 1], [1, 0], 0),
            point([1, 3], [0, 2], [1, 0], 0),
            point([1, 3], [0, 2], [0, 0], "1/3"),
            point([-2, 3], [5, 2], [0, 0], "1/3"),
        ],
    ),
    "barrier": claimed(
        "barrier",
        *FOUR,
        level="11/8",
        path=[
            point("-1/2", "3/2", -1, "3/2"),
            point("-1/2", "3/2", 0, "3/4"),
            point("5/3", "-10/3", 0, "3/4"),
            point("5/3", "-10/3", 1, "1/3"),
        ],
        duals=[["3/4", "-1/4", "3/4", "-5/4"]],
    ),
    "valley": claimed(
        "spurious valley",
        *FOUR,
        level="9/11",
        parameters=point("1/2", 0, 1, 0),
        path=[point("7/11", "-7/11", 1, "3/11"), point("5/3", "-10/3", 1, "1/3")],
        duals=[["3/11", "-8/11", "10/11", "-5/11"], [0, "-1/2", 1, "-1/2"]],
    ),
    "all_valleys": claimed(
        "all valleys",
        *FOUR,
        points=[
            point("5/3", "-10/3", 1, "1/3"),
            point("-1/2", "3/2", -1, "3/2"),
            point("1/2", 0, 1, 0),
            point(-1, 1, -1, 1),
            point(2, -3, 0, "3/4"),
        ],
        leads_to=[0],
        duals=[["1/3", "-2/3", "1/3", 0], [0, "-1/2", 1, "-1/2"], [0, 0, 1, -1], ["3/4", "-1/4", "3/4", "-5/4"]],
    ),
}


def get(name: str) -> Document:
    return copy.deepcopy(GLOBAL_EXAMPLES[name])
