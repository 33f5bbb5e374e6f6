"""Constructions say what is wrong with what they are given; no exception comes from inside."""

from __future__ import annotations

from typing import Any

import pytest

import exactsurf as es
from exactsurf.errors import ExactsurfError
from exactsurf.papers import (
    baldi_1989,
    bharadwaj_2023,
    ding_2022,
    du_2018,
    feizi_2018,
    goldblum_2020,
    he_2020,
    safran_2018,
    swirszcz_2016,
    yun_2019,
    yun_2019_smooth,
)

STRANGE: list[Any] = [None, 5, "ab", object(), [], [[]], [[1], [1, 2]], {"x": 1}, [None], [True]]
LINE = es.Data.from_arrays([0, 1, 2], [0, 1, 1])
CALLS: dict[str, Any] = {
    "ding inputs": lambda value: ding_2022.construct(value, 2),
    "ding residuals": ding_2022.moment_residuals,
    "du teacher": du_2018.opposite_filter,
    "du weights": lambda value: du_2018.population_risk(value, [1], 0),
    "feizi data": lambda value: feizi_2018.porcupine_optimum(value, [[1]], [1]),
    "feizi lines": lambda value: feizi_2018.porcupine_optimum(LINE, value, [1]),
    "feizi lengths": lambda value: feizi_2018.porcupine_optimum(LINE, [[1]], value),
    "safran students": lambda value: safran_2018.population_risk(value, [[1]]),
    "safran sample": lambda value: safran_2018.finite_sample(value, [[1]], 3),
    "baldi": baldi_1989.construct,
    "bharadwaj": bharadwaj_2023.construct,
    "goldblum": goldblum_2020.construct,
    "he": he_2020.construct,
    "he inequivalent": he_2020.construct_inequivalent,
    "swirszcz": swirszcz_2016.construct,
    "yun": yun_2019.construct,
    "yun smooth": yun_2019_smooth.construct,
}


@pytest.mark.parametrize("name", CALLS)
def test_strange_arguments_are_named(name: str) -> None:
    for value in STRANGE:
        with pytest.raises(ExactsurfError):
            CALLS[name](value)


@pytest.mark.parametrize("width", [None, "2", 1.5, 0, True, [2]])
def test_strange_widths_are_named(width: Any) -> None:
    with pytest.raises(es.InputError, match="width"):
        ding_2022.construct([[-1], [0], [1]], width)


def test_a_flat_list_of_inputs_is_one_column() -> None:
    flat, rows = (ding_2022.construct(inputs, 2) for inputs in ([-1, 0, 1], [[-1], [0], [1]]))
    assert flat.risk == rows.risk and flat.parameters == rows.parameters


@pytest.mark.parametrize(
    ("theorem", "missing"),
    [
        (es.papers.petzka_2021.unit_splitting, "parameters, layer, unit, share"),
        (es.papers.petzka_2021.smooth_unit_splitting, "parameters, layer, unit, share"),
        (es.papers.liu_2021.differentiable_minima, "parameters"),
        (es.papers.wu_2025.local_minima, "parameters"),
    ],
)
def test_a_construction_names_the_arguments_that_it_wants(theorem: es.Theorem, missing: str) -> None:
    for given in ([es.Problem(es.Network([1, 1, 1]), LINE)], []):
        with pytest.raises(es.InputError, match=f"missing a required argument.*problem, {missing}"):
            theorem.construct(*given)


def test_an_argument_that_a_construction_does_not_know_is_named() -> None:
    with pytest.raises(es.InputError, match="unexpected keyword argument 'colour'"):
        es.papers.yun_2019.theorem_1.construct(es.Problem(es.Network([1, 2, 1]), LINE), colour=3)
