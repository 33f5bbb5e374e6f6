"""Lifted affine minima: certificates that the verifier accepts and that no other risk survives, and honest refusals."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf import verifier
from exactsurf.papers import christof_2023, goldblum_2020, he_2020, yun_2019

F = Fraction

LOSSES = [es.absolute, es.huber("1/3"), es.quantile("1/4"), es.epsilon_insensitive("1/10"), es.squared.mean]


@pytest.mark.parametrize("seed", range(10))
def test_random_data_of_any_depth_and_several_outputs(seed: int) -> None:
    source = random.Random(seed)
    outputs = 1 + seed % 2
    x = [[source.randint(-5, 5), source.randint(-5, 5)] for _ in range(7)]
    y = [[source.randint(-5, 5) for _ in range(outputs)] for _ in x]
    widths = [2, outputs + 1, outputs] if seed % 3 else [2, outputs + 1, outputs + 1, outputs]
    network = es.Network(widths, source.choice(["relu", "hard_tanh", "absolute_value"]))
    problem = es.Problem(
        network, es.Data.from_arrays(x, y), LOSSES[seed % len(LOSSES)], sample_weight=[source.randint(1, 3) for _ in x]
    )
    found = he_2020.construct(problem)
    assert found.verdict.status is es.Status.PROVED and found.lower_risk < found.risk == problem.risk(found.parameters)
    assert goldblum_2020.construct(problem)[1].risk == found.risk == yun_2019.construct(problem).risk
    data = json.loads(found.certificate.encoded)
    data["claim"]["risk"] = str(found.risk + F(1, 10**9))
    with pytest.raises(verifier.Rejected):
        verifier.verify(json.dumps(data).encode())


def test_hinge_on_inseparable_labels() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, -1]), "hinge")
    found = yun_2019.construct(problem)
    assert found.verdict.status is es.Status.PROVED and found.risk == F(8, 3)


def test_separable_labels_and_wide_tubes_are_fitted_perfectly() -> None:
    separable = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [-1, -1, 1, 1]), "squared_hinge")
    assert yun_2019.construct(separable).verdict.status is es.Status.UNDECIDED
    assert "global minimum" in yun_2019.construct(separable).verdict.reason


def test_the_theorems_speak_of_losses_by_pieces() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), "absolute")
    for theorem in (he_2020.infinitely_many, christof_2023.continuum, goldblum_2020.affine_minima):
        assert not theorem.check(problem).failing
        assert theorem.conclusion(problem).status is es.Status.PROVED
