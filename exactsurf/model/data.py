"""Training data: exact inputs and targets, from arrays or from a CSV file."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from warnings import warn

from exactsurf.errors import InputError, InputWarning, ShapeError
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import exact
from exactsurf.exact.rational_table import RationalTable
from exactsurf.model.affine_fit import AffineFit, affine_fit
from exactsurf.model.bundled_data import bundled_path
from exactsurf.model.csv_table import CsvTable, find_column, read_csv


@dataclass(frozen=True)
class DataFile:
    """Where data came from, precisely enough to read the same numbers again (proofs/FORMAT.md, section 2)."""

    file: str
    sha256: str
    delimiter: str
    skip_rows: int
    samples: int
    x: tuple[int, ...]
    y: tuple[int, ...]
    folder: Path = field(compare=False)


@dataclass(frozen=True)
class Data:
    """N samples: a table of inputs (N × d) and a table of targets (N × d_y), exactly.

    Attributes: `inputs` and `targets` are `RationalTable`s; `x` and `y` the same as tuples of rows of Fractions;
    `input_names`, `target_names`; `source`, the CSV file if there is one.
    Build with `Data.from_arrays`, `Data.from_csv` or `Data.bundled`. Exactness: exact. Source: theory.md, section 1.

    >>> Data.from_arrays([[0, "1/2"], [1, "0.25"]], [1, -1])
    Data(2 samples, 2 inputs, 1 target)
    """

    inputs: RationalTable
    targets: RationalTable
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    source: DataFile | None = field(default=None, compare=False)

    @staticmethod
    def from_arrays(x: Any, y: Any) -> Data:
        """Data from nested sequences or arrays of exact numbers.

        Parameters: `x`, N × d (or N numbers: d = 1); `y`, N × d_y (or N numbers: d_y = 1).
        Exactness: exact (see `exact`: floats are refused, with the sample in the message).
        Raises: `ShapeError` if the rows differ in length or number, `InputError` if there is no sample.
        Source: README.md, "Numbers".

        >>> Data.from_arrays([0, 1, 2], [[0, 1], [1, 1], [2, 1]])
        Data(3 samples, 1 input, 2 targets)
        """
        inputs, targets = _table(x, "x"), _table(y, "y")
        if inputs.rows != targets.rows:
            raise ShapeError("y (one row per sample)", (inputs.rows, targets.columns), (targets.rows, targets.columns))
        return Data(inputs, targets, _numbered("x", inputs.columns), _numbered("y", targets.columns))

    @staticmethod
    def from_csv(
        path: str | os.PathLike[str],
        target: str | int | Sequence[str | int],
        *,
        drop: str | int | Sequence[str | int] = (),
        header: bool | None = None,
        delimiter: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Data:
        """Data from a CSV file, read exactly: ``5.1`` is 51/10 and ``1e-3`` is 1/1000.

        Parameters: `path`; `target`, the column (or columns) to predict, by name or by number from 1; `drop`, columns
        to leave out; `header` and `delimiter` are found out unless given; `progress` is called with the number of rows read.
        All other columns are inputs; a first column that looks like the row numbers that data frames are written with is one
        too, and an `InputWarning` says how to leave it out. Exactness: exact.
        Raises: `InputError` naming file, line, column and text for missing or non-numeric cells, ragged rows, unknown
        columns (with the nearest name), files that are empty or no text. Source: proofs/FORMAT.md, section 2.

        >>> Data.from_csv(bundled_path("iris"), target="petal_width", drop=["species"])
        Data(150 samples, 3 inputs, 1 target: petal_width)
        """
        table = read_csv(
            path, drop=[drop] if isinstance(drop, (str, int)) else drop, header=header, delimiter=delimiter, progress=progress
        )
        wanted = [target] if isinstance(target, (str, int)) else list(target)
        if not wanted:
            raise InputError("no target column", file=table.file, fix="name the column to predict")
        y = [find_column(table.names, name, table.file) for name in wanted]
        for name, column in zip(wanted, y, strict=True):
            if y.count(column) > 1:
                raise InputError(f"the target {name!r} is named twice", file=table.file)
            if column not in table.columns:
                raise InputError(f"the target {name!r} is also dropped", file=table.file)
        x = [column for column in table.columns if column not in y]
        if not x:
            raise InputError("no input column is left", file=table.file, fix="drop fewer columns or choose fewer targets")
        width, position = len(table.columns), {column: k for k, column in enumerate(table.columns)}

        def part(columns: list[int]) -> RationalTable:
            chosen = [position[column] for column in columns]
            values: list[Any] = [0] * (table.rows * len(chosen))
            for k, column in enumerate(chosen):
                values[k :: len(chosen)] = table.values[column::width]
            return RationalTable.from_values(values, table.rows, len(chosen))

        if 0 in x:
            _warn_of_row_numbers(table)
        folder = Path(path).absolute().parent
        source = DataFile(table.file, table.sha256, table.delimiter, table.skip_rows, table.rows, tuple(x), tuple(y), folder)
        names = table.names
        return Data(part(x), part(y), tuple(names[c] for c in x), tuple(names[c] for c in y), source)

    @staticmethod
    def bundled(name: str, target: str | int | Sequence[str | int], *, drop: str | int | Sequence[str | int] = ()) -> Data:
        """One of the data sets that come with exactsurf: iris, anscombe, xor, diabetes.

        Parameters: as `from_csv`. Exactness: exact. Raises: `InputError` with the nearest name.
        Source: exactsurf/model/bundled/SOURCES.md.

        >>> Data.bundled("xor", target="y").x
        ((Fraction(0, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(1, 1)), (Fraction(1, 1), Fraction(0, 1)), \
(Fraction(1, 1), Fraction(1, 1)))
        """
        return Data.from_csv(bundled_path(name), target, drop=drop)

    @cached_property
    def x(self) -> Matrix:
        """The inputs, N rows of d Fractions."""
        return tuple(self.inputs)

    @cached_property
    def y(self) -> Matrix:
        """The targets, N rows of d_y Fractions."""
        return tuple(self.targets)

    @cached_property
    def affine_fit(self) -> AffineFit:
        """The exact affine least squares fit of the targets by the inputs."""
        return affine_fit(self.inputs, self.targets)

    def __len__(self) -> int:
        return self.inputs.rows

    def __repr__(self) -> str:
        named = f": {', '.join(self.target_names)}" if self.source else ""
        return (
            f"Data({_count(len(self), 'sample')}, {_count(self.inputs.columns, 'input')}, "
            f"{_count(self.targets.columns, 'target')}{named})"
        )


def _warn_of_row_numbers(table: CsvTable) -> None:
    # Pandas writes an index without a name, and calls it so when it reads and writes it again; R counts from 1.
    unnamed = 0 in table.unnamed or table.names[0] == "Unnamed: 0"
    numbers = table.values[:: len(table.columns)]
    if not unnamed or len(numbers) < 2 or numbers[0] not in (0, 1) or any(b - a != 1 for a, b in pairwise(numbers)):
        return
    call = table.names[0] if "1" in table.names else "1"
    warn(
        f"{table.file}: the first column has no name and counts {numbers[0]}, {numbers[1]}, … like row numbers, and it is used "
        f'as an input; leave it out with --drop {shlex.quote(call)} (in Python and in problem files drop: ["{call}"])',
        InputWarning,
        stacklevel=3,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return (letter,) if count == 1 else tuple(f"{letter}{k}" for k in range(1, count + 1))


def _table(values: Any, name: str) -> RationalTable:
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()  # a data frame: it iterates over its columns
    if not _is_row(values):
        raise InputError(f"{name} is not a table of numbers", text=repr(values), fix="pass a list of rows")
    if len(values) == 0:
        raise InputError(f"{name} has no rows", fix="at least one sample is needed")
    rows = [row if _is_row(row) else [row] for row in values]
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        odd = next(i for i, length in enumerate(lengths) if length != lengths[0])
        raise ShapeError(f"{name}[{odd}]", (lengths[0],), (lengths[odd],))
    if lengths[0] == 0:
        raise InputError(f"{name} has no columns")
    return RationalTable.from_rows([[exact(v, f"{name}[{i}][{j}]") for j, v in enumerate(row)] for i, row in enumerate(rows)])


def _is_row(value: Any) -> bool:
    return (isinstance(value, Sequence) and not isinstance(value, (str, bytes))) or getattr(value, "ndim", 0) > 0
