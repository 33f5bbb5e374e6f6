"""The certificate of the exact flattest rescaling comes back as it was saved."""

from __future__ import annotations

import pickle

import exactsurf as es


def test_saved_and_loaded(tmp_path):
    problem = es.Problem(es.Network([1, 1, 1, 1], "linear", biases=False), es.Data.from_arrays([1], [2]))
    found = es.flattest_rescaling(problem, problem.parameters(W1=[[1]], W2=[["1/2"]], W3=[[4]]), exactly=True)
    for proof in (found.exact_trace, found.exact_eigenvalue):
        assert es.load(proof.save(tmp_path / f"{proof.of}.json")) == proof
        assert repr(proof).startswith(f"ExactFlattestRescaling({proof.of}")
    assert pickle.loads(pickle.dumps(found)) == found
