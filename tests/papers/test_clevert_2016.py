"""ELU's corner against difference quotients, and its spurious minimum."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError
from exactsurf.papers import clevert_2016, yun_2019_smooth

F = Fraction


@pytest.mark.parametrize("alpha", ["1", "1/2", "3"])
def test_the_corner_of_elu(alpha: str) -> None:
    h, step = es.elu(alpha), F(1, 10**9)
    left, right = clevert_2016.elu_with_slope(alpha)
    quotients = [(h(F(sign) * step).midpoint - h(F(0)).midpoint) / (sign * step) for sign in (-1, 1)]
    assert abs(quotients[0] - left) < F(1, 10**8) and abs(quotients[1] - right) < F(1, 10**8)
    problem = yun_2019_smooth.three_samples(h)
    verdict = clevert_2016.corner_of_elu.conclusion(problem)
    assert verdict.status is Status.PROVED and ("has a corner" in verdict.reason) == (alpha != "1")
    made = clevert_2016.corner_of_elu.construct(problem)
    assert made.risk == F(1, 3) and es.verify(made.certificate.encoded).risk == F(1, 3)


def test_other_activations_are_not_elu() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1], [1]))
    assert clevert_2016.corner_of_elu.does_not_apply(problem) == "the activation is relu"
    with pytest.raises(HypothesisError):
        clevert_2016.corner_of_elu.construct(yun_2019_smooth.three_samples("tanh"))
