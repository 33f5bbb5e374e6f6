"""Arrays, data frames, tensors and nested lists as tables of exact numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from exactsurf.errors import InexactNumberError, InputError, ShapeError
from exactsurf.exact.number import exact, exact_float
from exactsurf.exact.rational_table import RationalTable

ReadNumber = Callable[[Any, str], Fraction]

_ALL_FLOATS = 'for all floats at once, say floats="exact" (binary), floats="decimal" or digits= (rounded) in from_arrays'


def number_door(floats: str | None, digits: int | None) -> ReadNumber:
    """How the entries of arrays are read: floats are refused unless it was said what they mean.

    Parameters: `floats`: ``"exact"``, the binary value that is stored; ``"decimal"``, the shortest decimal that names it, as it
    is printed; or None; `digits`: round floats to this number of decimal places (a tie goes to the even digit).
    Exactness: exact, but for floats with `digits`, which are rounded in exact arithmetic.
    Raises: `InputError` for another word, or both options; the function raises `InputError` for entries that are not finite.
    Source: README.md, "Numbers".

    >>> number_door("exact", None)(0.5, "x"), number_door("decimal", None)(0.1, "x"), number_door(None, 2)(1 / 3, "x")
    (Fraction(1, 2), Fraction(1, 10), Fraction(33, 100))
    """
    if floats is not None and digits is not None:
        raise InputError("floats= and digits= are given both", fix="choose one way to read floats")
    if floats not in (None, "exact", "decimal"):
        raise InputError("floats= says how to read floats", text=str(floats), fix='say floats="exact" or floats="decimal"')
    if digits is not None and (not isinstance(digits, int) or isinstance(digits, bool) or not 0 <= digits <= 1000):
        raise InputError("digits= is a number of decimal places", text=repr(digits), fix="for example digits=3")

    def read(value: Any, where: str) -> Fraction:
        try:
            return exact(value, where)
        except InexactNumberError as error:
            if floats is None and digits is None:
                raise InexactNumberError(**{**error.fields, "fix": _ALL_FLOATS}) from None
            if floats == "decimal":
                return exact(error.fields["decimal"], where)
            found = exact_float(value)
            return found if digits is None else Fraction(round(found * 10**digits), 10**digits)

    return read


def array_rows(values: Any, name: str) -> tuple[list[list[Any]], tuple[str, ...] | None]:
    """The rows of a table, and the names of its columns if it is a data frame.

    Parameters: `values`, nested sequences, an array, a tensor, a data frame or a series; `name` for messages.
    Exactness: entries as they are. Raises: `InputError` if this is no table or is empty, `ShapeError` for rows of
    several lengths. Source: none.

    >>> array_rows([0, 1], "x")
    ([[0], [1]], None)
    """
    names = None
    columns = getattr(values, "columns", None)
    if columns is not None and hasattr(values, "to_numpy"):
        names = tuple(str(column) for column in columns)
    elif isinstance(getattr(values, "name", None), str) and hasattr(values, "to_numpy"):
        names = (values.name,)
    if hasattr(values, "detach"):  # a tensor that may hang on a graph or lie on a device
        values = values.detach().cpu().numpy()
    elif hasattr(values, "to_numpy"):
        values = values.to_numpy()  # a data frame: it iterates over its columns
    if not _is_row(values):
        raise InputError(f"{name} is not a table of numbers", text=repr(values), fix="pass a list of rows")
    if len(values) == 0:
        raise InputError(f"{name} has no rows", fix="at least one sample is needed")
    rows = [list(row) if _is_row(row) else [row] for row in values]
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        odd = next(i for i, length in enumerate(lengths) if length != lengths[0])
        raise ShapeError(f"{name}[{odd}]", (lengths[0],), (lengths[odd],))
    if lengths[0] == 0:
        raise InputError(f"{name} has no columns")
    return rows, names


def array_table(values: Any, name: str, read: ReadNumber) -> tuple[RationalTable, tuple[str, ...] | None]:
    """A table of exact numbers, and the names of its columns if it is a data frame.

    Parameters: `values` and `name` as `array_rows`; `read`, see `number_door`. Exactness: that of `read`.
    Raises: as `array_rows` and `read`, naming the place. Source: README.md, "Numbers".

    >>> array_table([["1/2", 2]], "x", number_door(None, None))[0].columns
    2
    """
    rows, names = array_rows(values, name)
    return RationalTable.from_rows(
        [[read(v, f"{name}[{i}][{j}]") for j, v in enumerate(row)] for i, row in enumerate(rows)]
    ), names


def _is_row(value: Any) -> bool:
    return (isinstance(value, Sequence) and not isinstance(value, (str, bytes))) or getattr(value, "ndim", 0) > 0
