"""The kind of the minima of linear models: strict where the inputs have full column rank, else an affine space of minima."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

import exactsurf as es

CASES = {
    "full rank": ([[0], [1], [2]], True, 1),
    "twice the same column": ([[0, 0], [1, 1], [2, 2]], False, 1),
    "a constant column beside the bias": ([[1, 0], [1, 1], [1, 3]], True, 1),
    "two outputs": ([[0, 0], [1, 2], [2, 4]], True, 2),
    "no rank at all": ([[0], [0]], False, 1),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_against_the_kernel_of_the_design(case: str) -> None:
    x, bias, outputs = CASES[case]
    targets = [[(3 * i + k) % 4 for k in range(outputs)] for i in range(len(x))]
    problem = es.Problem(es.Network([len(x[0]), outputs], biases=bias), es.Data.from_arrays(x, targets))
    design = sympy.Matrix([[*row, 1] if bias else row for row in x])
    solution = design.pinv() * sympy.Matrix(targets)
    rows = [[Fraction(int(v.p), int(v.q)) for v in solution.col(k)] for k in range(outputs)]
    named = {"W1": [row[: len(x[0])] for row in rows]} | ({"b1": [row[-1] for row in rows]} if bias else {})
    verdict = es.decide(problem, problem.parameters(**named))
    assert verdict.status is es.Status.PROVED and verdict.kind is not None
    free = outputs * len(design.nullspace())
    size = outputs * design.cols
    assert verdict.kind.dimension == free and verdict.kind.strict == (free == 0)
    assert verdict.kind.flat == (free == size) and verdict.kind.differentiable


def test_trained_points_are_told_how_far_from_critical_they_are() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    trained = es.from_arrays({"W1": [[0.98]], "b1": [-2.93], "W2": [[1.03]], "b2": [0.02]}).parameters
    verdict = es.decide(problem, trained)
    assert verdict.status is es.Status.REFUTED
    assert "a trained point is rarely critical: polish goes on from it" in verdict.reason
    cell = problem.cell(trained)
    slopes = {
        name: slope.value(cell.coordinates(trained))
        for name, slope in zip(("W1", "b1", "W2", "b2"), cell.risk.gradient(), strict=True)
    }
    largest = max(slopes, key=lambda name: abs(slopes[name]))
    assert f"with respect to {largest}" in verdict.reason
    exact = problem.parameters(W1=[[1]], b1=[-2], W2=[[1]], b2=[0])
    assert "trained" not in es.decide(problem, exact).reason
