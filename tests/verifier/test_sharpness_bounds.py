"""What two claims about bounds of a sharpness share in the verifier: upper bounds by elimination, sentences, fields."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from exactsurf.verifier import Rejected
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.sharpness_bounds import Bounds, check_above
from tests.verifier.verdicts import assert_rejected_at, golden, put


def bounds(high: int) -> Bounds:
    field = Field(["0", str(high)], "claim.eigenvalue")
    return Bounds(0, high, field.items(2), Field({}, "evidence"))


@pytest.mark.parametrize("scales", [[1, 1], [4, 1], [1, 9]])
def test_upper_bounds_are_those_of_numpy(scales: list[int]) -> None:
    """β S ⪰ H if and only if β is at least the largest eigenvalue of S^(−1/2) H S^(−1/2)."""
    hessian = [[3, 1], [1, 2]]
    root = np.diag([value**-0.5 for value in scales])
    largest = np.linalg.eigvalsh(root @ np.array(hessian) @ root)[-1]
    for high in range(1, 6):
        if high >= largest:
            check_above(bounds(high), hessian, scales, "no")
        else:
            with pytest.raises(Rejected, match="no") as caught:
                check_above(bounds(high), hessian, scales, "no")
            assert caught.value.place == "claim.eigenvalue[1]"


@pytest.mark.parametrize("name", ["flattest_minimiser", "flattest_rescaling"])
def test_both_claims_reject_other_fields_and_sentences(name: str) -> None:
    document = golden(name)
    assert_rejected_at("claim.sentence", copy.deepcopy(document), put("claim", "sentence", "It holds."))
    assert_rejected_at("claim.trace", copy.deepcopy(document), put("claim", "trace", ["1"]))
    assert_rejected_at("evidence.more", copy.deepcopy(document), put("evidence", "more", {}))
    assert_rejected_at("format", copy.deepcopy(document), put("format", "exactsurf-certificate/1"))
