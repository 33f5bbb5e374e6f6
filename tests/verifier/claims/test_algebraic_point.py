"""Algebraic local minima: what is accepted is true by SymPy and on a sphere around, what is changed is rejected or true."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Document, Oracle, number
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("algebraic_linear", "algebraic_relu", "algebraic_cubic")


def real(described: Document) -> Fraction:
    """The root to 60 digits."""
    t = sympy.Symbol("t")
    low, high = map(number, described["interval"])
    roots = sympy.Poly([int(c) for c in reversed(described["polynomial"])], t).nroots(n=80, maxsteps=200)
    (found,) = (root for root in roots if abs(sympy.im(root)) < 1e-60 and low <= Fraction(str(sympy.re(root))) <= high)
    return Fraction(str(sympy.re(found)))


def holds(document: Document) -> None:
    """At 60 digits the risk is the stated one, and no smaller at many points nearby."""
    problem, evidence = document["problem"], document["evidence"]
    alpha = real(evidence["root"])
    point: dict[str, list] = {}
    for layer, (below, width) in enumerate(zip(problem["widths"], problem["widths"][1:], strict=False), start=1):
        entry = lambda name: sum(number(c) * alpha**k for k, c in enumerate(evidence["coordinates"][name]))  # noqa: E731
        point[f"W{layer}"] = [[entry(f"W{layer}_{j}_{k}") for k in range(below)] for j in range(width)]
        if problem["biases"][layer - 1]:
            point[f"b{layer}"] = [entry(f"b{layer}_{j}") for j in range(width)]
    oracle, source = Oracle(document), random.Random(1)
    here = oracle.risk(point)
    assert abs(here - real(document["claim"]["risk"])) < Fraction(1, 10**50)
    for _ in range(100):
        moved = {
            name: [[v + Fraction(source.randint(-99, 99), 10**5) for v in row] if isinstance(row, list) else row for row in rows]
            for name, rows in point.items()
        }
        assert oracle.risk(moved) >= here - Fraction(1, 10**50)


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).kind == "local minimum of algebraic coordinates"
    holds(document)


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "sentence": ("algebraic_linear", put("claim", "sentence", "It holds."), "claim.sentence"),
    "bits": ("algebraic_linear", put("evidence", "bits", 15), "evidence.bits"),
    "the_other_root": ("algebraic_linear", put("claim", "risk", "interval", ["1", "2"]), "claim.risk.interval"),
    "another_polynomial": ("algebraic_linear", put("claim", "risk", "polynomial", ["1", "-7", "4"]), "claim.risk"),
    "a_longer_coordinate": (
        "algebraic_linear",
        put("evidence", "coordinates", "W1_0_0", ["1", "0", "0"]),
        "evidence.coordinates.W1_0_0",
    ),
    "a_coordinate_less": (
        "algebraic_linear",
        lambda d: d["evidence"]["coordinates"].pop("W2_1_0"),
        "evidence.coordinates.W2_1_0",
    ),
    "a_slope": ("algebraic_relu", put("evidence", "coordinates", "W2_0_0", ["4/5", "1/5"]), "evidence.coordinates.W1_0_0"),
    "another_root": ("algebraic_linear", put("evidence", "root", "interval", ["-2", "-3/2"]), "claim.risk.interval"),
    "a_loss_with_breakpoints": (
        "algebraic_linear",
        put("problem", "loss", {"name": "huber", "scale": "1", "delta": "1"}),
        "problem.loss",
    ),
    "a_unit_at_a_breakpoint": ("algebraic_relu", put("problem", "data", "x", 0, ["0", "0"]), "evidence.coordinates"),
    "another_target": ("algebraic_relu", put("problem", "data", "y", 0, ["1", "2"]), "evidence.coordinates"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


def test_all_small_changes_are_noticed() -> None:
    assert_changes_are_noticed(golden("algebraic_relu"), holds, least=100, most=Fraction(1, 6), never=("kind",))


def test_a_saddle_is_rejected() -> None:
    """The other singular vector: α = −(1 + √5)/2, whose gradient is 0 too."""
    document = copy.deepcopy(golden("algebraic_linear"))
    document["evidence"]["root"]["interval"] = ["-17/10", "-16/10"]
    document["evidence"]["root"]["interval"] = ["-17/10", "-8/5"]
    document["claim"]["risk"]["interval"] = ["13/10", "27/20"]
    document["claim"]["risk"]["polynomial"] = ["1", "-6", "4"]
    with pytest.raises(Rejected, match="not positive definite"):
        verify(encode(document))
