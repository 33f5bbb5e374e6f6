"""The claim `enclosed sharpness`: true by mpmath's derivatives, and every change is rejected or true."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from mpmath import eigsy, matrix, mp, mpf
from mpmath import tanh as mp_tanh

from exactsurf.verifier import verify
from tests.verifier.oracle import Document, data, numbers
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("enclosed_sharpness_tanh", "enclosed_sharpness_decay")


def holds(document: Document) -> None:
    """One unit, one input: the Hessian by second differences in 60 digits."""
    problem = document["problem"]
    x, y = data(problem)
    names = [name for name in ("W1", "b1", "W2", "b2") if name in document["parameters"]]
    start = [mpf(v.numerator) / v.denominator for name in names for v in _flat(numbers(document["parameters"][name]))]
    smooth = problem["activation"].get("name") == "tanh"
    decay = problem.get("weight_decay")
    factor = mpf(0) if decay is None else mpf(Fraction(decay["factor"]).numerator) / Fraction(decay["factor"]).denominator

    def risk(place: list[mpf]) -> mpf:
        at = dict(zip(names, place, strict=True))
        total = mpf(0)
        for (a,), (b,) in zip(x, y, strict=True):
            z = at["W1"] * mpf(a.numerator) / a.denominator + at.get("b1", mpf(0))
            value = at["W2"] * (mp_tanh(z) if smooth else z) + at.get("b2", mpf(0)) - mpf(b.numerator) / b.denominator
            total += value * value / 2
        penalised = [v for name, v in at.items() if name.startswith("W") or (decay and decay["biases"])]
        return total + factor / 2 * sum(v * v for v in penalised)

    with mp.workdps(60):
        size, step = len(start), mpf(10) ** -15
        table = matrix(size)
        for p in range(size):
            for q in range(size):
                total = mpf(0)
                for a in (1, -1):
                    for b in (1, -1):
                        moved = list(start)
                        moved[p] += a * step
                        moved[q] += b * step
                        total += a * b * risk(moved)
                table[p, q] = total / (4 * step * step)
        largest, trace = max(eigsy(table, eigvals_only=True)), sum(table[p, p] for p in range(size))
        slack = mpf(10) ** -12
        for found, pair in ((largest, "bounds"), (trace, "trace"), (risk(start), "risk")):
            low, high = (mpf(v.numerator) / v.denominator for v in numbers(document["claim"][pair]))
            assert low - slack <= found <= high + slack


def _flat(value: list) -> list[Fraction]:
    return [entry for item in value for entry in (item if isinstance(item, list) else [item])]


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    holds(document)


def bound(name: str, place: int, text: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        old = document["claim"][name][place]
        document["claim"][name][place] = text
        document["claim"]["sentence"] = document["claim"]["sentence"].replace(old, text)

    return change


CHANGES: dict[str, tuple[Callable[[Document], None], str]] = {
    "format_1": (put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (put("claim", "sentence", "It holds."), "claim.sentence"),
    "risk": (put("claim", "risk", ["0", "0"]), "claim.risk[1]"),
    "too_high": (bound("bounds", 0, "1000"), "claim.bounds[0]"),
    "too_low": (bound("bounds", 1, "1/1000"), "claim.bounds[1]"),
    "trace_low": (bound("trace", 1, "1/1000"), "claim.trace[1]"),
    "trace_high": (bound("trace", 0, "1000"), "claim.trace[0]"),
    "no_vector": (put("evidence", "vector", ["0", "0", "0", "0"]), "evidence.vector"),
    "other_vector": (put("evidence", "vector", ["1", "-1", "1", "-1"]), "claim.bounds[0]"),
    "few_bits": (put("evidence", "bits", 1), "evidence.bits"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    change, place = CHANGES[name]
    assert_rejected_at(place, golden("enclosed_sharpness_tanh"), change)


def test_all_small_changes_are_noticed() -> None:
    assert_changes_are_noticed(golden("enclosed_sharpness_tanh"), holds, least=60, most=Fraction(1, 2), never=("kind",))
