"""``exactsurf landscape --global-only`` for several outputs and several hidden layers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.read import certificate_of


@pytest.fixture
def two_outputs(tmp_path: Path) -> str:
    return written(tmp_path, [1, 1, 2], [[0, 0], [1, 0], [0, 1], [1, 1]])


def written(folder: Path, widths: list[int], y: list[list[int]], x: list[list[int]] | None = None) -> str:
    path = folder / "problem.json"
    problem = {
        "format": "exactsurf-problem/1",
        "widths": widths,
        "activation": "relu",
        "data": {"x": x or [[0], [1], [2], [3]], "y": y},
    }
    path.write_text(json.dumps(problem), encoding="utf-8")
    return str(path)


def test_a_lower_bound_says_that_it_is_not_the_minimum(run, two_outputs: str, tmp_path: Path) -> None:
    goal = tmp_path / "bound.json"
    result = run("landscape", two_outputs, "--global-only", "--certificate", goal)
    assert result.status == 0 and "LOWER BOUND, not the minimum: the risk is at least" in result.out
    assert "the least risk is at most 1/2" in result.out
    document = json.loads(goal.read_bytes())
    proof = certificate_of(document, tmp_path)
    assert proof.kind == "lower bound" and proof.document() == document and es.verify(goal)


def test_json_has_both_bounds(run, two_outputs: str) -> None:
    result = run("landscape", two_outputs, "--global-only", "--json", "--width", "1/20")
    known = result.json["bounds"]
    assert result.status == 0 and not known["exact"] and known["upper"] == "1/2" and known["dual_vectors"] > 0


def test_a_minimum_that_is_proved_is_called_one(run, tmp_path: Path) -> None:
    path = written(tmp_path, [1, 1, 1, 1], [[0], [2], [0], [2]])
    result = run("landscape", path, "--global-only")
    assert result.status == 0 and result.out.startswith("global minimum  4/3")


def test_out_of_time_is_undecided_with_a_bound(run, tmp_path: Path) -> None:
    x = [[(3 * k) % 7 - 3, (5 * k) % 11 - 5] for k in range(12)]
    path = written(tmp_path, [2, 3, 2], [[k * k % 5, k * k % 7] for k in range(12)], x)
    result = run("landscape", path, "--global-only", "--width", "0", "--effort", "3")
    assert result.status == 3 and "out of time" in result.err and "LOWER BOUND" in result.out


def test_what_has_no_effect_is_refused(run, two_outputs: str) -> None:
    assert run("landscape", two_outputs, "--global-only", "--formal").status == 2
    assert run("landscape", two_outputs, "--global-only", "--width", "3").status == 2


def test_three_classes_with_cross_entropy_and_weight_decay(run, tmp_path: Path) -> None:
    path = written(tmp_path, [1, 1, 3], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0], [1], [2]])
    problem = json.loads(Path(path).read_text(encoding="utf-8"))
    problem |= {"loss": "cross_entropy", "weight_decay": "1/5", "decay_biases": True}
    Path(path).write_text(json.dumps(problem), encoding="utf-8")
    goal = tmp_path / "least.json"
    result = run("landscape", path, "--global-only", "--width", "1/20", "--certificate", goal)
    assert result.status == 0 and "LOWER BOUND, not the minimum" in result.out and "the least risk is at most" in result.out
    assert run("verify", goal).status == 0
    shown = run("show", goal).out
    assert "The least risk between two numbers" in shown and "singular values" in shown


@pytest.mark.parametrize(
    ("widths", "x", "activation", "reason"),
    [
        ([1, 1, 1, 2], [[0], [1], [1]], "relu", "several hidden layers"),
        ([2, 1, 2], [[0, 0], [1, 1], [2, 2]], "relu", "inputs that do not span their space"),
        ([1, 1, 2], [[0], [1], [2]], "hard_tanh", "this activation"),
    ],
)
def test_where_weight_decay_does_not_count_it_says_why(
    run, tmp_path: Path, widths: list[int], x: list[list[int]], activation: str, reason: str
) -> None:
    path = written(tmp_path, widths, [[1, 0], [-1, 1], [2, 0]], x)
    problem = json.loads(Path(path).read_text(encoding="utf-8"))
    Path(path).write_text(json.dumps(problem | {"weight_decay": "1/4", "activation": activation}), encoding="utf-8")
    result = run("landscape", path, "--global-only", "--width", "1/2", "--effort", "10")
    assert result.status in (0, 3)
    assert f"weight decay counts as 0 in that bound: no better one is known here for {reason}" in result.out
