"""Training data: exact inputs and targets, from arrays or from a CSV file."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import IO, Any
from warnings import warn

from exactsurf.errors import InputWarning, ShapeError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.rational_table import RationalTable
from exactsurf.model.affine_fit import AffineFit, affine_fit
from exactsurf.model.array_table import array_table, number_door
from exactsurf.model.bundled_data import bundled_path
from exactsurf.model.class_labels import class_targets
from exactsurf.model.csv_files.columns import Column
from exactsurf.model.csv_files.reading import Reading, reading_from
from exactsurf.model.csv_files.report import CsvReport
from exactsurf.model.csv_files.table import CsvTable, load_bytes, parse_samples
from exactsurf.model.csv_files.voice import PYTHON, Voice
from exactsurf.model.sample_weights import weights_from


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
    `input_names`, `target_names`; `source`, the CSV file if proofs/FORMAT.md, section 2, reads these numbers from it;
    `classes`, the names of the classes if the targets stand for them; `report`, how a CSV file was read; `weights`, a positive
    number for each sample, or None if all weigh 1.
    Build with `Data.from_arrays`, `Data.from_csv` or `Data.bundled`. Exactness: exact. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> es.Data.from_arrays([[0, "1/2"], [1, "0.25"]], [1, -1])
    Data(2 samples, 2 inputs, 1 target)
    """

    inputs: RationalTable
    targets: RationalTable
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    source: DataFile | None = field(default=None, compare=False)
    classes: tuple[str, ...] = field(default=(), compare=False)
    report: CsvReport | None = field(default=None, compare=False, repr=False)
    weights: Vector | None = None

    @staticmethod
    def from_arrays(x: Any, y: Any, *, weights: Any = None, floats: str | None = None, digits: int | None = None) -> Data:
        """Data from nested sequences, arrays, tensors or data frames; a data frame keeps the names of its columns.

        Parameters: `x`, N × d (or N numbers: d = 1); `y`, N × d_y (or N numbers: d_y = 1); `weights`, N positive numbers,
        or None if all weigh 1; `floats`, how floats are read: ``"exact"``, as the binary values that they store, or
        ``"decimal"``, as the decimals that they are printed as; or `digits`, rounded to this number of decimal places.
        Without them floats are refused, with the sample in the message.
        Exactness: exact, but for what `digits` rounds.
        Raises: `ShapeError` if the rows differ in length or number, `InputError` if there is no sample, a weight is not positive,
        or a float is not finite.
        Source: README.md, "Numbers".

        >>> import exactsurf as es
        >>> es.Data.from_arrays([0, 1, 2], [[0, 1], [1, 1], [2, 1]])
        Data(3 samples, 1 input, 2 targets)
        >>> es.Data.from_arrays([[0.1], [0.2]], [1, 2], floats="decimal").x
        ((Fraction(1, 10),), (Fraction(1, 5),))
        """
        read = number_door(floats, digits)
        (inputs, names), (targets, target_names) = array_table(x, "x", read), array_table(y, "y", read)
        if inputs.rows != targets.rows:
            raise ShapeError("y (one row per sample)", (inputs.rows, targets.columns), (targets.rows, targets.columns))
        named = names or _numbered("x", inputs.columns), target_names or _numbered("y", targets.columns)
        return Data(inputs, targets, *named, weights=weights_from(weights, inputs.rows, read=read))

    def weighted(self, weights: Vector | None) -> Data:
        """The same samples with these weights in the place of their own."""
        return replace(self, weights=weights)

    @property
    def total_weight(self) -> Fraction:
        """The sum of the weights: the number of samples if all weigh 1."""
        return Fraction(len(self)) if self.weights is None else sum(self.weights, Fraction(0))

    @staticmethod
    def from_csv(
        path: str | os.PathLike[str] | IO[bytes],
        target: Column | Sequence[Column],
        *,
        inputs: Column | Sequence[Column] | None = None,
        drop: Column | Sequence[Column] = (),
        weight: Column | None = None,
        progress: Callable[[int], None] | None = None,
        **options: Any,
    ) -> Data:
        """Data from a CSV file, read exactly: ``5.1`` is 51/10 and ``1e-3`` is 1/1000.

        Parameters: `path`, or a binary file that is open; `target`, the column (or columns) to predict, by name or by number from
        1; `inputs`, the columns to use (all others by default); `drop`, columns to leave out; `weight`, the
        column of sample weights; `progress` is called with the
        number of rows read. `options` say how the text is read, see `Reading`: ``header``, ``delimiter`` (both are found out
        unless given), ``quote``, ``encoding``, ``comment``, ``skip``, ``decimal``, ``thousands``, ``percent``, ``currency``,
        ``booleans``, ``typographic``, ``missing``, ``classes``.
        A first column that looks like the row numbers that data frames are written with is an input too, and an `InputWarning`
        says how to leave it out. How the file was read stands in `report`. Exactness: exact.
        Raises: `InputError` naming file, line, column and text for missing or non-numeric cells, ragged rows, unknown
        columns (with the nearest name), files that are empty or no text. Source: proofs/FORMAT.md, section 2.

        >>> import exactsurf as es
        >>> es.Data.from_csv(bundled_path("iris"), target="petal_width", drop=["species"])
        Data(150 samples, 3 inputs, 1 target: petal_width)
        >>> es.Data.from_csv(bundled_path("iris"), target="species", classes=True).classes
        ('setosa', 'versicolor', 'virginica')
        """
        opened = not isinstance(path, (str, os.PathLike))
        file = str(getattr(path, "name", "table")) if opened else os.fspath(path)  # type: ignore[arg-type]
        reading = reading_from(options, file)
        return read_data(path, target, inputs=inputs, drop=drop, weight=weight, progress=progress, reading=reading)

    @staticmethod
    def bundled(
        name: str,
        target: Column | Sequence[Column],
        *,
        inputs: Column | Sequence[Column] | None = None,
        drop: Column | Sequence[Column] = (),
        **options: Any,
    ) -> Data:
        """One of the data sets that come with exactsurf: iris, anscombe, xor, diabetes.

        Parameters: as `from_csv`. Exactness: exact. Raises: `InputError` with the nearest name.
        Source: exactsurf/model/bundled/SOURCES.md.

        >>> import exactsurf as es
        >>> es.Data.bundled("anscombe", target="y1", inputs="x1").input_names
        ('x1',)
        >>> es.Data.bundled("xor", target="y").x
        ((Fraction(0, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(1, 1)), (Fraction(1, 1), Fraction(0, 1)), \
(Fraction(1, 1), Fraction(1, 1)))
        """
        return Data.from_csv(bundled_path(name), target, inputs=inputs, drop=drop, **options)

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
        named = f": {', '.join(self.target_names)}" if self.report else ""
        return (
            f"Data({_count(len(self), 'sample')}, {_count(self.inputs.columns, 'input')}, "
            f"{_count(self.targets.columns, 'target')}{', weighted' if self.weights else ''}{named})"
        )


