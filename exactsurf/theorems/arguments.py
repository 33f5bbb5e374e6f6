"""What constructions of papers are given: checked at the door, so that a wrong type is named and no exception from inside."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from exactsurf.errors import InputError
from exactsurf.exact.number import exact
from exactsurf.model.array_table import array_rows
from exactsurf.model.problem import Problem


def number_table(values: Any, what: str) -> list[list[Fraction]]:
    """Rows of exact numbers; a flat list is one column, as for `Data.from_arrays`.

    Parameters: `values`, nested sequences or an array; `what` they are, for messages. Exactness: exact.
    Raises: `InputError`, `ShapeError` for rows of several lengths, errors of `exact`. Source: `Data.from_arrays`.

    >>> number_table([-1, "1/2"], "inputs")
    [[Fraction(-1, 1)], [Fraction(1, 2)]]
    """
    rows, _ = array_rows(values, what)
    return [[exact(value, f"{what}[{i}][{j}]") for j, value in enumerate(row)] for i, row in enumerate(rows)]


def number_list(values: Any, what: str) -> list[Fraction]:
    """Exact numbers, one after the other.

    Parameters, Exactness, Source: as `number_table`. Raises: `InputError` for a table, errors of `exact`.

    >>> number_list([1, "1/2"], "lengths")
    [Fraction(1, 1), Fraction(1, 2)]
    """
    rows, _ = array_rows(values, what)
    if len(rows[0]) != 1:
        raise InputError(f"{what} are a list of numbers, not a table", text=repr(values), fix="for example [1, 2]")
    return [exact(value, f"{what}[{i}]") for i, (value,) in enumerate(rows)]


def check_problem(value: Any) -> None:
    """Raise `InputError` unless `value` is a `Problem`."""
    if not isinstance(value, Problem):
        raise InputError("not a problem", text=repr(value), fix="build it with es.Problem(network, data)")
