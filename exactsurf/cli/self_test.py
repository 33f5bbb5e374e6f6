"""The self-test of ``exactsurf doctor``: a few end-to-end checks with known answers, in a few seconds."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from fractions import Fraction
from multiprocessing import get_all_start_methods
from pathlib import Path

from exactsurf.cells.cell import cell_of
from exactsurf.cells.unit_cells import count_cells, enumerate_patterns
from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.claims.table import CLAIMS
from exactsurf.certificate.rules import RULES
from exactsurf.certificate.verdict import Status
from exactsurf.cli.proof_pages import proofs_folder
from exactsurf.errors import InternalError, RejectedCertificate
from exactsurf.formal.verdict import Verdict as JudgedFormally
from exactsurf.formal.verdict import judge
from exactsurf.interop.load import load
from exactsurf.interop.problem_file import read_problem
from exactsurf.interop.problem_writer import write_problem
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
        run = subprocess.run(
            [sys.executable, "-S", "-c", code, str(file)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
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


def check_proofs() -> None:
    """The pages of proofs that texts cite are there, one a rule and one a claim."""
    homes = {claim.__module__.rpartition(".")[2] for claim in CLAIMS.values()}
    cited = ["FORMAT.md", "smooth.md", "theory.md", *(f"rules/{rule.replace(' ', '_')}.md" for rule in RULES)]
    cited += [f"claims/{home}.md" for home in sorted(homes)]
    lacking = [page for page in cited if not (proofs_folder() / page).is_file()]
    _expect(not lacking, f"{proofs_folder()} lacks {', '.join(lacking)}")


def check_bundled_certificate() -> None:
    """The certificate that comes with exactsurf is accepted, by the verifier and by the checker that is proved correct."""
    content = (proofs_folder() / "golden" / "accept" / "xor.json").read_bytes()
    _expect(verify(content).risk == Fraction(1, 2), "the verifier reads another risk than 1/2")
    _expect(judge(content) is JudgedFormally.ACCEPTED, "the checker that is proved correct does not accept it")


def check_round_trip() -> None:
    """A problem file and a certificate that are written and read again are the same."""
    problem = Problem(Network([1, 2, 1]), _LINE)
    theta = problem.parameters(W1=[["1/3"], [0]], b1=[1, "-1/7"], W2=[[1, 0]], b2=[-1])
    with tempfile.TemporaryDirectory() as folder:
        read, point = read_problem(write_problem(Path(folder) / "problem.json", problem, theta))
        _expect((read, point) == (problem, theta), "the problem file says something else than the problem")
        certificate = _xor_certificate()
        loaded = load(certificate.save(Path(folder) / "xor.certificate.json"))
        _expect(loaded.encoded == certificate.encoded, "a saved certificate has other bytes")  # type: ignore[union-attr]


def _python(code: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    place = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r})"
    run = [sys.executable, "-c", f"{place}\n{code}"]
    return subprocess.run(run, capture_output=True, env={**os.environ, **environment}, check=False)


def check_encoding() -> None:
    """Where the terminal knows few letters, a proof is still written, in plain ones."""
    file = str(proofs_folder() / "golden" / "accept" / "xor.json")
    code = f"from exactsurf.cli.main import main; sys.argv = ['exactsurf', 'show', {file!r}]; main()"
    run = _python(code, PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    _expect(run.returncode == 0, f"exit status {run.returncode}: {run.stderr.decode('cp1252', 'replace').strip()}")
    _expect(b"Theorem" in run.stdout, "the proof is not in what was written")


def check_start_methods() -> None:
    """A landscape by two processes is the same, whatever way processes are started here."""
    code = """import multiprocessing
if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    import exactsurf as es
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    print(es.landscape(problem, workers=2).global_minimum.risk, es.landscape(problem, workers=1).global_minimum.risk)
"""
    for method in get_all_start_methods():
        run = _python(code.format(method=method))
        risks = run.stdout.decode("ascii", "replace").split()
        _expect(
            len(risks) == 2 and risks[0] == risks[1], f"{method}: {(run.stderr or run.stdout).decode('utf-8', 'replace')[-300:]}"
        )


CHECKS: dict[str, Callable[[], None]] = {
    "a certificate for xor is built and verified": check_certificate,
    "a wrong certificate is rejected": check_tampering,
    "the verifier runs on its own": check_verifier_alone,
    "local minima are proved and refuted": check_decision,
    "the proofs that texts cite are here": check_proofs,
    "the certificate that comes with exactsurf is accepted twice": check_bundled_certificate,
    "files are read back as they were written": check_round_trip,
    "a terminal with few letters is written to": check_encoding,
    "processes start in every way there is": check_start_methods,
    "cells are counted, listed and have their polynomials": check_cells,
}
