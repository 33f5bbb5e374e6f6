"""The heavy libraries are loaded only where they are needed, and named with their extra where they are missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.interop.onnx_model import from_onnx
from exactsurf.interop.torch_model import to_torch_state_dict

MODULES = sorted(path.stem for path in Path(es.__file__).with_name("interop").glob("*.py"))
HEAVY = ("torch", "onnx", "sklearn", "numpy", "sympy", "flint", "networkx", "z3", "cvc5")


def test_import_loads_none_of_them():
    imports = "; ".join(f"import exactsurf.interop.{name}" for name in MODULES)
    code = f"import sys; {imports}; print(*sorted(set({HEAVY}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_a_model_is_read_without_its_library():
    """Duck typing: a state dict of plain lists needs neither PyTorch nor NumPy."""
    code = (
        "import sys; sys.modules['torch'] = sys.modules['numpy'] = None\n"
        "from exactsurf.interop.torch_model import from_torch\n"
        "print(from_torch({'0.weight': [[0.5]], '2.weight': [[2]]}, activation='relu').parameters)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "Parameters(W1=[['1/2']], W2=[[2]])"


def test_missing_libraries_are_named_with_their_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(es.MissingExtraError, match=r"onnx is not installed.*exactsurf\[onnx\]"):
        from_onnx(b"")
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0], [0]))
    with pytest.raises(es.MissingExtraError, match=r"exactsurf\[torch\]"):
        to_torch_state_dict(problem.parameters(W1=[[1]], b1=[0]))
