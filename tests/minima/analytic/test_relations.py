"""Derivatives that depend on one another over the rationals: the relations are found, are identities, and decide points."""

from __future__ import annotations

import json
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.exact.exponential_quotient import of_atom, relations_between
from exactsurf.model.loss_quotients import atom_relations
from exactsurf.verifier import Rejected, verify

BUMP = "-1/(exp(f - y) + 1 + exp(y - f))"


def value(atom, loss=None):
    """An atom in mpmath."""
    real = [mpmath.mpf(q.numerator) / q.denominator if isinstance(q, Fraction) else q for q in atom[1:]]
    match atom[0]:
        case 0:
            return mpmath.exp(real[0])
        case 1:
            return (1 / (1 + mpmath.exp(-real[0]))) ** atom[2]
        case 2:
            leads = [mpmath.mpf(v.numerator) / v.denominator for v in atom[1]]
            return mpmath.exp(real[1]) / sum(map(mpmath.exp, leads))
    return mpmath.diff(lambda f: loss(f - real[1]), real[0])


def leads(*values):
    return tuple(sorted((Fraction(v) for v in values), reverse=True))


def softmax_atoms(values):
    return [(2, values, v) for v in sorted({*values} - {0})]


EXAMPLES = [
    ([*softmax_atoms(leads(0, -1, -2, -3)), (1, Fraction(2), 1)], 1),  # (1 + s)(1 + s²)
    (softmax_atoms(leads(0, -1, -2)) + softmax_atoms(leads(0, 0, -1, -1, -2, -2)), 2),
    ([*softmax_atoms(leads(0, -1)), (1, Fraction(1), 1)], 1),
    (softmax_atoms(leads(0, -1, -2)) + softmax_atoms(leads(0, "-1/2", -2)), 0),
    ([(0, Fraction(1)), (0, Fraction(2)), (1, Fraction(1), 1), (1, Fraction(1), 2), (1, Fraction(3), 1)], 0),
]


@pytest.mark.parametrize(("atoms", "count"), EXAMPLES)
def test_all_relations_are_found(atoms, count):
    atoms = sorted(atoms)
    found = relations_between({atom: of_atom(atom) for atom in atoms})
    assert len(found.found) == count and not found.left_open
    with mpmath.workdps(50):
        for relation in found.found:
            total = mpmath.mpf(relation.constant.numerator) / relation.constant.denominator
            total += sum(value(atom) * factor.numerator / factor.denominator for atom, factor in relation.terms)
            assert abs(total - value(relation.atom)) < mpmath.mpf(10) ** -45


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(-3, 0), min_size=2, max_size=4), min_size=1, max_size=3))
def test_pslq_finds_no_more(lists):
    atoms = sorted({atom for values in lists for atom in softmax_atoms(leads(0, *values))})
    found = relations_between({atom: of_atom(atom) for atom in atoms})
    named = {relation.atom for relation in found.found}
    free = [atom for atom in atoms if atom not in named]
    assert not found.left_open
    with mpmath.workdps(80):
        if 1 <= len(free) <= 5:
            assert mpmath.pslq([mpmath.mpf(1), *map(value, free)], maxcoeff=50, maxsteps=4000) is None
        for relation in found.found:
            total = mpmath.mpf(relation.constant.numerator) / relation.constant.denominator
            total += sum(value(atom) * factor.numerator / factor.denominator for atom, factor in relation.terms)
            assert abs(total - value(relation.atom)) < mpmath.mpf(10) ** -60


def test_derivatives_of_other_trees():
    loss = es.loss(BUMP)
    atoms = [(3, Fraction(0), Fraction(y)) for y in ("-1/2", "-1/4", "1/4", "1/2")]
    found = atom_relations(loss, atoms)
    assert [relation.terms[0][1] for relation in found.found] == [-1, -1]
    with mpmath.workdps(40):
        for relation in found.found:
            ((other, factor),) = relation.terms
            bump = lambda u: -1 / (mpmath.exp(u) + 1 + mpmath.exp(-u))  # noqa: E731
            assert abs(value(relation.atom, bump) - float(factor) * value(other, bump)) < mpmath.mpf(10) ** -15


def point():
    data = es.Data.from_arrays([-1, -1, 1, 1], ["1/4", "-1/4", "1/4", "-1/4"])
    problem = es.Problem(es.Network([1, 1]), data, es.loss(BUMP))
    return problem, problem.parameters(W1=[[0]], b1=[0])


def test_an_odd_derivative_cancels():
    problem, theta = point()
    verdict = es.decide(problem, theta)
    assert verdict.status is es.Status.PROVED, verdict
    evidence = json.loads(verdict.certificate.encoded)["evidence"]
    assert "rational combination" in es.markdown(verdict.certificate)
    assert evidence["relations"] == [{"atom": 1, "constant": "0", "terms": [[0, "-1"]]}] and len(evidence["lower"]) == 1


def test_one_hidden_layer_with_relations():
    data = es.Data.from_arrays([-1, -1, 1, 1], ["1/4", "-1/4", "1/4", "-1/4"])
    problem = es.Problem(es.Network([1, 2, 1]), data, es.loss(BUMP))
    verdict = es.decide(problem, problem.parameters(W1=[[1], [-1]], b1=[0, 1], W2=[[0, 0]], b2=[0]))
    assert verdict.status is es.Status.PROVED, verdict


def test_tampering_is_noticed(tmp_path):
    problem, theta = point()
    certificate = es.decide(problem, theta).certificate
    document = json.loads(certificate.encoded)
    verify(certificate.encoded)
    for change in (
        lambda e: e["relations"][0].update(constant="1"),
        lambda e: e["relations"][0].update(atom=0),
        lambda e: e["relations"][0].update(atom=2),
        lambda e: e["relations"][0].update(terms=[[0, "1"]]),
        lambda e: e["relations"][0].update(terms=[[1, "-1"]]),
        lambda e: e["relations"][0].update(terms=[]),
        lambda e: e["relations"].append(e["relations"][0]),
        lambda e: e.pop("relations"),
        lambda e: e.update(relations=[]),
    ):
        changed = json.loads(json.dumps(document))
        change(changed["evidence"])
        with pytest.raises(Rejected):
            verify(json.dumps(changed).encode())
    assert es.load(certificate.save(tmp_path / "point.json")) == certificate


def test_sums_that_are_too_long_are_counted():
    loss = es.loss("1/(" + " + ".join(f"exp({k}*f)" for k in range(8)) + ")**9")
    found = atom_relations(loss, [(3, Fraction(1, 97), Fraction(0)), (3, Fraction(1, 89), Fraction(0))])
    assert not found.found


def test_many_numbers_are_left_open():
    atoms = [(1, Fraction(k, 7), 1) for k in range(1, 200)]
    assert relations_between({atom: of_atom(atom) for atom in atoms}).left_open == 199
