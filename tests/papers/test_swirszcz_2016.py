"""Dead units have the risk of the best constant, in every layer and with two outputs."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError
from exactsurf.papers import swirszcz_2016
from tests import oracle
from tests.papers.datasets import ACTIVATIONS, TWO_OUTPUTS, A

F = Fraction


@pytest.mark.parametrize("widths", [[1, 1, 1], [1, 2, 1], [1, 3, 2, 1]], ids=str)
@pytest.mark.parametrize("activation", [es.relu, es.hard_tanh, es.relu6], ids=str)
def test_dead_units_have_the_risk_of_the_best_constant(widths: list[int], activation: es.Activation) -> None:
    problem = es.Problem(es.Network(widths, activation), A)
    found = swirszcz_2016.construct(problem)
    targets = [y for (y,) in A.y]
    mean = sum(targets) / len(targets)
    assert found.risk == sum((y - mean) ** 2 for y in targets) / 2 == F(11, 8)
    accepted = es.verify(found.certificate.encoded)
    assert (accepted.kind, accepted.risk) == ("spurious local minimum", F(11, 8))
    point = swirszcz_2016.dead_point(problem)
    assert oracle.risk(problem, point) == found.risk > oracle.risk(problem, found.lower_point)
    assert not oracle.is_lower_nearby(problem, point, [F(1, 10**3), F(1, 10**8)], tries=30)


def test_dead_units_with_two_outputs_and_without_a_flat_piece() -> None:
    width = TWO_OUTPUTS.inputs.columns
    assert swirszcz_2016.construct(es.Problem(es.Network([width, 2, 2]), TWO_OUTPUTS)).status is Status.PROVED
    assert swirszcz_2016.dead_units.check(es.Problem(es.Network([width, 1, 2]), TWO_OUTPUTS)).failing == ("width",)
    for activation in ACTIVATIONS:
        problem = es.Problem(es.Network([1, 2, 1], activation), A)
        if 0 not in activation.slopes:
            with pytest.raises(HypothesisError, match="flat piece"):
                swirszcz_2016.construct(problem)
