"""Several classes with an exact penalty: copies that differ descend, dead copies persist, fitted copies are minima."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.papers.laurent_2018 import class_copies, decide_copies
from tests.sweep import draws

F = Fraction
SWEEP = draws(40)
TRIANGLE, LABELS = [[0, 0], [4, 0], [0, 4]], ["a", "b", "c"]


@pytest.mark.parametrize("seed", range(SWEEP))
def test_copies_that_differ_descend_for_every_factor(seed: int) -> None:
    source = random.Random(seed)
    network = es.Network([2, 2, 1], [es.relu, es.leaky_relu("1/2"), es.linear][seed % 3])

    def point() -> es.Parameters:
        def row(n: int) -> list[int]:
            return [source.randint(-2, 2) for _ in range(n)]

        return es.Parameters(W1=[row(2), row(2)], b1=row(2), W2=[row(2)], b2=row(1))

    copies = class_copies(network, TRIANGLE, LABELS, [point() for _ in range(3)], F(1, 10 ** source.randint(0, 9)))
    if not copies.penalty:
        return
    found = decide_copies(copies)
    assert found.status is es.Status.REFUTED and found.lower is not None and found.lower.risk < copies.risk
    # Near the point, too: the risk falls by (1 − c) times the penalty, because no prediction moves.
    near = copies.rescaled(F(10**9 - 1, 10**9))
    assert copies.risk - near.risk == copies.penalty / 10**9
    for before, after, problem in zip(copies.points, near.points, copies.problems, strict=True):
        assert problem.forward(before).outputs == problem.forward(after).outputs


def test_dead_units_persist_with_several_classes() -> None:
    """ReLU: all copies dead on all samples, a local minimum of risk 3, though every class is separable from the others."""
    network = es.Network([2, 2, 1])
    dead = es.Parameters(W1=[[0, 0], [0, 0]], b1=[-1, -1], W2=[[0, 0]], b2=[0])
    copies = class_copies(network, TRIANGLE, LABELS, [dead] * 3)
    found = decide_copies(copies)
    assert found.status is es.Status.PROVED and copies.risk == 3 and copies.penalty == 0
    for verdict in found.by_class:
        assert verdict.certificate is not None and es.verify(verdict.certificate.encoded).kind.endswith("local minimum")
    assert all(es.papers.laurent_2018.classify_hinge_minimum(p, dead).kind == "flat" for p in copies.problems)


def test_fitted_copies_with_shared_leaky_units() -> None:
    """Two leaky units compute both coordinates; each class is fitted by an affine function of them."""
    network = es.Network([2, 2, 1], es.leaky_relu("1/2"))
    shared = {"W1": [[1, 0], [0, 1]], "b1": [0, 0]}
    rows = {"a": ([-1, -1], 2), "b": ([1, 0], -2), "c": ([0, 1], -2)}
    copies = class_copies(network, TRIANGLE, LABELS, [es.Parameters(**shared, W2=[v], b2=[c]) for v, c in rows.values()])
    assert copies.risk == 0 and decide_copies(copies).status is es.Status.PROVED


def test_equal_copies_elsewhere_are_left_open() -> None:
    network = es.Network([2, 2, 1], es.leaky_relu("1/2"))
    same = es.Parameters(W1=[[1, 0], [0, 1]], b1=[0, 0], W2=[[0, 0]], b2=[5])
    found = decide_copies(class_copies(network, TRIANGLE, LABELS, [same] * 3))
    assert found.status is es.Status.UNDECIDED and "class 0 alone" in found.reason and len(found.by_class) == 3


def test_bad_arguments() -> None:
    network = es.Network([2, 1, 1])
    point = es.Parameters(W1=[[1, 0]], b1=[0], W2=[[1]], b2=[0])
    with pytest.raises(es.InputError, match="3 classes and 1 points"):
        class_copies(network, TRIANGLE, LABELS, [point])
    with pytest.raises(es.InputError, match="positive factor"):
        class_copies(network, TRIANGLE, LABELS, [point] * 3, 0)
    with pytest.raises(es.InputError, match="positive factor"):
        class_copies(network, TRIANGLE, LABELS, [point] * 3).rescaled(-1)
    with pytest.raises(es.UnsupportedError, match="one output"):
        class_copies(es.Network([2, 1, 3]), TRIANGLE, LABELS, [point] * 3)
    with pytest.raises(es.ShapeError):
        class_copies(es.Network([2, 2, 1]), TRIANGLE, LABELS, [point] * 3)
