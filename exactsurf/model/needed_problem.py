"""The check of the argument that says which problem is meant: what came instead, and how a problem is built."""

from __future__ import annotations

from exactsurf.errors import InputError
from exactsurf.model.problem import Problem
from exactsurf.model.smooth_problem import SmoothProblem


def check_problem(value: object, caller: str) -> None:
    """Raise `InputError` unless `value` is a problem with a piecewise linear activation; `caller` needs it.

    >>> check_problem("problem.json", "count_cells")
    Traceback (most recent call last):
        ...
    exactsurf.errors.InputError: count_cells needs a Problem; got "'problem.json'"; build it with \
Problem(network, data, loss), or take the first of what read_problem(file) returns
    """
    if isinstance(value, SmoothProblem):
        raise InputError(
            f"{caller} needs a problem with a piecewise linear activation",
            text=repr(value),
            fix="take one such as relu; decide, polish and find_critical_box answer for smooth activations",
        )
    if not isinstance(value, Problem):
        raise _no_problem("Problem", "Problem(network, data, loss)", value, caller)


def check_smooth_problem(value: object, caller: str) -> None:
    """Raise `InputError` unless `value` is a problem with a smooth activation; `caller` needs it.

    >>> check_smooth_problem(None, "find_critical_box")
    Traceback (most recent call last):
        ...
    exactsurf.errors.InputError: find_critical_box needs a SmoothProblem; got 'None'; build it with \
SmoothProblem(widths, data, activation), or take the first of what read_problem(file) returns
    """
    if isinstance(value, Problem):
        raise InputError(
            f"{caller} needs a problem with a smooth activation",
            text=repr(value),
            fix="for piecewise linear activations take decide(problem, parameters), or polish(problem, floats)",
        )
    if not isinstance(value, SmoothProblem):
        raise _no_problem("SmoothProblem", "SmoothProblem(widths, data, activation)", value, caller)


def _no_problem(kind: str, build: str, value: object, caller: str) -> InputError:
    fix = f"build it with {build}, or take the first of what read_problem(file) returns"
    return InputError(f"{caller} needs a {kind}", text=repr(value), fix=fix)
