"""The package runs alone, and its generated part is what the proofs give."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import exactsurf.formal

PACKAGE = Path(exactsurf.formal.__file__).parent
PROOFS = Path(__file__).parents[2] / "proofs" / "formal"
ALLOWED = {
    "__future__",
    "argparse",
    "collections.abc",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "json",
    "math",
    "operator",
    "pathlib",
    "re",
    "sys",
    "typing",
    "zlib",
}
SOURCES = sorted(PACKAGE.glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_standard_library_only(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= ALLOWED
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1 or node.module in ALLOWED
        elif isinstance(node, ast.Constant):
            assert not isinstance(node.value, float | complex)
        elif isinstance(node, ast.BinOp | ast.AugAssign) and source.name != "coq_file.py":  # which joins paths
            assert not isinstance(node.op, ast.Div)


def test_no_lemma_is_admitted() -> None:
    for source in PROOFS.glob("*.v"):
        text = source.read_text(encoding="utf-8")
        assert not any(word in text for word in ("admit", "Admitted", "Axiom", "Parameter ", "Conjecture")), source.name


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq is not installed")
def test_the_proofs_give_this_checker() -> None:
    command = ["make", "-C", str(PROOFS), f"PYTHON={sys.executable}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
