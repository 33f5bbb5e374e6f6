"""A certificate where a problem file is meant, and the reverse; a dry run of what is far too large; theorems beside the point."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import exactsurf as es


@pytest.fixture
def certificate(run, tmp_path: Path) -> Path:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0]))
    assert verdict.certificate is not None
    return verdict.certificate.save(tmp_path / "x.certificate.json")


@pytest.mark.parametrize("command", ["decide", "theorems", "landscape", "cells"])
def test_a_certificate_is_no_problem_file(run, certificate: Path, command: str):
    result = run(command, certificate)
    assert result.status == 2
    assert "is a certificate, not a problem file" in result.err and f"exactsurf verify {certificate}" in result.err
    assert run("verify", certificate).status == 0 and run("show", certificate).status == 0


def test_a_problem_file_is_no_certificate(run, tmp_path: Path):
    assert run("papers", "--instance", "yun_2019.example_a", "-o", "a.json").status == 0
    result = run("verify", "a.json")
    assert result.status == 1 and "is a problem file, not a certificate: exactsurf decide a.json" in result.out
    assert run("decide", "a.json").status == 0


def test_a_dry_run_of_a_large_problem_says_how_large(run, tmp_path: Path):
    rows = [[(i * k) % 17 for k in range(1, 7)] for i in range(60)]
    problem = {
        "format": "exactsurf-problem/1",
        "widths": [6, 8, 1],
        "activation": "relu",
        "data": {"x": rows, "y": [i % 5 for i in range(60)]},
    }
    (tmp_path / "large.json").write_text(json.dumps(problem))
    result = run("landscape", "large.json", "--dry-run")
    assert result.status == 0 and result.out.startswith("at least 10^") and "not counted" in result.out
    assert int(run("landscape", "large.json", "--dry-run", "--json").json["orbits_at_least"]) > 10**12
    assert run("landscape", "large.json").status == 2


def test_iris_says_that_the_theorem_does_not_apply(run):
    result = run("counterexample", "iris", "--target", "petal_width", "--drop", "species", "-o", "out")
    assert result.status == 0
    assert "C1.2 fails, so the theorem does not apply to these data. The point was decided directly" in result.out
    document = run("counterexample", "iris", "--target", "petal_width", "--drop", "species", "-o", "out", "--json").json
    assert document["theorem_applies"] is False and document["status"] == "PROVED"
