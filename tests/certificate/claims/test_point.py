"""Certificates: bytes that the verifier accepts, that are values, and that files hold whole or not at all."""

from __future__ import annotations

import json
import os
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.check import confirmed, verify
from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.encoding import EMBED_LIMIT
from exactsurf.certificate.problem_document import problem_document
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.paths import Paths
from exactsurf.certificate.rules.unitwise import Unitwise
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, InternalError, RejectedCertificate

F = Fraction


def example_a() -> Certificate:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    theta = problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])
    lower = problem.parameters(W1=[["1/2"], ["-1/2"]], b1=["-7/8", "5/8"], W2=[[1, -1]], b2=["3/4"])
    return Certificate(
        "spurious local minimum",
        problem,
        theta,
        F(3, 4),
        local_minimum=Paths(),
        lower_points=(LowerPoint(lower, F(21, 32)),),
    )


def kinds() -> dict[str, Certificate]:
    """One certificate of every rule."""
    made = {"spurious": example_a()}
    points: dict[str, tuple[es.Problem, dict[str, Any]]] = {
        "paths": (made["spurious"].problem, {"W1": [["1/2"], [0]], "b1": [1, 1], "W2": [[1, 0]], "b2": [-1]}),
        "direction": (made["spurious"].problem, {"W1": [["1/2"], [0]], "b1": [1, 1], "W2": [[1, 0]], "b2": [0]}),
        "unitwise": (
            es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1])),
            {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]},
        ),
        "dead unit": (
            es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, -1])),
            {"W1": [[0]], "b1": [0], "W2": [[0]], "b2": [0]},
        ),
        "split": (
            es.Problem(
                es.Network([2, 1, 1], biases=[False, True]),
                es.Data.from_arrays([[1, 0], [0, 1], [1, 1], [0, 0]], [-2, -2, 2, 2]),
            ),
            {"W1": [[0, 0]], "W2": [[1]], "b2": [0]},
        ),
        "subgradient": (
            es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 1], [1, -1]), es.hinge),
            {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]},
        ),
        "huber": (
            es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0, 0], [-5, 5, 0]), es.huber("1/3").mean),
            {"W1": [[2]], "b1": [0]},
        ),
    }
    for name, (problem, values) in points.items():
        verdict = es.decide(problem, problem.parameters(**values))
        assert verdict.certificate is not None, name
        made[name] = verdict.certificate
    return made


KINDS = kinds()


@pytest.mark.parametrize("name", KINDS)
def test_bytes_are_accepted_and_say_what_they_claim(name: str) -> None:
    certificate = KINDS[name]
    heard: list[str] = []
    accepted = verify(certificate.encoded, note=heard.append)
    assert accepted.kind == certificate.kind and accepted.sentence == certificate.sentence
    assert accepted.risk == certificate.risk == certificate.problem.risk(certificate.parameters)
    assert tuple(heard) == accepted.checks and heard
    assert verify(certificate) == accepted
    document = json.loads(certificate.encoded)
    assert document == json.loads(json.dumps(certificate.document()))
    assert document["format"] == "exactsurf-certificate/1"


@pytest.mark.parametrize("name", KINDS)
def test_certificates_are_values(name: str) -> None:
    certificate = KINDS[name]
    again = pickle.loads(pickle.dumps(certificate))
    assert again == certificate and hash(again) == hash(certificate)
    assert again.encoded == certificate.encoded
    assert "\n" not in repr(certificate)
    with pytest.raises(AttributeError):
        certificate.risk = F(0)  # type: ignore[misc]
    assert all(certificate != other for key, other in KINDS.items() if key != name)


@pytest.mark.parametrize("name", KINDS)
def test_files(name: str, tmp_path: Path) -> None:
    path = KINDS[name].save(tmp_path / "deep" / "folder" / "c.json")
    assert path.read_bytes() == KINDS[name].encoded
    assert verify(path) == verify(str(path)) == verify(KINDS[name])
    assert os.listdir(path.parent) == ["c.json"]
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("name", KINDS)
def test_another_risk_is_rejected(name: str) -> None:
    c = KINDS[name]
    lie = Certificate(c.kind, c.problem, c.parameters, c.risk + F(1, 10**30), c.local_minimum, c.descent, c.lower_points)
    with pytest.raises(RejectedCertificate) as caught:
        verify(lie)
    assert caught.value.fields["field"] == "claim.risk"
    with pytest.raises(InternalError, match=r"claim\.risk"):
        confirmed(lie)