def read_data(
    path: str | os.PathLike[str] | IO[bytes],
    target: Column | Sequence[Column],
    *,
    inputs: Column | Sequence[Column] | None = None,
    drop: Column | Sequence[Column] = (),
    weight: Column | None = None,
    progress: Callable[[int], None] | None = None,
    reading: Reading,
    voice: Voice = PYTHON,
) -> Data:
    """`Data.from_csv` for those who speak for somebody else.

    Parameters: as `Data.from_csv`, with the options as a `Reading`; `voice`, to whom messages speak.
    Exactness, Raises, Source: as `Data.from_csv`.

    >>> read_data(bundled_path("xor"), "y", reading=Reading())
    Data(4 samples, 2 inputs, 1 target: y)
    """
    if isinstance(path, (str, os.PathLike)):
        file, stream, folder = os.fspath(path), load_bytes(path), Path(path).absolute().parent
    else:
        file, stream, folder = str(getattr(path, "name", "table")), io.BytesIO(path.read()), None
    table = parse_samples(
        stream,
        file,
        _listed(target),
        inputs=None if inputs is None else _listed(inputs),
        drop=_listed(drop),
        weight=weight,
        progress=progress,
        reading=reading,
        voice=voice,
    )
    width, split = len(table.columns), len(table.columns) - table.targets

    def part(columns: range) -> RationalTable:
        values: list[Any] = [0] * (table.rows * len(columns))
        for k, column in enumerate(columns):
            values[k :: len(columns)] = table.values[column::width]
        return RationalTable.from_values(values, table.rows, len(columns))

    end = width if weight is None else width - 1
    x, y = table.columns[:split], table.columns[split:end]
    if 0 in x and inputs is None:
        _warn_of_row_numbers(table, voice)
    names, report, weights = tuple(table.names[c] for c in x), table.report, None
    assert report is not None
    if weight is not None:
        weights = weights_from(table.values[width - 1 :: width], table.rows)
        called = table.names[table.columns[-1]]
        kept = tuple(name for name in report.targets if name != called)
        report = replace(report, targets=kept, notes=(*report.notes, f"column {called} holds the weights of the samples"))
    if table.labels is not None:
        found = class_targets(table.labels, report.targets[-1], reading.classes, file)
        report = replace(report, notes=(*report.notes, found.note))
        targets = RationalTable.from_rows([[Fraction(value) for value in row] for row in found.rows])
        return Data(part(range(split)), targets, names, found.names, classes=found.classes, report=report, weights=weights)
    source = None
    if table.is_plain and folder is not None:
        source = DataFile(table.file, table.sha256, table.delimiter, table.skip_rows, table.rows, x, y, folder)
    target_names = tuple(table.names[c] for c in y)
    tables = part(range(split)), part(range(split, end))
    return Data(*tables, names, target_names, source, report=report, weights=weights)


def _listed(columns: Column | Sequence[Column]) -> list[Column]:
    return [columns] if isinstance(columns, (str, int)) else list(columns)


def _warn_of_row_numbers(table: CsvTable, voice: Voice) -> None:
    # Pandas writes an index without a name, and calls it so when it reads and writes it again; R counts from 1.
    unnamed = 0 in table.unnamed or table.names[0] == "Unnamed: 0"
    numbers = table.values[table.columns.index(0) :: len(table.columns)]
    if not unnamed or len(numbers) < 2 or numbers[0] not in (0, 1) or any(b - a != 1 for a, b in pairwise(numbers)):
        return
    call = table.names[0] if "1" in table.names else "1"
    warn(
        f"{table.file}: the first column has no name and counts {numbers[0]}, {numbers[1]}, … like row numbers, and it is used "
        f"as an input; leave it out with {voice.option('drop', call)}",
        InputWarning,
        stacklevel=4,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return (letter,) if count == 1 else tuple(f"{letter}{k}" for k in range(1, count + 1))
