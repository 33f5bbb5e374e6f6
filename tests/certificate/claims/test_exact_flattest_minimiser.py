"""The certificate of the exact flattest minimiser comes back as it was saved."""

from __future__ import annotations

import pickle

import exactsurf as es


def test_saved_and_loaded(tmp_path):
    problem = es.Problem(es.Network([2, 2, 1], "linear", biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [3, 4]))
    found = es.flattest_minimiser(problem, problem.parameters(W1=[[3, 0], [0, 4]], W2=[[1, 1]]), width="1e-3", exactly=True)
    for proof in (found.exact_trace, found.exact_eigenvalue):
        assert es.load(proof.save(tmp_path / f"{proof.of}.json")) == proof
        assert repr(proof).startswith(f"ExactFlattestMinimiser({proof.of}")
    assert pickle.loads(pickle.dumps(found)) == found
