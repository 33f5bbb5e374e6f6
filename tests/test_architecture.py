"""The architecture that CONTRIBUTING.md describes, as tests: floors, floats, lazy import, docstrings, sizes."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import exactsurf

PACKAGE = Path(exactsurf.__file__).parent
GENERATED = PACKAGE / "formal" / "checker.py"
SOURCES = sorted(set(PACKAGE.rglob("*.py")) - {GENERATED})
HEAVY = {"sympy", "networkx", "numpy", "flint", "z3", "rich", "typer", "highspy", "matplotlib", "distributed"}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.skipif(not (PACKAGE.parent / "pyproject.toml").exists(), reason="needs the source tree")
def test_imports_go_down_the_floors_only():
    from importlinter import cli

    assert cli.lint_imports(config_filename=str(PACKAGE.parent / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.skipif(not (PACKAGE.parent / "pyproject.toml").exists(), reason="needs the source tree")
def test_one_door_leads_upwards():
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    ignored = [entry for contract in settings["contracts"] for entry in contract.get("ignore_imports", [])]
    assert ignored == ["exactsurf.display -> exactsurf.**"]


def floats_in(tree: ast.AST, numpy: bool = False) -> list[int]:
    """Lines with a float or complex literal, a call of float() or complex(), or an import of NumPy (unless allowed) or SciPy."""
    lines = []
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, (float, complex))
        call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "complex")
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        forbidden = {"scipy"} if numpy else {"numpy", "scipy"}
        if literal or call or any(module.split(".")[0] in forbidden for module in modules):
            lines.append(node.lineno)
    return lines


def may_use_floats(path: Path) -> bool:
    """Pictures, and folders named `floats`, in which floats propose what exact arithmetic then decides."""
    return name_of(path).split("/")[0] == "show" or path.parent.name == "floats"


@pytest.mark.parametrize("path", [p for p in SOURCES if not may_use_floats(p)], ids=name_of)
def test_floats_only_in_show_and_in_proposals(path: Path):
    # Cells are enumerated, facets are sorted, and columns are proposed, in NumPy's machine integers, where a bound excludes
    # overflow; never floats.
    source = path.read_text(encoding="utf-8")
    in_cells = name_of(path).startswith(
        ("arrangement/", "cells/", "exact/integer_pricing", "surface/facet_rows", "surface/facet_table", "surface/part_minima")
    )
    assert floats_in(ast.parse(source), numpy=in_cells) == []
    assert not in_cells or not any(word in source for word in ("np.float", "numpy.float", "dtype=float", "true_divide"))


def test_the_float_finder_finds_floats():
    assert floats_in(ast.parse("a = 1\nb = 0.5\nc = float(a)\nimport numpy.linalg\nd = 2j")) != []
    assert len(floats_in(ast.parse("a = 1\nb = 0.5\nc = float(a)\nimport numpy.linalg\nd = 2j"))) == 4


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_import_of_the_package_loads_nothing_heavy():
    bare = modules_after("pass")
    loaded = modules_after("import exactsurf")
    assert not {name.split(".")[0] for name in loaded} & HEAVY
    assert len(loaded - bare) < 60


def test_the_verifier_loads_nothing_else_of_the_package():
    loaded = modules_after("import exactsurf.verifier")
    assert not {name.split(".")[0] for name in loaded} & HEAVY
    assert {name for name in loaded if name.startswith("exactsurf.")} == {
        name for name in loaded if name.startswith("exactsurf.verifier")
    }


def test_the_names_for_type_checkers_are_those_that_are_loaded():
    """`exactsurf/__init__.py` names everything twice: for type checkers, and with its home for loading at first use."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    stated = {
        (name.asname, f"{node.module}.{name.name}")
        for block in blocks
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    homes = [*exactsurf._HOMES.items(), *exactsurf._SHORTHANDS.items()]
    loaded = {(name, f"exactsurf.{home}.{name}") for home, names in homes for name in names}
    assert stated == loaded | {(name, f"exactsurf.{name}") for name in exactsurf._NAMESPACES}
    short = {name for names in exactsurf._SHORTHANDS.values() for name in names}
    assert {name for name, _ in stated} - short == set(exactsurf.__all__)
    for home, names in exactsurf._SHORTHANDS.items():
        assert all(getattr(exactsurf, name) is getattr(getattr(exactsurf, home), name) for name in names)


