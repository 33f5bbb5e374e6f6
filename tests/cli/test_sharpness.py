"""exactsurf sharpness: eigenvalues that are known and that SymPy finds, the certificate, and bad input."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import sympy

import exactsurf as es
from tests.cli.test_polish import problem_file

CHAIN = {"activation": "linear", "biases": False, "data": {"x": [[1]], "y": [2]}}
FOUR = {"x": [["0"], ["1"], ["2"], ["3"]], "y": [["0"], ["1"], ["0"], ["2"]]}
LINE = {"W1": [["1/2"], ["0"]], "b1": ["1", "1"], "W2": [["1", "0"]], "b2": ["-1"]}


def test_a_rational_eigenvalue(run, tmp_path: Path):
    file = problem_file(tmp_path, "chain.json", **CHAIN, parameters={"W1": [[8]], "W2": [["1/4"]]})
    result = run("sharpness", file, "--json")
    assert result.status == 0 and result.json == {
        "largest_eigenvalue": ["1025/16", "1025/16"],
        "polynomial": ["-1025", "16"],
        "root": 0,
        "trace": "1025/16",
        "largest_step": ["32/1025", "32/1025"],
        "is_critical": True,
        "certificate": None,
        "claim": "sharpness",
    }
    told = run("sharpness", file).out
    assert "sharpness    1025/16" in told and "step         32/1025:" in told


def test_an_irrational_eigenvalue_is_a_root_between_its_bounds(run, tmp_path: Path):
    """f = a(½x + 1) + … on four samples: SymPy takes the Hessian of the risk in the cell of the point."""
    file = problem_file(tmp_path, "four.json", widths=[1, 2, 1], data=FOUR, parameters=LINE)
    found = run("sharpness", file, "--json").json
    names = sympy.symbols("w1 w2 b1 b2 v1 v2 c")
    w1, w2, b1, b2, v1, v2, c = names
    samples = [(0, 0), (1, 1), (2, 0), (3, 2)]
    risk = sum((v1 * (w1 * x + b1) + v2 * (w2 * x + b2) + c - y) ** 2 for x, y in samples) / 2
    point = {w1: sympy.Rational(1, 2), w2: 0, b1: 1, b2: 1, v1: 1, v2: 0, c: -1}
    largest = max(sympy.hessian(risk, names).subs(point).eigenvals(), key=lambda value: value.evalf())
    low, high = (sympy.Rational(text) for text in found["largest_eigenvalue"])
    assert low < largest < high and high - low < sympy.Rational(1, 10**9)
    t = sympy.Symbol("t")
    polynomial = sympy.Poly(list(map(int, reversed(found["polynomial"]))), t)
    assert sympy.simplify(polynomial.eval(largest)) == 0 and len(sympy.real_roots(polynomial)) == found["root"] + 1
    told = run("sharpness", file).out
    assert "root 1 (from the least, from 0)" in told and "gradient     zero" in told


def test_away_from_critical_points_no_step_is_told(run, tmp_path: Path):
    file = problem_file(tmp_path, "off.json", **CHAIN, parameters={"W1": [[8]], "W2": [[1]]})
    result = run("sharpness", file, "-o", "out")
    assert result.status == 0 and "no critical point" in result.out and "step" not in result.out
    accepted = es.verify(tmp_path / "out" / "off.sharpness.certificate.json")
    assert accepted.kind == "sharpness" and run("verify", "out/off.sharpness.certificate.json").status == 0
    assert Fraction(run("sharpness", file, "--json").json["trace"]) == 65


def test_bad_input(run, tmp_path: Path):
    missing = run("sharpness", problem_file(tmp_path, "none.json"))
    assert missing.status == 2 and 'add "parameters"' in missing.err
    kink = {"W1": [[1]], "b1": [-3], "W2": [[1]], "b2": [0]}
    assert "there is no Hessian here" in run("sharpness", problem_file(tmp_path, "wall.json", parameters=kink)).err
    smooth = run("sharpness", problem_file(tmp_path, "tanh.json", activation="tanh", parameters=kink), "--flattest", "--json")
    assert smooth.status == 2 and smooth.json["exit_status"] == 2


def test_a_unit_at_its_kink_whatever_its_weights_are(run, tmp_path: Path):
    still = {"widths": [1, 1, 1], "biases": False, "parameters": {"W1": [[1]], "W2": [[1]]}}
    file = problem_file(tmp_path, "still.json", **still, data={"x": [[0], [1]], "y": [1, 1]})
    for how in ([], ["--flattest"]):
        told = run("sharpness", file, *how)
        assert told.status == 2 and "leave out sample 0" in told.err
    assert run("sharpness", problem_file(tmp_path, "left.json", **still, data={"x": [[1]], "y": [1]})).status == 0


def test_out_of_time(run, tmp_path: Path):
    file = problem_file(tmp_path, "off.json", **CHAIN, parameters={"W1": [[8]], "W2": [[1]]})
    result = run("sharpness", file, "--effort", "1/1000000000", "-o", "out")
    assert result.status == 3 and "time" in result.err and not (tmp_path / "out").exists()


def test_the_flattest_rescaling(run, tmp_path: Path):
    file = problem_file(tmp_path, "chain.json", **CHAIN, parameters={"W1": [[8]], "W2": [["1/4"]]})
    result = run("sharpness", file, "--flattest", "-o", "out")
    assert result.status == 0 and "least sharpness: 4, over all rescalings" in result.out and "least trace: 4," in result.out
    assert "all minima nearby are rescalings of this one" in result.out and "none of them is stable" in result.out
    assert run("verify", "out/chain.flattest.certificate.json").status == 0
    told = run("sharpness", file, "--flattest", "--json").json
    assert told["claim"] == "flattest rescaling" and told["flattest"]["least_trace"]["polynomial"] == ["-4", "1"]
    low, high = map(Fraction, told["flattest"]["least_eigenvalue"]["bounds"])
    assert low <= 4 <= high and told["flattest"]["only_rescalings"] and told["flattest"]["least_trace_is_attained"]
    two = problem_file(tmp_path, "four.json", widths=[1, 2, 1], data=FOUR, parameters=LINE)
    assert (
        "negative eigenvalue" in run("sharpness", two, "--flattest").err
        or "least sharpness: from" in run("sharpness", two, "--flattest").out
    )


def test_smooth_units_and_weight_decay_between_bounds(run, tmp_path: Path):
    point = {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]}
    file = problem_file(tmp_path, "tanh.json", activation="tanh", data=FOUR, parameters=point)
    result = run("sharpness", file, "-o", "out")
    assert result.status == 0 and "sharpness    from " in result.out and "not zero" in result.out
    assert es.verify(tmp_path / "out" / "tanh.sharpness.certificate.json").kind == "enclosed sharpness"
    told = run("sharpness", file, "--json").json
    low, high = map(Fraction, told["largest_eigenvalue"])
    assert low < high and high - low < Fraction(1, 10**8) and told["claim"] == "enclosed sharpness"
    there = {"W1": [["1/2"]], "W2": [["1/2"]]}
    decayed = problem_file(tmp_path, "decay.json", **CHAIN, weight_decay="1/10", parameters=there)
    low, high = map(Fraction, run("sharpness", decayed, "--json").json["largest_eigenvalue"])
    # f = vw at x = 1, y = 2: H = [[v² + λ, 2vw − 2], [2vw − 2, w² + λ]], at v = w = ½: ¼ + λ + 3/2.
    assert low <= Fraction(1, 4) + Fraction(1, 10) + Fraction(3, 2) <= high


def test_the_flattest_minimiser_and_steps(run, tmp_path: Path):
    spread = {"W1": [[4], ["1/2"]], "W2": [["1/4", 2]]}
    shape = {"widths": [1, 2, 1], "biases": False, "data": {"x": [[1], [2]], "y": [2, 4]}}
    file = problem_file(tmp_path, "line.json", **shape, parameters=spread)
    found = run("sharpness", file, "--valley", "--width", "1e-12", "--step", "1/10", "-o", "out", "--json").json
    low, high = map(Fraction, found["flattest"]["least_trace"]["bounds"])
    assert low <= 20 <= high and high - low <= Fraction(20, 10**12) and found["claim"] == "flattest minimiser"
    assert found["is_stable"] is False and found["step"] == "1/10"
    assert es.verify(Path(found["certificate"]).read_bytes()).kind == "flattest minimiser"
    told = run("sharpness", file, "--valley", "--step", "1/11").out
    assert "over all minimisers with these predictions in the signed cell" in told
    assert "stable at one of them" in told and "step 1/11: gradient descent is unstable here" in told
    assert run("sharpness", file, "--flattest", "--step", "1/2", "--json").json["flattest"]["is_stable_somewhere"] is False
    assert run("sharpness", file, "--flattest", "--valley").status == 2
    assert run("sharpness", file, "--width", "1e-3").status == 2
    assert run("sharpness", file, "--step", "0").status == 2
    decay = problem_file(tmp_path, "decay.json", **shape, parameters=spread, weight_decay="1/10")
    assert run("sharpness", decay, "--valley").status == 2
    told = run("sharpness", decay, "--step", "1/1000").out
    assert "step 1/1000" not in told or "stable" in told


def test_the_flattest_minimiser_exactly(run, tmp_path: Path):
    """X = I, f = (3, 4), linear units: the least trace is 10√2, the least sharpness 10."""
    data = {"x": [[1, 0], [0, 1]], "y": [3, 4]}
    point = {"W1": [[3, 0], [0, 4]], "W2": [[1, 1]]}
    file = problem_file(tmp_path, "plane.json", widths=[2, 2, 1], activation="linear", biases=False, data=data, parameters=point)
    result = run("sharpness", file, "--valley", "--exactly", "-o", "out")
    assert result.status == 0 and "least sharpness: 10, over all" in result.out
    assert "root 1 (from the least, from 0) of the polynomial with coefficients -200, 0, 1, over all" in result.out
    for name in ("flattest", "least_trace", "least_eigenvalue"):
        assert run("verify", f"out/plane.{name}.certificate.json").status == 0
    told = run("sharpness", file, "--valley", "--exactly", "-o", "again", "--json").json
    assert told["flattest"]["least_trace"]["polynomial"] == ["-200", "0", "1"] and told["flattest"]["not_exact"] == {}
    kinds = {es.verify(Path(name).read_bytes()).kind for name in told["exact_certificates"].values()}
    assert kinds == {"exact flattest minimiser"} and len(told["exact_certificates"]) == 2
    assert run("sharpness", file, "--exactly").status == 2


def test_the_flattest_rescaling_exactly(run, tmp_path: Path):
    """f = 2x at x = 1 with three weights: 3·2^(4/3), a root of t³ − 432."""
    point = {"W1": [[1]], "W2": [["1/2"]], "W3": [[4]]}
    file = problem_file(tmp_path, "deep.json", widths=[1, 1, 1, 1], **CHAIN, parameters=point)
    result = run("sharpness", file, "--flattest", "--exactly", "-o", "out")
    assert result.status == 0 and result.out.count("of the polynomial with coefficients -432, 0, 0, 1, over all rescalings") == 2
    for name in ("flattest", "least_trace", "least_eigenvalue"):
        assert run("verify", f"out/deep.{name}.certificate.json").status == 0
    told = run("sharpness", file, "--flattest", "--exactly", "--json").json["flattest"]
    assert told["least_eigenvalue"]["polynomial"] == ["-432", "0", "0", "1"] and told["not_exact"] == {}
