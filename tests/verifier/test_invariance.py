"""Tangents with weight decay (FORMAT.md, section 38): those of another implementation, and certificates that need them."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.claims.point import LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.paths import Paths
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.local.decay_invariance import tangents_with_decay
from exactsurf.model.point import Point
from exactsurf.verifier import verify
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.arithmetic.quadratic import whole_vector
from exactsurf.verifier.invariance import size, tangents
from exactsurf.verifier.problem import read_point, read_problem
from tests.verifier.verdicts import assert_rejected_at, golden, put

NAMES = ("decay_rotation", "decay_shift")
F = Fraction


@pytest.mark.parametrize("seed", range(60))
def test_both_lists_span_the_same(seed: int) -> None:
    source = random.Random(seed)
    widths = source.choice([[1, 2, 1], [1, 3, 2], [1, 2, 2, 1], [1, 2, 2, 2]])
    network = es.Network(widths, source.choice([es.relu, es.leaky_relu("1/2"), es.linear]), biases=source.random() < 0.7)
    data = es.Data.from_arrays([source.randint(-1, 2) for _ in range(3)], [[1] * widths[-1]] * 3)
    problem = es.Problem(network, data, weight_decay="1/3", decay_biases=source.random() < 0.3)
    named = {
        name: [[F(source.randint(-2, 2)) for _ in range(shape[-1])] for _ in range(shape[0] if len(shape) == 2 else 1)]
        for name, shape in network.shapes.items()
    }
    theta = problem.parameters(**{name: rows if name[0] == "W" else rows[0] for name, rows in named.items()})
    assert problem.decay is not None
    mine = tangents_with_decay(Point(problem, theta).undecayed, problem.decay)
    risk = problem.risk(theta)
    assert isinstance(risk, Fraction)
    document = json.loads(Certificate(LOCAL_MINIMUM, problem, theta, risk, local_minimum=Paths()).encoded)
    theirs = read_problem(Field(document["problem"], "problem"), None, 2, may_decay=True)
    point = read_point(theirs, Field(document["parameters"], "parameters"), Field(document["claim"]["risk"], "risk"))
    found = [whole_vector(entries, size(theirs)) for entries in tangents(theirs, point) if entries]
    own = [list(map(F, vector)) for vector in found]
    assert rank(own) == rank(mine) == rank([*own, *mine]) if own or mine else True


@pytest.mark.parametrize("name", NAMES)
def test_certificates_that_need_them(name: str) -> None:
    document = golden(name, "accept_2")
    verify(json.dumps(document).encode())
    assert_rejected_at("claim", document, put("problem", "weight_decay", "factor", "1/5"))
    assert_rejected_at("claim", document, put("problem", "weight_decay", "biases", True))
    assert_rejected_at("evidence.local_minimum", document, put("evidence", "local_minimum", "nodes", []))