def test_dir_lists_the_interface_and_unknown_names_are_attribute_errors():
    assert {"Data", "Network", "Problem", "decide", "activations", "losses", "papers", "verify"} <= set(dir(exactsurf))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        exactsurf.nonsense  # noqa: B018


GENERATED = PACKAGE / "formal/checker.py"
WRITTEN = [path for path in SOURCES if path != GENERATED]


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_files_fit_in_a_head(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def public_definitions(path: Path) -> list[tuple[str, ast.AST]]:
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        overloaded = isinstance(node, ast.FunctionDef) and "overload" in map(ast.unparse, node.decorator_list)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_") and not overloaded:
            found.append((node.name, node))
            if isinstance(node, ast.ClassDef):
                inner = [n for n in node.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
                found += [(f"{node.name}.{n.name}", n) for n in inner]
    return found


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_module_and_public_definition_has_a_docstring(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert [name for name, node in public_definitions(path) if not ast.get_docstring(node)] == []


NAMESPACES = [exactsurf.activations, exactsurf.losses, exactsurf.plots]
PUBLIC = {name: getattr(exactsurf, name) for name in exactsurf.__all__ if name not in exactsurf._NAMESPACES}
PUBLIC |= {name: getattr(space, name) for space in NAMESPACES for name in space.__all__}
INTERFACE = sorted(PUBLIC)


@pytest.mark.parametrize("name", INTERFACE)
def test_interface_docstrings_have_their_parts(name: str):
    value = PUBLIC[name]
    if not (inspect.isfunction(value) or inspect.isclass(value)) or issubclass_of_error(value):
        return
    text = inspect.getdoc(value) or ""
    parts = ["Exactness", "Source"] if inspect.isclass(value) else ["Exactness", "Raises", "Source", "Parameters"]
    assert [part for part in parts if part not in text] == [], f"{name} lacks parts"


# They draw or write pages, or need an extra or a file; tests run them.
WITHOUT_DOCTEST = {"from_onnx", "from_sklearn", "to_torch_state_dict", "read_problem", "landscape_page", "slice_page"}


def test_interface_functions_have_doctests():
    functions = {name for name in INTERFACE if inspect.isfunction(PUBLIC[name])}
    drawing = {name for name in functions if name.startswith("plot_") and not name.endswith("_data")}
    silent = {name for name in functions if ">>>" not in (inspect.getdoc(PUBLIC[name]) or "")}
    assert silent == WITHOUT_DOCTEST | drawing


def issubclass_of_error(value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, (exactsurf.ExactsurfError,)) or getattr(value, "__name__", "") == "Status"


MATHEMATICAL = ["exact", "model", "certificate", "minima", "theorems", "papers", "search"]


@pytest.mark.parametrize("package", MATHEMATICAL)
def test_public_functions_say_what_is_exact(package: str):
    """Functions of the mathematical floors with arguments of their own say in their docstring what is exact."""
    silent = []
    for path in sorted((PACKAGE / package).rglob("*.py")):
        for name, node in public_definitions(path):
            text = ast.get_docstring(node) or ""
            # A sentence belongs to a small piece; longer docstrings are contracts.
            prose = text.split(">>>")[0].strip()
            if isinstance(node, ast.FunctionDef) and len(prose.splitlines()) > 1 and "Exactness" not in text:
                silent.append(f"{package}/{path.name}: {name}")
    assert silent == []
