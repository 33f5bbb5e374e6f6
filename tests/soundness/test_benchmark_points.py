"""The benchmark of points with proved answers: certificates, independent checks of the answers, files, and the scorer's table."""

from __future__ import annotations

import csv
import importlib
import io
import json
import random
import re
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsurf as es
from exactsurf.certificate.read import certificate_of
from exactsurf.model.parameter_vector import vector_of
from tests import oracle

FOLDER = Path(__file__).parents[2] / "benchmarks/soundness"
sys.path.insert(0, str(FOLDER))

families = importlib.import_module("families")
make_points = importlib.import_module("make_points")
methods = importlib.import_module("methods")
score = importlib.import_module("score")
FloatNetwork = importlib.import_module("float_network").FloatNetwork

POINTS = score.records()
SAMPLE = POINTS[::23]
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
ANSWERS = ("local minimum", "not a local minimum")


def check_certificate(point):
    """The verifier accepts it, and it is about the point and says the answer."""
    certificate = point["certificate"]
    es.verify(json.dumps(certificate).encode())
    assert certificate["claim"]["kind"] == point["answer"]
    problem, parameters = score.loaded(point)
    again = es.decide(problem, parameters).certificate
    # The evidence may be another one than when the file was made.
    assert isinstance(again, es.Certificate) and again.kind == point["answer"]
    found = certificate_of(certificate, FOLDER)
    assert isinstance(found, es.Certificate) and (found.problem, found.parameters) == (problem, parameters)


@pytest.mark.parametrize("point", SAMPLE, ids=lambda point: point["id"])
def test_a_sample_is_verified(point):
    check_certificate(point)


def test_all_are_verified():
    for point in POINTS:
        es.verify(json.dumps(point["certificate"]).encode())
        assert point["certificate"]["claim"]["kind"] == point["answer"]
        assert {key: point["problem"][key] for key in ("widths", "biases", "data", "parameters")} == {
            **{key: point["certificate"]["problem"][key] for key in ("widths", "biases", "data")},
            "parameters": point["certificate"]["parameters"],
        }


def test_there_are_500_of_many_families_each_named_once():
    assert len(POINTS) == len({point["id"] for point in POINTS}) == 500
    assert {point["family"] for point in POINTS} == set(families.FAMILIES)
    counts = [point["answer"] for point in POINTS]
    assert min(map(counts.count, ANSWERS)) >= 200
    assert all(point["family"] in PAGE for point in POINTS)


def test_the_files_are_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 1_000_000


@pytest.mark.parametrize("point", [p for p in SAMPLE if p["answer"] == "not a local minimum"], ids=lambda p: p["id"])
def test_where_the_risk_falls_the_oracle_sees_it(point):
    """Along the certificate's curve or direction the risk is lower at ever shorter steps, by another implementation."""
    problem, theta = score.loaded(point)
    evidence = point["certificate"]["evidence"]["descent"]
    coefficients = (
        evidence["curve"] if evidence["rule"] == "curve" else [evidence["direction"]] if "direction" in evidence else None
    )
    if coefficients is None:
        pytest.skip("a dead unit is moved first, in two steps")
    coefficients, base = evidence.get("curve") or [evidence["direction"]], oracle.risk(problem, theta)
    for step in (Fraction(1, 10**40), Fraction(1, 10**50)):
        moved = theta
        for power, direction in enumerate(coefficients, start=1):
            moved = moved.moved(problem.parameters(**direction), step**power)
        assert oracle.risk(problem, moved) < base


@pytest.mark.parametrize("point", [p for p in SAMPLE if p["answer"] == "local minimum"], ids=lambda p: p["id"])
def test_near_a_minimum_the_oracle_finds_nothing_lower(point):
    problem, theta = score.loaded(point)
    rnd, base = random.Random(point["id"]), oracle.risk(problem, theta)
    for _ in range(40):
        direction = oracle.random_direction(problem, rnd, density=rnd.choice((0.2, 0.5, 1)))
        assert oracle.risk(problem, oracle.along(theta, direction, Fraction(1, 10**40))) >= base


@pytest.mark.parametrize("family", families.FAMILIES)
def test_the_script_makes_these_points(family: str):
    kept = [point for point in POINTS if point["family"] == family][:2]
    made = make_points.points_of(family, 2)

    def stated(point):
        return {**point, "certificate": point["certificate"]["claim"]["kind"]}

    assert list(map(stated, made)) == list(map(stated, kept))


def test_orders_are_those_of_the_curves_where_both_are_known():
    for point in POINTS:
        evidence = point["certificate"]["evidence"].get("descent", {})
        if point["order"] is not None and evidence.get("rule") == "curve":
            # A curve that moves slowly at first may need more.
            assert evidence["order"] >= point["order"]


