"""The catalogue of instances: published risks, and a round trip through problem files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError
from exactsurf.interop.problem_file import read_any_problem
from exactsurf.interop.problem_writer import write_problem
from exactsurf.papers import THEOREMS
from exactsurf.search.catalogue import find_instance, instances
from tests import oracle

F = Fraction


@pytest.mark.parametrize(
    ("key", "risk", "status"),
    [
        ("yun_2019.example_a", F(3, 4), Status.PROVED),
        ("yun_2019.xor", F(1, 2), Status.PROVED),
        ("yun_2019.three_points", F(1, 3), Status.PROVED),
        ("yun_2019.three_points_fitted", F(0), Status.PROVED),
        ("swirszcz_2016.blind_spot", F(9), Status.PROVED),
        ("yun_2019_sosp.sharp_minimum", F(5), Status.PROVED),
        ("he_2020.one_valley.counterexample_2", F(6), Status.PROVED),
        ("he_2020.one_valley.counterexample_2.other", F(6), Status.PROVED),
    ],
)
def test_published_risks_and_verdicts(key: str, risk: Fraction, status: Status) -> None:
    found = find_instance(key)
    assert oracle.risk(found.problem, found.parameters) == risk
    assert es.decide(found.problem, found.parameters).status is status


def test_every_instance_survives_its_file(tmp_path: Path) -> None:
    assert len(instances()) >= 40
    for key, found in instances().items():
        file = write_problem(tmp_path / f"{key}.json", found.problem, found.parameters)
        problem, parameters = read_any_problem(file)
        assert (problem, parameters) == (found.problem, found.parameters)


def test_every_example_of_a_theorem_is_an_instance() -> None:
    for theorem in THEOREMS.values():
        problems = [found.problem for key, found in instances().items() if key.startswith(f"{theorem.key}.")]
        assert problems == [
            example.problem
            for example in (*theorem.sharpness(), *theorem.counterexamples())
            for _ in range(1 + (example.other is not None))
        ]


def test_unknown_instances_are_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"did you mean 'yun_2019\.xor'"):
        find_instance("yun_2019.xr")
