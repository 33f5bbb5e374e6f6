"""Spurious minima of students and teachers on normal inputs, with certificates; three units are enough for teachers at angles."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import exactsurf as es
from exactsurf.minima.not_proved import NotProved
from exactsurf.theorems.constructions.population_minimum import PopulationMinimum, certify_population_minimum, population_risk

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"
F = Fraction


def three() -> tuple[list[list[str]], list[list[str]]]:
    document = json.loads((GOLDEN / "population_three.json").read_text(encoding="utf-8"))
    return document["parameters"]["W1"], document["problem"]["teachers"]


def test_three_units_on_the_plane() -> None:
    students, teachers = three()
    found = certify_population_minimum(students, teachers)
    assert isinstance(found, PopulationMinimum)
    assert es.verify(found.certificate).kind == "spurious local minimum of a population risk in a box"
    assert found.certificate.larger
    low, high = found.certificate.risk
    assert low < found.least <= found.risk.midpoint < high


def test_a_sign_of_a_coordinate_and_the_order_of_units_change_nothing() -> None:
    students, teachers = ([[F(v) for v in row] for row in rows] for rows in three())
    turned = [[-row[0], row[1]] for row in students[::-1]], [[-row[0], row[1]] for row in teachers]
    found, here = certify_population_minimum(*turned), population_risk(students, teachers)
    assert isinstance(found, PopulationMinimum)
    assert abs(found.risk.midpoint - here.midpoint) <= found.risk.radius + here.radius


def test_zeros_behind_all_rows() -> None:
    """What is said of every larger dimension is proved in the next one."""
    students, teachers = ([[*row, "0"] for row in rows] for rows in three())
    found = certify_population_minimum(students, teachers)
    assert isinstance(found, PopulationMinimum) and found.certificate.problem.dimension == 3


def test_too_far_from_the_critical_point() -> None:
    students, teachers = three()
    answer = certify_population_minimum([[str(F(v) + F(1, 100)) for v in row] for row in students], teachers)
    assert isinstance(answer, NotProved) and "gradient" in answer.reason
    answer = certify_population_minimum(students, teachers, radius="1/10")
    assert isinstance(answer, NotProved)
