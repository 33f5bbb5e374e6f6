"""Certificates read back are the values that were saved: their files have the same bytes again."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.read import certificate_of, document_of
from exactsurf.errors import InputError

PROOFS = Path(__file__).parents[2] / "proofs"
FILES = [
    path
    for path in sorted(PROOFS.rglob("*.json*"))
    if path.parent.name not in ("reject", "broken", "accept_2") and b'"claim"' in path.read_bytes() or path.suffix == ".gz"
]


def with_linear_model(document: dict) -> dict:
    """The document, with the activation of a network without a hidden layer, which nothing applies, stated as linear."""
    if len(document["problem"].get("widths", "without data")) > 2:
        return document
    linear = {"breakpoints": [], "slopes": ["1"], "value_at_0": "0"}
    sentence = re.sub(r"network of \w+ units", "network of piecewise linear units", document["claim"]["sentence"])
    return {
        **document,
        "claim": {**document["claim"], "sentence": sentence},
        "problem": {**document["problem"], "activation": linear},
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROOFS)))
def test_read_and_saved_again(path: Path, tmp_path: Path) -> None:
    content = path.read_bytes()
    document = with_linear_model(document_of(content))
    certificate = certificate_of(document_of(content), path.parent)
    assert certificate.document() == document
    if document != document_of(content):
        assert es.verify(certificate).sentence == certificate.sentence
    assert certificate.kind == document["claim"]["kind"] and certificate.sentence == document["claim"]["sentence"]
    again = certificate_of(document_of(certificate.encoded), path.parent)
    assert again == certificate and again.encoded == certificate.encoded
    assert pickle.loads(pickle.dumps(certificate)) == certificate
    # What exactsurf wrote itself, or in its form, comes back byte for byte.
    if path.parent.parent == PROOFS and path.parent.name != "golden" and path.suffix == ".json":
        assert certificate.save(tmp_path / path.name).read_bytes() == content


def named(tmp_path: Path) -> dict:
    accept = PROOFS / "golden/accept"
    (tmp_path / "example_a.csv").write_bytes((accept / "example_a.csv").read_bytes())
    document: dict = json.loads((accept / "example_a_csv.json").read_text(encoding="utf-8"))
    return document


def test_data_named_by_file(tmp_path: Path) -> None:
    document = named(tmp_path)
    certificate = certificate_of(document, tmp_path)
    assert certificate.problem.data.source.sha256 == document["problem"]["data"]["csv"]["sha256"]
    assert certificate.document() == document


def test_other_data_in_the_file_are_refused(tmp_path: Path) -> None:
    document = named(tmp_path)
    table = tmp_path / "example_a.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    with pytest.raises(InputError, match="SHA-256 differs"):
        certificate_of(document, tmp_path)
    table.unlink()
    with pytest.raises(InputError, match=r"cannot be read.*looked for in"):
        certificate_of(document, tmp_path)


GENERAL = sorted((PROOFS / "golden/accept_2").glob("*.json"))


@pytest.mark.parametrize("path", GENERAL, ids=lambda path: path.stem)
def test_general_losses_are_read_and_said_again(path: Path) -> None:
    document = document_of(path.read_bytes())
    certificate = certificate_of(document, path.parent)
    assert es.verify(certificate).sentence == certificate.sentence
    assert certificate.kind == document["claim"]["kind"]
    again = certificate_of(document_of(certificate.encoded), path.parent)
    if certificate.problem.data.weights is not None and certificate.problem.has_equal_weights:
        # Weights that are all equal are said as a factor of the loss.
        assert again.encoded == certificate.encoded
        return
    assert again == certificate
    # A loss that format 1 can say is said in it; the others come back as they were, but for factors of the data.
    if certificate.document()["format"] == document["format"]:
        assert certificate.document()["problem"]["loss"] == document["problem"]["loss"]
