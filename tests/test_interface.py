"""What the interactive session shows: names, and values in a line or two."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import exactsurf as es
from exactsurf.certificate.claims.table import AnyClaim

PROBLEM = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
POINT = PROBLEM.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])


def test_dir_lists_the_interface_alone():
    import exactsurf.cells.cell  # noqa: F401, which makes exactsurf.cells an attribute

    assert set(dir(es)) == {*es.__all__, "__version__"}
    assert all(hasattr(es, name) for name in dir(es))


def test_long_values_are_told_in_two_lines():
    example = es.papers.yun_2019.theorem_1.sharpness()[0]
    shown = {
        es.Slice(PROBLEM, POINT, POINT, POINT): "Slice(Problem(Network(1-1-1",
        es.stationarity(PROBLEM, POINT): "Stationarity(differentiable REFUTED, gradient zero REFUTED, Clarke stationary PROVED",
        example: f"SharpnessExample(only {example.hypothesis} fails: {example.title}; Problem(",
    }
    for value, beginning in shown.items():
        assert repr(value).startswith(beginning)
        assert len(repr(value)) <= 260 and "\n" not in repr(value)


def test_exact_can_be_called_whatever_was_loaded_before():
    import subprocess
    import sys

    for before in ("pass", "es.relu", "import exactsurf.exact.simplex"):
        code = f"import exactsurf as es; {before}; print(es.exact('1/2'), es.exact('5.1'))"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1/2 51/10\n"


SPACES = [es, es.plots, es.losses, es.activations]
PUBLIC = {name: getattr(space, name) for space in SPACES for name in space.__all__ if name not in es._NAMESPACES}
OWN = Path(es.__file__).parent


def classes_of_the_package() -> dict[str, set[str]]:
    """The classes that the package defines, by name, each with its modules; the checkers have values of their own."""
    found: dict[str, set[str]] = {}
    for path in OWN.rglob("*.py"):
        place = path.relative_to(OWN)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and place.parts[0] != "formal":
                found.setdefault(node.name, set()).add(".".join(place.with_suffix("").parts))
    return found


def returned(function: Callable[..., object]) -> set[str]:
    """The words of what a function says that it returns; the union of all certificates stands for its members."""
    words = set(re.findall(r"\w+", str(function.__annotations__.get("return", ""))))
    return words | {claim.__name__ for claim in get_args(AnyClaim)} if "AnyClaim" in words else words


def test_what_public_functions_return_is_public():
    own = classes_of_the_package()
    functions = {name: value for name, value in PUBLIC.items() if inspect.isfunction(value)}
    functions |= {name: value for name, value in vars(es.Theorem).items() if inspect.isfunction(value) and name[0] != "_"}
    functions["construct"] = es.papers.yun_2019.construct
    hidden = {(name, word) for name, value in functions.items() for word in returned(value) if word in own and word not in PUBLIC}
    assert hidden == {("construct", "SpuriousMinimum")}, "give these to es.__all__ or a namespace"
    reached = set().union(*map(returned, functions.values())) & set(own)
    assert len(functions) > 60 and {"Verdict", "Landscape", "CriticalBox", "SearchResult", "Report", "SmoothPoint"} <= reached
    for word in reached & set(PUBLIC):
        assert PUBLIC[word].__module__.removeprefix("exactsurf.") in own[word]


def test_values_of_public_functions_have_public_types():
    """Not the annotations, but what comes back."""
    linear = es.Problem(es.Network([1, 1, 1], "linear"), PROBLEM.data)
    tanh = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2]))
    found = es.landscape(PROBLEM, workers=1)
    values = [
        es.decide(PROBLEM, POINT),
        es.stationarity(PROBLEM, POINT),
        es.sosp_check(PROBLEM, POINT),
        es.sosp_check(PROBLEM, POINT).output,
        es.polish(PROBLEM, POINT),
        es.classify_deep_linear(linear, POINT),
        es.find_critical_box(tanh, W1=[["4/5"]], W2=[["8/5"]]),
        es.find_critical_box(tanh, W1=[["4/5"]], W2=[["8/5"]]).certificate,
        found.global_minimum,
        found.local_minima[0],
        es.certify_all_cells(PROBLEM),
        es.verify(es.certify_all_cells(PROBLEM)),
        es.pattern_regions(PROBLEM),
        es.graph_statistics(es.cell_graph(PROBLEM)),
        es.papers.yun_2019.theorem_1.check(PROBLEM),
        es.papers.yun_2019.theorem_1.sharpness()[0],
        es.plots.plot_network_data(PROBLEM, POINT),
    ]
    assert [value for value in values if PUBLIC.get(type(value).__name__) is not type(value)] == []
