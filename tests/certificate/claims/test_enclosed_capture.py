"""Certificates of capture with enclosed levels: saved, loaded, told."""

from __future__ import annotations

import pickle

import pytest

import exactsurf as es

DATA = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
LABELS = es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, 1])
PROBLEMS = [
    es.Problem(es.Network([1, 1, 1]), DATA, weight_decay="1/10"),
    es.Problem(es.Network([1, 1, 1]), LABELS, "logistic"),
    es.Problem(es.Network([1, 1, 1]), LABELS, "logistic", weight_decay="1/20"),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_saved_loaded_and_told(problem: es.Problem, tmp_path):
    land = es.enclosed_landscape(problem, width="1e-5", workers=1)
    proof = es.certify_capture(land, land.valleys[-1].parameters)
    assert isinstance(proof, es.EnclosedCapture) and es.load(proof.save(tmp_path / "captured.json")) == proof
    assert pickle.loads(pickle.dumps(proof)) == proof
    told = es.markdown(proof)
    assert "Captured by a valley between numbers" in told and "never exceeds" in told
    assert "EnclosedCapture(" in repr(proof) and proof.sentence.startswith("From all parameters to which a path")
