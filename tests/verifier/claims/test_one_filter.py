"""One filter opposite to its teacher: what is accepted is true by mpmath, what is changed is rejected or true."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Document
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("filter_spurious", "filter_none")


def risk(angle: mpmath.mpf, a: mpmath.matrix, b: mpmath.matrix) -> mpmath.mpf:
    """½ E (…)² from means and second moments of each patch, the kernel by quadrature."""
    kernel = mpmath.quad(lambda t: mpmath.cos(t) * mpmath.cos(t - angle), [angle - mpmath.pi / 2, mpmath.pi / 2]) / mpmath.pi
    mean = 1 / mpmath.sqrt(2 * mpmath.pi)
    total = mpmath.mpf(0)
    for j in range(len(a)):
        for k in range(len(a)):
            same = (mpmath.mpf(1) / 2, kernel) if j == k else (mean**2, mean**2)
            total += (a[j] * a[k] + b[j] * b[k]) * same[0] - 2 * a[j] * b[k] * same[1]
    return total / 2


def holds(document: Document) -> None:
    with mpmath.workdps(30):
        _holds(document)


def _holds(document: Document) -> None:
    b = mpmath.matrix(
        [mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator for v in document["problem"]["output_weights"]]
    )
    size = len(b)
    ones = mpmath.ones(size)
    a = mpmath.lu_solve((mpmath.pi - 1) * mpmath.eye(size) + ones, (ones - mpmath.eye(size)) * b)
    here = risk(mpmath.pi, a, b)
    if document["claim"]["kind"].startswith("no"):
        moved = [risk(mpmath.pi - mpmath.mpf(1) / 20, a + step * b, b) for step in (0, mpmath.mpf(1) / 10**5)]
        assert min(moved) < here
        return
    low, high = (mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator for v in document["claim"]["risk"])
    assert 0 < low <= here <= high
    assert all(risk(mpmath.pi - mpmath.mpf(h) / 20, a + s * b / 1000, b) >= here for h in (0, 1) for s in (-1, 0, 1))


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).kind == document["claim"]["kind"]
    holds(document)


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("filter_none", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("filter_none", put("claim", "sentence", "It holds."), "claim.sentence"),
    "a_risk_where_there_is_none": ("filter_none", put("claim", "risk", ["0", "1"]), "claim.risk"),
    "a_teacher_that_is_0": ("filter_none", put("problem", "output_weights", ["0", "0"]), "problem.output_weights"),
    "another_number_of_patches": ("filter_none", put("problem", "output_weights", ["1"]), "claim.sentence"),
    "another_sign": ("filter_none", put("problem", "output_weights", ["1", "-1"]), "problem.output_weights"),
    "the_sign_back": ("filter_spurious", put("problem", "output_weights", ["3", "1", "1"]), "problem.output_weights"),
    "other_inputs": ("filter_spurious", put("problem", "inputs", "uniform"), "problem.inputs"),
    "risk_low": ("filter_spurious", put("claim", "risk", 0, "3"), "claim.risk[0]"),
    "risk_high": ("filter_spurious", put("claim", "risk", 1, "2"), "claim.risk[1]"),
    "risk_not_positive": ("filter_spurious", put("claim", "risk", 0, "0"), "claim.risk"),
    "few_bits": ("filter_spurious", put("evidence", "bits", 15), "evidence.bits"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


@pytest.mark.parametrize("name", NAMES)
def test_all_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=100, most=Fraction(1, 2), never=("kind",))


def test_a_sign_that_needs_many_bits() -> None:
    """π (t² − q) − (k − 1) q with q/(t² − q) near π: a sign that 16 bits do not tell."""
    document = copy.deepcopy(golden("filter_none"))
    # t² − q = 2xy and q = x² + y² for two patches: x/y = π + √(π² − 1), a little more.
    ratio = mpmath.pi + mpmath.sqrt(mpmath.pi**2 - 1)
    document["problem"]["output_weights"] = [str(Fraction(int(ratio * 10**9), 10**9)), "1"]
    document["evidence"]["bits"] = 16
    with pytest.raises(Rejected, match="do not tell"):
        verify(encode(document))
    document["evidence"]["bits"] = 128
    verify(encode(document))


def test_hostile_denominators_are_refused() -> None:
    """Many long denominators without a common factor, whose sum would be a number of a million digits."""
    document = copy.deepcopy(golden("filter_none"))
    values = [f"1/{2**400 + 2 * k + 1}" for k in range(4000)]
    document["problem"]["output_weights"] = values
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("2 patches", "4000 patches")
    with pytest.raises(Rejected, match="limits of this verifier"):
        verify(encode(document))
