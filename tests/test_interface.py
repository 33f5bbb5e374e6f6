"""What the interactive session shows: names, and values in a line or two."""

from __future__ import annotations

import exactsurf as es

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