def test_wrong_evidence_is_rejected() -> None:
    good = KINDS["spurious"]
    dead = Certificate(good.kind, good.problem, good.parameters, good.risk, Unitwise(((), ())), None, good.lower_points)
    higher = LowerPoint(good.parameters, good.risk)
    for lie in (
        dead,
        Certificate(good.kind, good.problem, good.parameters, good.risk, Paths(), None, (higher,)),
        Certificate(good.kind, good.problem, good.parameters, good.risk, Paths(), None, ()),
        Certificate("local minimum", good.problem, good.parameters, good.risk, Paths(), None, good.lower_points),
        Certificate("not a local minimum", good.problem, good.parameters, good.risk, Paths()),
    ):
        with pytest.raises(RejectedCertificate):
            verify(lie)


def test_sentences() -> None:
    assert KINDS["spurious"].sentence == (
        "The given parameters are a spurious local minimum of the squared risk of the 1-2-1 network on 4 samples."
    )
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1], [1]), es.absolute)
    verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[0]))
    assert verdict.certificate is not None
    assert verdict.certificate.sentence.endswith("of the absolute risk of the 1-1 network on 1 sample.")


def test_loss_scales_are_written_out() -> None:
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    for loss, scale in (
        (es.squared, "1/2"),
        (es.squared.mean, "1/8"),
        (es.squared.scaled(2).mean, "1/4"),
        (es.absolute, "1"),
    ):
        document = problem_document(es.Problem(es.Network([1, 1]), data, loss))
        assert document["loss"]["scale"] == scale


def test_long_numbers_are_hexadecimal_and_accepted() -> None:
    long = "0x" + "f" * 6_000
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([[0], [1]], [long, f"1/{long}"]))
    theta = problem.parameters(W1=[[0]], b1=[0])
    verdict = es.decide(problem, theta)
    assert verdict.status is Status.REFUTED and verdict.certificate is not None
    assert b"0xffff" in verdict.certificate.encoded
    assert (verify(verdict.certificate.encoded).risk == problem.risk(theta)) is True


def test_data_files_are_named_by_hash(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("x,y\n0,0\n1,1\n2,0\n3,2\n")
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_csv(path, target="y"))
    found = es.papers.yun_2019.theorem_1.construct(problem, embed=False)
    assert found.certificate is not None
    saved = found.certificate.save(tmp_path / "elsewhere" / "c.json")
    assert b'"sha256"' in saved.read_bytes()
    assert verify(found.certificate) == verify(saved, data_folder=tmp_path)
    with pytest.raises(RejectedCertificate):
        verify(saved)
    path.write_text("x,y\n0,0\n1,1\n2,0\n3,2.0\n")
    with pytest.raises(RejectedCertificate):
        verify(saved, data_folder=tmp_path)
    with pytest.raises(RejectedCertificate):
        verify(found.certificate)
    embedded = es.papers.yun_2019.theorem_1.construct(problem).certificate
    assert embedded is not None and b'"csv"' not in embedded.encoded
    assert verify(embedded.encoded).risk == F(3, 4)
    assert embedded == found.certificate, "how data are written takes no part in equality"
    assert EMBED_LIMIT >= 1_000


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json"):
        verify(tmp_path / "none.json")
    with pytest.raises(InputError):
        verify(tmp_path)
    with pytest.raises(RejectedCertificate):
        verify(b"")
    (tmp_path / "note.json").write_text("{}")
    with pytest.raises(RejectedCertificate, match="format"):
        verify(tmp_path / "note.json")


def test_verdicts() -> None:
    verdict = es.decide(KINDS["paths"].problem, KINDS["paths"].parameters)
    assert str(verdict.status) == "PROVED" and "\n" not in repr(verdict) and repr(verdict).startswith("Verdict(PROVED")
    for ask in (bool, lambda v: not v, lambda v: 1 if v else 0):
        with pytest.raises(TypeError, match=r"verdict\.status"):
            ask(verdict)  # type: ignore[operator]
    again = pickle.loads(pickle.dumps(verdict))
    assert again == verdict and hash(again) == hash(verdict) and again.status is Status.PROVED
    with pytest.raises(AttributeError):
        verdict.status = Status.REFUTED  # type: ignore[misc]
