"""0 in a hull of gradients at every point of a simplex: against hulls at many points of it."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from exactsurf.effort import Effort
from exactsurf.minima.local.clarke import HullPoint, KinkMultipliers, Separator, decide_hull, decide_unit_hull
from exactsurf.minima.local.common_hull import decide_common_hull, decide_common_unit_hull
from exactsurf.minima.local.local_form import Hyperplane, LocalForm

F = Fraction


def mean(vectors, weights):
    return tuple(sum((w * v for w, v in zip(weights, entries, strict=True)), F(0)) for entries in zip(*vectors, strict=True))


def weights_of(source: random.Random, count: int) -> list[Fraction]:
    found = [F(source.randint(0, 9)) for _ in range(count)]
    found[source.randrange(count)] += 1
    return [value / sum(found) for value in found]


@pytest.mark.parametrize("seed", range(60))
def test_the_answer_holds_at_every_point_of_the_simplex(seed: int) -> None:
    source = random.Random(seed)
    size, corners, count = source.randint(1, 3), source.randint(1, 3), source.randint(1, 6)
    width = F(1, source.choice([1, 5, 1000]))
    centre = [[F(source.randint(-2, 2)) for _ in range(size)] for _ in range(count)]
    families = [tuple(tuple(value + width * source.randint(-1, 1) for value in row) for _ in range(corners)) for row in centre]
    answer = decide_common_hull(families)
    for _ in range(20):
        weights = weights_of(source, corners)
        there = decide_hull([mean(family, weights) for family in families])
        if isinstance(answer, HullPoint):
            assert isinstance(there, HullPoint)
        if isinstance(answer, Separator):
            assert isinstance(there, Separator)
    if corners == 1:
        assert isinstance(answer, (HullPoint, Separator))


def test_weights_that_are_not_rational_are_not_needed_around_0() -> None:
    """(1, 0), (0, 1) and (−a, −b) with a, b near √2 and √3: 0 is inside, with other weights at every corner."""
    one, zero = F(1), F(0)
    near = [(F(14, 10), F(17, 10)), (F(15, 10), F(17, 10)), (F(14, 10), F(18, 10))]
    families = [((one, zero),) * 3, ((zero, one),) * 3, tuple((-a, -b) for a, b in near)]
    assert isinstance(decide_common_hull(families), HullPoint)
    assert isinstance(decide_common_hull(families[1:]), Separator)


def test_on_the_boundary_of_a_hull_nothing_is_said() -> None:
    """0 between (1, 0) and (−1, s) for s between −1 and 1, which is so at s = 0 only."""
    one = F(1)
    families = [((one, F(0)), (one, F(0))), ((-one, -one), (-one, one))]
    assert not isinstance(decide_common_hull(families), (HullPoint, Separator))


@pytest.mark.parametrize("seed", range(40))
def test_forms_of_units(seed: int) -> None:
    source = random.Random(seed)
    size, corners = source.randint(1, 2), source.randint(1, 3)
    normals = [(F(1), F(0))[:size], (F(1), F(1))[:size], (F(0), F(1))][: size + 1 if size == 2 else 1]
    gradient, kinks = [F(source.randint(-2, 2)) for _ in range(size)], [F(source.randint(-3, 3)) for _ in normals]

    def form() -> LocalForm:
        shift = F(source.randint(-1, 1), 10)
        planes = tuple(Hyperplane(k, n, kink + shift) for k, (n, kink) in enumerate(zip(normals, kinks, strict=True)) if kink)
        return LocalForm(tuple(g + shift for g in gradient), planes)

    forms = [form() for _ in range(corners)]
    answer = decide_common_unit_hull(forms, effort=Effort())
    weights = weights_of(source, corners)
    planes = tuple(
        Hyperplane(plane.name, plane.normal, sum((w * f.hyperplanes[k].kink for w, f in zip(weights, forms, strict=True)), F(0)))
        for k, plane in enumerate(forms[0].hyperplanes)
    )
    there = decide_unit_hull(LocalForm(mean([f.gradient for f in forms], weights), planes), effort=Effort())
    if isinstance(answer, (HullPoint, KinkMultipliers)):
        assert isinstance(there, (HullPoint, KinkMultipliers))
    if isinstance(answer, Separator):
        assert isinstance(there, Separator)
