"""The self-test of ``exactsurf doctor``: a few end-to-end checks with known answers, in about a second."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from exactsurf.cells.cell import cell_of
from exactsurf.cells.unit_cells import count_cells, enumerate_patterns
from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InternalError, RejectedCertificate
from exactsurf.minima.decide import decide
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.papers.yun_2019 import construct

_LINE = Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])


def _expect(condition: bool, what: str) -> None:
    if not condition:
        raise InternalError(what)


def _xor_certificate() -> Certificate:
    found = construct(Problem(Network([2, 2, 1]), Data.bundled("xor", target="y")))
    if found.certificate is None or found.verdict.status is not Status.PROVED:
        raise InternalError(f"no spurious local minimum was proved on xor: {found.verdict.reason}")
    _expect(found.risk == Fraction(1, 2), f"the risk of least squares on xor is 1/2, not {found.risk}")
    return found.certificate


def check_certificate() -> None:
    """A spurious local minimum on xor is built and accepted by the verifier."""
    certificate = _xor_certificate()
    accepted = verify(certificate.encoded)
    _expect(accepted.kind == "spurious local minimum", f"the verifier accepted another claim: {accepted.kind}")


def check_tampering() -> None:
    """The same certificate with another risk is rejected."""
    content = _xor_certificate().encoded
    changed = content.replace(b'"risk": "1/2"', b'"risk": "1/3"', 1)
    _expect(changed != content, "the certificate does not state the risk 1/2")
    try:
        verify(changed)
    except RejectedCertificate:
        return
    raise InternalError("the verifier accepted a certificate with a wrong risk")


def check_verifier_alone() -> None:
    """The verifier runs in a process of its own, which loads nothing of exactsurf but the verifier."""
    with tempfile.TemporaryDirectory() as folder:
        file = _xor_certificate().save(Path(folder) / "xor.certificate.json")
        run_verifier = "import runpy; runpy.run_module('exactsurf.verifier', run_name='__main__')"
        # -S and the one folder on the path: where exactsurf lies in a source tree, no installed package is within reach.
        code = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); {run_verifier}"
        run = subprocess.run([sys.executable, "-S", "-c", code, str(file)], capture_output=True, text=True, check=False)
        _expect(run.returncode == 0, f"exit status {run.returncode}: {run.stderr.strip() or run.stdout.strip()}")


def check_decision() -> None:
    """A local minimum at a kink is proved, and a point beside it refuted with a lower point."""
    problem = Problem(Network([1, 2, 1]), _LINE)
    minimum = problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1])
    beside = problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-2])
    _expect(decide(problem, minimum).status is Status.PROVED, "a known local minimum was not proved")
    verdict = decide(problem, beside)
    _expect(verdict.status is Status.REFUTED and verdict.lower_point is not None, "a known descent direction was not found")


def check_cells() -> None:
    """The cells of four points on a line are counted and listed, and the risk on a cell is its polynomial."""
    problem = Problem(Network([1, 2, 1]), _LINE)
    counted, listed = count_cells(problem), sum(1 for _ in enumerate_patterns(problem))
    _expect(counted == listed == 64, f"there are 64 cells, not {counted} (counted) or {listed} (listed)")
    theta = problem.parameters(W1=[[1], [1]], b1=["1/2", "-3/2"], W2=[[1, -2]], b2=["1/3"])
    cell = cell_of(problem, theta)
    _expect(cell.risk(cell.coordinates(theta)) == problem.risk(theta), "the risk polynomial of a cell has another value")


CHECKS: dict[str, Callable[[], None]] = {
    "a certificate for xor is built and verified": check_certificate,
    "a wrong certificate is rejected": check_tampering,
    "the verifier runs on its own": check_verifier_alone,
    "local minima are proved and refuted": check_decision,
    "cells are counted, listed and have their polynomials": check_cells,
}
