"""Limiting gradients that are seen without a search, and what is left where they do not answer."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es
from exactsurf.minima.local.clarke import HullPoint, TooManyCells, decide_unit_hull
from exactsurf.minima.local.local_form import Hyperplane, LocalForm

F = Fraction


def test_a_cell_that_turns_the_unit_off_answers_without_a_list_of_cells():
    rnd = random.Random(1)
    # Kinks of both signs, and the gradient of the cell in which every wall is on its negative side is 0.
    planes = tuple(
        Hyperplane(k, (F(1), *(F(rnd.randint(-9, 9)) for _ in range(3))), F(rnd.choice([-2, -1, 1, 3]))) for k in range(30)
    )
    slopes = [sum((p.kink * p.normal[i] for p in planes), F(0)) for i in range(4)]
    answer = decide_unit_hull(LocalForm(tuple(slopes), planes), effort=es.Effort(fan=1))
    assert isinstance(answer, HullPoint)
    assert all(sum((w * g[i] for w, g in zip(answer.weights, answer.gradients, strict=True)), F(0)) == 0 for i in range(4))
    # Another gradient, which is no hull of one cell: then cells are counted.
    moved = decide_unit_hull(LocalForm((slopes[0] + F(1, 7), *slopes[1:]), planes), effort=es.Effort(fan=1))
    assert isinstance(moved, (HullPoint, TooManyCells))
