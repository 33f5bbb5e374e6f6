"""Certificates about the hinge loss of several classes, put together by hand."""

from __future__ import annotations

import copy

from tests.verifier.examples import certificate, column, point, text
from tests.verifier.oracle import Document

HINGE: Document = {"name": "hinge", "scale": "1/2"}
CORNERS = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def classes_paths() -> Document:
    """Two samples of class 0, one of class 1, all with the outputs 1, 0, −1: every sum of subgradients is 0."""
    here = point(W1=[["0"], ["0"], ["0"]], b1=[1, 0, -1])
    # Class 0 is 1 above class 1, a kink, and 2 above class 2; class 1 is 1 below class 0 and 1 above class 2, a kink.
    subgradient = [["-1/4", "1/4", "0"], ["-1/4", "1/4", "0"], ["1/2", "-1/2", "0"]]
    evidence = {"local_minimum": {"rule": "paths", "subgradient": subgradient}}
    y = [CORNERS[0], CORNERS[0], CORNERS[1]]
    return certificate("local minimum", [1, 3], column(2, 2, 2), y, here, evidence, loss=HINGE)


def classes_second_order() -> Document:
    """Outputs 1, 0, −1 on one input, in classes 0, 1, 2 five, three and one times; all kinks are strictly inside.

    Outputs 1 and 2 ask for 5a = 3(1/2 + b) − 1/2 and 3b = 2/2.
    """
    here = point(W1=[[1]], W2=[[1], [0], [-1]])
    classes = [0] * 5 + [1] * 3 + [2]
    subgradient = [[i, 1, "2/5"] for i in range(5)] + [[i, 2, "1/3"] for i in range(5, 8)]
    leaf = {"multipliers": [], "subgradient": subgradient, "products": []}
    evidence = {"local_minimum": {"rule": "second order", "nodes": [leaf]}}
    y = [CORNERS[c] for c in classes]
    return certificate("local minimum", [1, 1, 3], column(*[1] * 9), y, here, evidence, biases=[False, False], loss=HINGE)


def classes_direction() -> Document:
    """A unit at a breakpoint, two margins at 1, and a direction in which one of them opens."""
    here = point(W1=[[1]], b1=[0], W2=[[1], [0], [0]], b2=[0, 0, 0])
    way = point(W1=[[0]], b1=[1], W2=[[-1], [0], ["-1/2"]], b2=[1, 0, 0])
    lower = point(W1=[[1]], b1=[0], W2=[[2], [0], [0]], b2=[0, 0, 0])
    evidence = {"descent": {"rule": "direction", "direction": way, "derivative": "", "lower_point": {"parameters": lower}}}
    x, y = column(0, 1, "1/2", 3), [CORNERS[0]] * 4
    return certificate("not a local minimum", [1, 1, 3], x, y, here, evidence, loss=HINGE)


def classes_curve() -> Document:
    """Both factors are 0: the risk falls along t·(1, 1), to second order."""
    here = point(W1=[[0]], W2=[[0], [0], [0]])
    way = point(W1=[[1]], W2=[[1], ["0"], ["-1"]])
    lower = point(W1=[[1]], W2=[["1/2"], [0], ["-1/2"]])
    descent = {"rule": "curve", "curve": [text(way)], "order": 2, "coefficient": "-9/2", "lower_point": {"parameters": lower}}
    evidence = {"descent": descent}
    x, y = column(1, 2), [CORNERS[0]] * 2
    return certificate("not a local minimum", [1, 1, 3], x, y, here, evidence, biases=[False, False], loss=HINGE)


CLASS_EXAMPLES = {
    example.__name__: example() for example in (classes_paths, classes_second_order, classes_direction, classes_curve)
}


def get_classes(name: str) -> Document:
    """A copy of an example, free to be changed."""
    return copy.deepcopy(CLASS_EXAMPLES[name])
