"""exactsurf margin: a KKT point that is no local optimum, multipliers by hand, and bad input."""

from __future__ import annotations

from pathlib import Path

import exactsurf as es
from tests.cli.test_polish import problem_file

SHAPE = {"widths": [2, 2, 1], "biases": False, "data": {"x": [["1", "1/4"], ["-1", "1/4"]], "y": [1, 1]}}
KKT = {"W1": [[0, 2], [0, 0]], "W2": [[2, 0]]}


def test_a_kkt_point_that_is_no_local_optimum(run, tmp_path: Path):
    file = problem_file(tmp_path, "m.json", **SHAPE, parameters=KKT)
    result = run("margin", file, "-o", "out")
    assert result.status == 1 and "KKT point     PROVED" in result.out and "local optimum REFUTED" in result.out
    kinds = [es.verify(path).kind for path in sorted((tmp_path / "out").iterdir())]
    assert kinds == ["kkt point of the margin problem", "no local optimum of the margin problem"]
    told = run("margin", file, "--json").json
    assert told["margin"] == "1" and told["kkt"]["status"] == "PROVED" and told["local_optimum"]["status"] == "REFUTED"
    # θ = Σ μ_i y_i ∇f(x_i): the output weight 2 = Σ μ_i · ½.
    assert sum(map(es.exact, (value for _, value in told["multipliers"]))) == 4


def test_bad_input(run, tmp_path: Path):
    file = problem_file(tmp_path, "m.json", **SHAPE, parameters=KKT)
    assert "there are two certificates" in run("margin", file, "-o", "both.json").err
    wrong = problem_file(tmp_path, "w.json", **SHAPE, parameters={"W1": [[0, -2], [0, 0]], "W2": [[2, 0]]})
    assert run("margin", wrong).status == 2 and "not classified correctly" in run("margin", wrong).err
    biased = problem_file(tmp_path, "b.json", parameters={"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]})
    assert run("margin", biased).status == 2
    assert run("margin", problem_file(tmp_path, "none.json", **SHAPE)).status == 2