def test_onnx_models_and_tables_hold_the_same_numbers():
    onnx = pytest.importorskip("onnx")
    run = importlib.import_module("onnx.reference").ReferenceEvaluator
    stated = [point for point in POINTS if point["exact_in"] is not None]
    with zipfile.ZipFile(FOLDER / "models.zip") as archive:
        assert len(archive.namelist()) == 2 * len(stated)
        for point in stated[::40]:
            stem = point["id"].replace(" ", "_").replace(",", "")
            problem, parameters = score.loaded(point)
            content = archive.read(f"{stem}.onnx")
            read = es.from_onnx(content)
            assert vector_of(read.parameters) == vector_of(parameters)
            rows = np.loadtxt(io.BytesIO(archive.read(f"{stem}.csv")), delimiter=",", skiprows=1, ndmin=2)
            assert [tuple(map(Fraction, row[:-1])) for row in rows.tolist()] == list(problem.data.x)
            assert [(Fraction(row[-1]),) for row in rows.tolist()] == list(problem.data.y)
            outputs = run(onnx.load_from_string(content)).run(None, {"x": rows[:, :-1]})[0]
            assert [[Fraction(v) for v in row] for row in outputs.tolist()] == [list(f) for f in problem.predictions(parameters)]


def test_numbers_that_no_double_holds_are_said_to_be_so():
    tiny = [point for point in POINTS if point["family"].startswith("1e-30 beside")]
    assert all(point["exact_in"] is None for point in tiny) and len(tiny) > 40


@pytest.mark.parametrize("point", [p for p in SAMPLE if "wall" not in p["family"]], ids=lambda p: p["id"])
def test_gradients_and_hessians_are_those_of_differences(point):
    net = FloatNetwork.of(*score.loaded(point))
    rng = np.random.default_rng(1)
    theta, step = net.theta + rng.normal(size=net.theta.shape) / 100, 1e-6
    axes = step * np.eye(len(theta))
    gradient = (net.risk(theta + axes) - net.risk(theta - axes)) / (2 * step)
    assert np.allclose(gradient, net.gradient(theta), rtol=1e-3, atol=1e-3 * (1 + np.abs(gradient).max()))
    hessian = (net.gradient(theta + axes) - net.gradient(theta - axes)) / (2 * step)
    assert np.allclose(hessian, net.hessian(theta), rtol=1e-3, atol=1e-3 * (1 + np.abs(hessian).max()))


def test_the_float_risk_is_the_exact_one():
    for point in SAMPLE:
        problem, theta = score.loaded(point)
        net = FloatNetwork.of(problem, theta)
        assert np.isclose(net.risk(net.theta), float(problem.risk(theta)), rtol=1e-9)


def columns_of_the_page():
    table = PAGE.partition(score.START)[2].partition(score.END)[0].strip().splitlines()
    header, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    return {method: {row[0].strip("*"): row[k] for row in rows} for k, method in enumerate(header) if k > 2}


@pytest.mark.parametrize("method", ["gradient norm", "Hessian", "definite Hessian", "SOSP-CHECK", "sampling"])
def test_the_table_of_the_page_is_current_on_some_families(method: str):
    chosen = {"minimum at a corner", "fall behind a wall", "saddle of order 2 at 0", "rim of a plateau, no minimum"}
    points = [point for point in POINTS if point["family"] in chosen]
    found = score.cells(score.answers_of(methods.METHODS[method], points), points)
    page = columns_of_the_page()[method]
    assert {family: found[family] for family in chosen} == {family: page[family] for family in chosen}


def test_the_page_counts_what_the_file_has():
    page = columns_of_the_page()
    assert set(page) == set(methods.METHODS) and all(set(column) == {*families.FAMILIES, "all"} for column in page.values())
    assert page["es.decide"] == dict.fromkeys([*families.FAMILIES, "all"], "0")


def test_answers_of_others_are_rated(tmp_path, monkeypatch, capsys):
    path = tmp_path / "optimist.csv"
    answers = {point["id"]: "local minimum" for point in POINTS[:-1]}
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(answers.items())
    monkeypatch.setattr(sys, "argv", ["score.py", str(path)])
    score.main()
    wrong = sum(point["answer"] == "not a local minimum" for point in POINTS[:-1])
    assert re.search(rf"\| \*\*all\*\* \| 500 \| \| {wrong} \+ 1 \|", capsys.readouterr().out)
    path.write_text("nobody,local minimum\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="no point of the benchmark is named 'nobody'"):
        score.main()
