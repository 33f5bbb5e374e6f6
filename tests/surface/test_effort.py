"""Questions about the whole surface end with their effort, also while they are prepared; a checkpoint is brought further."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import exactsurf as es
from exactsurf import effort as module
from exactsurf.effort import Effort, OutOfTime, governing
from tests.test_effort import Clock


def problem(widths: list[int], samples: int, loss: str = "squared", **options: Any) -> es.Problem:
    x = [[(7 * i * i + 5 * k * i + 3 * k) % 13 - 6 for k in range(widths[0])] for i in range(samples)]
    y = [i % 2 if loss == "logistic" else (5 * i * i + i) % 11 - 5 for i in range(samples)]
    return es.Problem(es.Network(widths), es.Data.from_arrays(x, y), loss, **options)


def restricted(samples: int, units: int) -> es.RestrictedProblem:
    network = es.Network([2, units, 1])
    heads = es.restriction(network, W2=[[1 - 2 * (j % 2) for j in range(units)]])
    return es.RestrictedProblem(heads, problem([2, 1, 1], samples).data)


def points(given: es.Problem) -> tuple[es.Parameters, es.Parameters]:
    (reads, units, _) = given.network.widths
    one = [[(j * j + k) % 5 - 2 for k in range(reads)] for j in range(units)]
    other = [[(j + 2 * k) % 7 - 3 for k in range(reads)] for j in range(units)]
    biases, heads = [1] * units, [[(-1) ** j for j in range(units)]]
    return tuple(given.parameters(W1=rows, b1=biases, W2=heads, b2=[0]) for rows in (one, other))  # type: ignore[return-value]


QUESTIONS: dict[str, Callable[[Effort], Any]] = {
    "landscape": lambda effort: es.landscape(problem([2, 3, 1], 14), max_cells=10**9, effort=effort),
    "landscape of many cells": lambda effort: es.landscape(problem([4, 2, 1], 30), max_cells=10**12, effort=effort),
    "below": lambda effort: es.landscape(problem([2, 3, 1], 14), below=20, effort=effort),
    "enclosed": lambda effort: es.enclosed_landscape(problem([2, 2, 1], 14, "logistic"), effort=effort),
    "enclosed below": lambda effort: es.enclosed_landscape(problem([2, 2, 1], 14, "logistic"), below=5, effort=effort),
    "decay path": lambda effort: es.decay_path(problem([2, 2, 1], 10), [1, 2], effort=effort),
    "barrier": lambda effort: es.certify_barrier(p := problem([2, 3, 1], 10), *points(p), effort=effort),
    "restricted": lambda effort: es.landscape(restricted(14, 6), max_cells=10**9, effort=effort),
    "restricted minimum": lambda effort: es.certify_global_minimum(restricted(14, 6), effort=effort),
    "powers": lambda effort: es.power_landscape(
        es.RestrictedProblem(es.diagonal(6, shared=True), problem([6, 1, 1], 20).data), effort=effort
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("looks", [3, 40, 400])
def test_wherever_the_time_is_over_a_surface_is_left(monkeypatch: pytest.MonkeyPatch, question: str, looks: int) -> None:
    """The clock jumps to the end after so many looks; then at most a few more are made on the way out."""
    made = count()
    monkeypatch.setattr(module, "monotonic_ns", lambda: 10**9 * (10 * (next(made) > looks)))
    with pytest.raises(OutOfTime):
        QUESTIONS[question](Effort(seconds=5))
    assert next(made) <= looks + 12


def test_a_batch_for_a_checkpoint_is_solved_to_its_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from exactsurf.surface.run import run
    from exactsurf.surface.workload import Workload

    monkeypatch.setattr(run, "_SAMPLE", 10**6)
    monkeypatch.setattr(run, "_LONGEST", 20)
    clock, solve, governed = Clock(monkeypatch), Workload.solve, []

    def solved(self: Workload, begin: int, end: int) -> Any:
        governed.append(governing().seconds)
        found = solve(self, begin, end)
        clock.wait("3")
        return found

    monkeypatch.setattr(Workload, "solve", solved)
    given, file = problem([1, 2, 1], 5), tmp_path / "run"
    with pytest.raises(OutOfTime):
        es.landscape(given, effort=2)
    assert governed and set(governed) == {Fraction(2)}
    governed.clear()
    for _ in range(100):
        try:
            land = es.landscape(given, effort=Effort(seconds=2), checkpoint=file)
            break
        except OutOfTime:
            assert governed[-1] is None
    monkeypatch.undo()
    assert land.global_minimum.risk == es.landscape(given).global_minimum.risk
