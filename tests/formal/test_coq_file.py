"""``exactsurf show --coq``: Coq itself checks the theorem about this very network and data."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from exactsurf.formal import Verdict, judge
from exactsurf.formal.coq_file import coq_file
from tests.verifier.verdicts import GOLDEN

ROOT = Path(__file__).parents[2]
PROOFS = ROOT / "proofs" / "formal"
FILES = [path for path in sorted(GOLDEN.glob("accept*/*.json")) if judge(path.read_bytes(), path.parent) is Verdict.ACCEPTED]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_text(path: Path) -> None:
    text = coq_file(path.read_bytes(), "(* the theory *)", path.parent)
    assert text.count("Qed.") == 3 and "the_claim" in text


def test_the_wheel_holds_the_theory() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    lines = (PROOFS / "_CoqProject").read_text(encoding="utf-8").splitlines()
    theory = {Path(name).name for name in included if name.startswith("proofs/formal/")}
    assert theory == {"_CoqProject", *(line for line in lines if line.endswith(".v"))}


def compiled(folder: Path, *options: str) -> str:
    done = subprocess.run(["coqc", "-q", *options, "file.v"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq is not installed")
def test_coq_accepts_a_file_that_needs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file.v").write_text(coq_file((GOLDEN / "accept" / "example_a.json").read_bytes()), encoding="utf-8")
    found = compiled(tmp_path)
    assert found == (PROOFS / "assumptions.txt").read_text(encoding="utf-8")[: len(found)]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq is not installed")
def test_coq_accepts_every_golden_certificate(tmp_path: Path) -> None:
    """In one file, with the compiled theory; what they rest on is printed for one of them above."""
    built = subprocess.run(["make", "-C", str(PROOFS), "proofs"], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    theory = (
        "From Exactsurf Require Import Network Evaluate Json RiskSound ForwardSound Soundness.\n"
        "From Exactsurf Require Reader Check CheckPaths. From Coq Require ZArith QArith Reals List String.\n"
    )
    texts = [
        f"Module M{n}.\n{coq_file(path.read_bytes(), '', path.parent).replace('Print Assumptions the_claim.', '')}End M{n}."
        for n, path in enumerate(FILES)
    ]
    (tmp_path / "file.v").write_text(theory + "\n".join(texts), encoding="utf-8")
    compiled(tmp_path, "-Q", str(PROOFS), "Exactsurf")
