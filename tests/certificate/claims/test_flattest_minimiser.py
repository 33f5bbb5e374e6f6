"""The certificate of the flattest minimiser comes back as it was saved."""

from __future__ import annotations

import pickle

import exactsurf as es


def test_saved_and_loaded(tmp_path):
    problem = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, 2], [2, 4]))
    found = es.flattest_minimiser(problem, problem.parameters(W1=[[1], [1]], W2=[[1, 1]]), width="1e-3")
    proof = found.certificate
    assert es.load(proof.save(tmp_path / "flattest.json")) == proof and pickle.loads(pickle.dumps(found)) == found
    assert proof.for_trace.density == () and len(proof.for_eigenvalue.density) == 2
    assert repr(proof).startswith("FlattestMinimiserCertificate(") and "FlattestMinimiser(trace" in repr(found)
