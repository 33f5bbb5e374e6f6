"""The table of claims: who reads certificates needs all of them, who decides needs few."""

from __future__ import annotations

import json
import subprocess
import sys

from exactsurf.certificate.claims.table import CLAIMS
from tests.verifier.verdicts import GOLDEN

DECISION = """
import sys
import exactsurf as es
problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
assert es.decide(problem, problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])).status is es.Status.PROVED
print(*sorted(name.rpartition(".")[2] for name in sys.modules if name.startswith("exactsurf.certificate.claims.")))
"""


def test_every_kind_has_a_certificate_that_is_accepted():
    kinds = {json.loads(path.read_text(encoding="utf-8"))["claim"]["kind"] for path in GOLDEN.glob("accept*/*.json")}
    assert kinds == set(CLAIMS)


def test_a_decision_reads_only_the_claims_about_a_point():
    found = subprocess.run([sys.executable, "-c", DECISION], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["point"]
