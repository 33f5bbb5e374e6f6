"""Part three of Theorem 4: global minima and full rank."""

from __future__ import annotations

import exactsurf as es
from exactsurf.papers import THEOREMS
from exactsurf.papers.baldi_1989 import critical_point
from exactsurf.papers.yun_2019_linear import full_rank_around

TOY = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])


def linear_problem(widths: list[int], data: es.Data = TOY) -> es.Problem:
    return es.Problem(es.Network(widths, es.linear, biases=False), data)


def test_part_three_of_theorem_4() -> None:
    problem = linear_problem([2, 2, 2])
    fitted = critical_point(problem, (0, 1))
    assert full_rank_around(fitted) == 1
    assert full_rank_around(critical_point(problem, (0,))) is None
    assert THEOREMS["yun_2019.theorem_4"].conclusion(problem, fitted).reason.startswith("a global minimum")
