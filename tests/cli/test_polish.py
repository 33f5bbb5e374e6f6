"""exactsurf polish: from trained numbers, in a problem file or in a model file, to an exact point and its certificate."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np

import exactsurf as es

DATA = {"x": [[5], [4], [3], [1], [-1]], "y": [2, 1, 0, -3, 3]}
TRAINED = {"W1": [["0.98"]], "b1": ["-2.93"], "W2": [["1.03"]], "b2": ["0.02"]}


def problem_file(folder: Path, name: str, **more: object) -> Path:
    document = {"format": "exactsurf-problem/1", "widths": [1, 1, 1], "activation": "relu", "data": DATA, **more}
    path = folder / name
    path.write_text(json.dumps(document))
    return path


def test_decimals_become_an_exact_minimum(run, tmp_path: Path):
    file = problem_file(tmp_path, "trained.json", parameters=TRAINED)
    assert run("decide", file).status == 1
    result = run("polish", file)
    assert result.status == 0 and result.out.startswith("PROVED") and "moved        at most 0.0" in result.out
    assert es.verify(tmp_path / "trained.polished.certificate.json").risk == 9
    problem, theta = es.read_problem(tmp_path / "trained.polished.json")
    assert theta is not None and problem.risk(theta) == 9
    assert run("decide", tmp_path / "trained.polished.json").status == 0


def test_weights_of_a_model_file(run, tmp_path: Path):
    floats = {name: np.array(value, float) for name, value in TRAINED.items()}
    np.savez(tmp_path / "w.npz", **floats)
    file = problem_file(tmp_path, "problem.json")
    result = run("polish", file, "--weights", "w.npz", "--json")
    assert result.status == 0 and result.json["risk"] == "9" and result.json["method"] == "signed cell"
    assert 0 < Fraction(result.json["largest_change"]) < Fraction(1, 10)
    assert len(result.json["files"]) == 2
    missing = run("polish", file)
    assert missing.status == 2 and "--weights FILE" in missing.err


def test_what_is_too_far_is_not_taken_and_said(run, tmp_path: Path):
    file = problem_file(tmp_path, "trained.json", parameters=TRAINED)
    result = run("polish", file, "--within", "1/1000", "-o", "out")
    assert result.status == 3
    assert "count as beside the floats" in result.out and "--within" in result.out
    assert not (tmp_path / "out").exists()
    assert run("polish", file, "--effort", "never").status == 2


def test_smooth_units_end_in_a_box(run, tmp_path: Path):
    data = {"x": [[-2], [-1], [1], [3]], "y": [-1, -1, 1, 2]}
    parameters = {"W1": [["0.8"]], "W2": [["1.6"]]}
    file = problem_file(tmp_path, "tanh.json", activation="tanh", biases=False, data=data, parameters=parameters)
    result = run("polish", file, "--json")
    assert result.status == 0 and result.json["is_a_box"]
    near = run("polish", file, "--within", "1/1000000", "-o", "near")
    assert near.status == 3 and "count as beside the floats" in near.out and not (tmp_path / "near").exists()
    assert es.verify(tmp_path / "tanh.polished.certificate.json").kind == "local minimum in a box"
    low, high = map(Fraction, result.json["risk"])
    assert low < Fraction("0.145367") + Fraction(1, 10**6) and high > Fraction("0.145367") - Fraction(1, 10**6)


def test_no_entry_moves_farther_than_allowed():
    """Of floats around a minimum and off it: whatever is returned lies within the bound."""
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    steps: list[str] = []
    for seed in range(8):
        draw = np.random.default_rng(seed)
        floats = {name: draw.normal(size=shape) for name, shape in problem.network.shapes.items()}
        largest = max(Fraction(1), *(abs(Fraction(float(v))) for value in floats.values() for v in np.ravel(value)))
        for within in (None, "1/2", "1/50"):
            found = es.polish(problem, floats, within=within, progress=steps.append)
            assert found.largest_change <= (10 * largest if within is None else Fraction(within))
            if found.method == "none":
                assert found.verdict.status is es.Status.UNDECIDED and "count as beside the floats" in found.verdict.reason
    assert "fitting signed cell 1" in steps and "deciding the fit of signed cell 1" in steps


def test_weight_decay_ends_on_walls(run, tmp_path: Path):
    data = {"x": [[-2], [-1], [0], [1], [2]], "y": [2, 0, 1, 0, 1]}
    parameters = {"W1": [["1.0"], ["-1.0"]], "b1": ["-0.9", "-0.9"], "W2": [["1.1", "1.3"]], "b2": ["0.3"]}
    file = problem_file(tmp_path, "decay.json", widths=[1, 2, 1], data=data, parameters=parameters, weight_decay="1/10")
    result = run("polish", file, "--json")
    assert result.status == 0 and result.json["status"] == "PROVED" and result.json["method"] == "box on walls"
    assert result.json["is_a_box"] is True and "2 walls" in result.json["reason"]
    certificate = tmp_path / "decay.polished.certificate.json"
    assert es.verify(certificate).kind == "local minimum on walls" and run("verify", certificate).status == 0
    assert "A local minimum on walls" in run("show", certificate, "--markdown").out
