"""es.load: files back as values, verified, and clear errors for everything else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.errors import InputError, RejectedCertificate
from exactsurf.interop.problem_writer import write_problem

PROOFS = Path(__file__).parents[2] / "proofs"
EXAMPLES = ["yun_2019/example_a.json", "golden/accept/barrier.json", "golden/accept/smooth_tanh.json"]


@pytest.mark.parametrize("name", [*EXAMPLES, "golden/accept/example_a_csv.json", "golden/accept/all_valleys.json"])
def test_certificates(name: str, tmp_path: Path):
    certificate = es.load(PROOFS / name)
    assert certificate.document() == json.loads((PROOFS / name).read_text(encoding="utf-8"))
    assert es.verify(certificate).kind == certificate.kind
    folder = tmp_path
    if certificate.problem.data.source is not None:
        (folder / "example_a.csv").write_bytes((PROOFS / "golden/accept/example_a.csv").read_bytes())
    assert es.load(certificate.save(folder / "again.json.gz")) == certificate


def test_verdicts_certificates_are_found_again(tmp_path: Path):
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    example = es.papers.yun_2019.theorem_1.construct(es.Problem(es.Network([1, 2, 1]), data))
    loaded = es.load(example.certificate.save(tmp_path / "c.json"))
    assert loaded == example.certificate and hash(loaded) == hash(example.certificate)
    assert es.decide(loaded.problem, loaded.parameters).status == "PROVED"


def test_problems(tmp_path: Path):
    problem = es.Problem(es.Network([2, 2, 1], "hard_tanh"), es.Data.from_arrays([[0, 1], [1, 0]], ["1/3", 1]), es.huber("1/2"))
    theta = problem.parameters(W1=[[1, 2], [3, 4]], b1=[0, 0], W2=[["1/2", 1]], b2=[0])
    assert es.load(write_problem(tmp_path / "p.json", problem, theta)) == (problem, theta)


@pytest.mark.parametrize(
    "activation", ["tanh", "elu:1/2", {"selu": ["3/2", 2]}, "swish", {"expression": "z*exp(-z**2)"}, "relu6"]
)
def test_problems_with_every_kind_of_activation(activation: object, tmp_path: Path):
    problem = es.Problem(es.Network([1, 1, 1], activation), es.Data.from_arrays([0, 1], [1, 2]))
    assert es.load(es.write_problem(tmp_path / "p.json", problem)) == (problem, None)


@pytest.mark.parametrize("form", [es.markdown, es.latex])
@pytest.mark.parametrize("value", [None, "c.json", {"claim": {"kind": "nonsense"}}, {}])
def test_only_certificates_are_shown(form, value: object):
    with pytest.raises(InputError, match=r"not a certificate.*es\.load"):
        form(value)


def test_what_is_no_file_of_exactsurf_is_told(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        es.load(tmp_path / "missing.json")
    with pytest.raises(InputError, match="cannot be read"):
        es.load(tmp_path)
    table = tmp_path / "data.csv"
    table.write_text("x,y\n1,2\n")
    with pytest.raises(InputError, match=r"data\.csv: is neither a certificate nor a problem.*from_csv"):
        es.load(table)
    (tmp_path / "c.json").write_text("{}")
    with pytest.raises(RejectedCertificate, match="format"):
        es.load(tmp_path / "c.json")
    (tmp_path / "c.json.gz").write_bytes(gzip.compress(b"{}")[:-4])
    with pytest.raises(RejectedCertificate):
        es.load(tmp_path / "c.json.gz")


@pytest.mark.parametrize("path", sorted((PROOFS / "golden/reject").glob("*_v*.json")), ids=lambda path: path.stem)
def test_a_broken_certificate_is_not_loaded(path: Path):
    with pytest.raises(RejectedCertificate):
        es.load(path)


def test_a_missing_data_file_is_named(tmp_path: Path):
    (tmp_path / "c.json").write_bytes((PROOFS / "golden/accept/example_a_csv.json").read_bytes())
    with pytest.raises((InputError, RejectedCertificate), match="csv"):
        es.load(tmp_path / "c.json")


OF_LABELS = [es.losses.squared_hinge, es.losses.smoothed_hinge, es.losses.squared_hinge.scaled("1/3"), es.hinge]
OF_NUMBERS = [
    es.quantile("1/3"),
    es.quantile("1/2").scaled(2),
    es.epsilon_insensitive("1/2"),
    es.epsilon_insensitive(2).scaled("3/7"),
    es.huber("1/2"),
    es.squared,
]


@pytest.mark.parametrize("loss", [*OF_LABELS, *OF_NUMBERS], ids=repr)
@pytest.mark.parametrize("outputs", [1, 2])
def test_losses_have_their_names_again(loss: es.Loss, outputs: int, tmp_path: Path):
    """Also with weights, so that the certificate is of the second format, and with several classes, as leads."""
    right = [[1, -1, 1], [[1, 0], [0, 1], [1, 0]]][outputs - 1] if loss.is_of_labels else [[0] * outputs] * 3
    data = es.Data.from_arrays([0, 1, 2], right)
    problem = es.Problem(es.Network([1, outputs]), data, loss, sample_weight=[1, 2, 3])
    verdict = es.decide(problem, problem.parameters(W1=[[1]] * outputs, b1=[3] * outputs))
    loaded = es.load(verdict.certificate.save(tmp_path / "c.json"))
    if loss == es.quantile("1/2").scaled(2):
        assert loaded.problem.loss == es.absolute
    else:
        assert loaded == verdict.certificate and repr(loaded.problem.loss) == repr(loss)
