"""Numbers of thousands of digits: short where they are shown, whole in certificates and in JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsurf as es
from tests.cli.conftest import Run

_DIGITS = 1_500


def long_point() -> tuple[es.Problem, es.Parameters]:
    """1-1-1 with numbers of 1500 digits above and below."""
    source = random.Random(1)

    def number() -> Fraction:
        return Fraction(source.randint(10 ** (_DIGITS - 1), 10**_DIGITS), source.randint(10 ** (_DIGITS - 1), 10**_DIGITS))

    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([number(), 2, 3], [number(), 1, number()]))
    return problem, problem.parameters(W1=[[number()]], b1=[number()], W2=[[number()]], b2=[0])


ASKED: dict[str, Callable[[es.Problem, es.Parameters], Any]] = {
    "decide": es.decide,
    "stationarity": es.stationarity,
    "polish": es.polish,
    "sharpness": es.sharpness,
    "landscape": lambda problem, _: es.landscape(problem),
    "least risk": lambda problem, _: es.certify_global_minimum(problem),
    "barrier": lambda problem, theta: es.certify_barrier(problem, theta, theta),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_shown_stays_short(name: str) -> None:
    problem, theta = long_point()
    found = ASKED[name](problem, theta)
    assert len(repr(found)) < 400 and len(str(found)) < 800


def test_errors_stay_short() -> None:
    problem, theta = long_point()
    with pytest.raises(es.InputError, match="digits") as caught:
        es.decide(problem, theta, lower=theta)
    assert len(str(caught.value)) < 400


def test_certificates_have_them_whole_and_can_be_read_in_words() -> None:
    problem, theta = long_point()
    certificate = es.decide(problem, theta).certificate
    document = json.loads(certificate.encoded)
    assert es.exact(document["claim"]["risk"]) == problem.risk(theta)
    assert len(certificate.encoded) > 10 * _DIGITS and len(es.markdown(certificate)) < 20_000


def test_the_terminal_shows_them_short_and_json_whole(run: Callable[..., Run], tmp_path: Path) -> None:
    problem, theta = long_point()
    es.write_problem(tmp_path / "long.json", problem, theta)
    for command in (["decide"], ["sharpness"], ["polish"]):
        shown = run(*command, "long.json").out
        assert max(map(len, shown.splitlines())) < 400 and len(shown) < 3_000
    assert es.exact(run("decide", "long.json", "--json").json["risk"]) == problem.risk(theta)


def test_values_of_free_parameters_are_shown_briefly(run: Run, tmp_path: Path) -> None:
    """Long targets make long minimisers, and long powers."""
    target = f"{'7' * 400}/{'3' * 399}1"
    data = es.Data.from_arrays([1, 2], [target, 1])
    tied = es.restriction(es.Network([1, 1, 1], "linear", biases=False), W1=[["w"]], W2=[["w"]])
    fixed = es.restriction(es.Network([1, 1, 1], biases=False), W1=[["w"]], W2=[[1]])
    for name, restricted in (("tied", tied), ("fixed", fixed)):
        es.write_problem(tmp_path / f"{name}.json", es.RestrictedProblem(restricted, data))
        told = run("landscape", f"{name}.json")
        assert told.status == 0 and "digits over" in told.out and max(map(len, told.out.splitlines())) < 300
        assert es.exact(run("landscape", f"{name}.json", "--json").json["valleys"][0]["risk"]).denominator > 10**300
