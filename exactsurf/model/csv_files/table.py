"""CSV files, read exactly: "5.1" is 51/10, and what is not a number is refused at its place."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter
from pathlib import Path
from typing import Any

from exactsurf.errors import InputError, nearest
from exactsurf.model.bundled_data import BUNDLED
from exactsurf.model.csv_files.cells import number_reader
from exactsurf.model.csv_files.columns import Column, Plan, check_names, choose_columns, find_column, find_columns
from exactsurf.model.csv_files.reading import Reading, reading_from
from exactsurf.model.csv_files.records import MISSING
from exactsurf.model.csv_files.refusal import refusal
from exactsurf.model.csv_files.report import CsvReport
from exactsurf.model.csv_files.sheet import Sheet, open_sheet
from exactsurf.model.csv_files.voice import PYTHON, Voice

_STEP = 1000  # rows between two calls of `progress`


@dataclass(frozen=True)
class CsvTable:
    """The numbers of a CSV file and how they were found in it.

    ``names``: of all columns (``x1``, ``x2``, … without a header). ``columns``: indices from 0 of those that were read, in the
    order of the values. ``values``: row by row, ``rows`` × ``len(columns)`` numbers. ``skip_rows``: 1 if the first record
    that is not blank is a header, else 0. ``sha256``: of the bytes of the file. ``file``: its name without folder.
    ``unnamed``: indices of columns whose cell in the header is empty. ``targets``: how many columns, the last ones, are
    targets; ``labels``: the texts of one further column that holds names of classes. ``is_plain``: whether proofs/FORMAT.md,
    section 2, reads the same numbers from the file. ``report``: how it was read, for a person.
    """

    names: tuple[str, ...]
    has_header: bool
    delimiter: str
    skip_rows: int
    rows: int
    columns: tuple[int, ...]
    values: Sequence[Fraction | int] = field(repr=False)
    sha256: str
    file: str
    unnamed: tuple[int, ...] = ()
    targets: int = 0
    labels: tuple[str, ...] | None = field(default=None, repr=False)
    is_plain: bool = field(default=True, compare=False)
    report: CsvReport | None = field(default=None, repr=False, compare=False)


def parse_csv(
    stream: io.BytesIO,
    file: str,
    *,
    columns: Sequence[Column] | None = None,
    drop: Sequence[Column] = (),
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> CsvTable:
    r"""The table in the bytes of `stream`, which is closed to give its memory back early.

    Parameters: `file` names the bytes in error messages; `columns` are the columns to read (all by default) and `drop` those
    to leave out, each by name or, if no name is like that, by number from 1; cells of other columns may hold anything.
    `progress` hears the number of rows now and then. `options` are those of `Reading`: `header` tells whether the first record
    holds names, `delimiter` what parts cells (one of ``,`` ``;`` ``|`` tab space), and so on; both are found out by default.
    Returns: a `CsvTable` of rows × columns; plain integers stay int, everything else is a Fraction.
    Exactness: exact; nothing is rounded, guessed or filled in.
    Raises: `InputError` with file, line, column and text: no such column, no UTF-8, records of unequal length, missing cells,
    cells that are no numbers of at most 4,000 characters. Source: proofs/FORMAT.md, section 2.

    >>> table = parse_csv(io.BytesIO(b"a;b\n1;1e-3\n\n2;-3/7\n"), "t.csv")
    >>> table.names, table.delimiter, table.skip_rows, table.values
    (('a', 'b'), ';', 1, (1, Fraction(1, 1000), 2, Fraction(-3, 7)))
    """
    with stream:
        sheet = open_sheet(stream, file, reading_from(options, file), PYTHON)
        names = sheet.names
        away = set(find_columns(names, drop, file))
        wanted = range(len(names)) if columns is None else find_columns(names, columns, file)
        skipped = sheet.left_out if columns is None else ()
        chosen = tuple(sorted(set(wanted) - away - set(skipped)))
        if not chosen:
            raise InputError("no column is left to read", file=file, fix="drop fewer columns")
        check_names(names, chosen, file)
        watched = tuple(c for c in sheet.empty if columns is None and c not in away)
        return _table(sheet, Plan(chosen, watched=watched), progress)


def parse_samples(
    stream: io.BytesIO,
    file: str,
    target: Sequence[Column],
    *,
    inputs: Sequence[Column] | None = None,
    drop: Sequence[Column] = (),
    weight: Column | None = None,
    progress: Callable[[int], None] | None = None,
    reading: Reading,
    voice: Voice = PYTHON,
) -> CsvTable:
    """The table in the bytes of `stream`, with its columns parted into inputs and targets.

    Parameters: as `parse_csv`; `target` and `inputs` (all others, by default) name columns; `reading` says how the text is read;
    to `voice` the messages speak. Returns: a `CsvTable` whose columns are the inputs and then the targets; a target of classes
    is no column but stands in `labels`;
    a column of sample weights, `weight`, is the last one and counts as a target. Exactness, Raises, Source: as `parse_csv`.

    >>> parse_samples(io.BytesIO(b"a,b,y\\n1,2,no\\n3,4,yes\\n"), "t.csv", ["y"], reading=Reading(classes=True)).labels
    ('no', 'yes')
    """
    with stream:
        sheet = open_sheet(stream, file, reading, voice)
        chosen = choose_columns(sheet.names, target, inputs, drop, sheet.left_out, file, voice, weight)
        if reading.classes and len(chosen.targets) > 1:
            fix = "name one target, or one column of numbers for each output"
            raise InputError("classes stand in one target column", file=file, fix=fix)
        weighing = () if chosen.weight is None else (chosen.weight,)
        used = (*chosen.targets, *chosen.dropped, *weighing)
        watched = tuple(c for c in sheet.empty if inputs is None and c not in used)
        numbers = () if reading.classes else chosen.targets
        labels = chosen.targets[0] if reading.classes else None
        plan = Plan((*chosen.inputs, *numbers, *weighing), len(numbers) + len(weighing), labels, watched, inputs is None)
        return _table(sheet, plan, progress)


def _table(sheet: Sheet, plan: Plan, progress: Callable[[int], None] | None) -> CsvTable:
    values, classes, ends, dropped = _values(sheet, plan, progress)
    names, notes = sheet.names, [*sheet.notes, *_number_notes(sheet.reading)]
    if dropped:
        listed = ", ".join(map(str, dropped[:8])) + (", …" if len(dropped) > 8 else "")
        what, where = ("row", "line") if len(dropped) == 1 else ("rows", "lines")
        notes.append(f"{len(dropped)} {what} with missing cells left out ({where} {listed})")
    first, last = (tuple((names[c], record[c].strip()) for c in plan.read) for record in ends)
    report = CsvReport(
        Path(sheet.file).name,
        len(values) // len(plan.columns),
        sheet.has_header,
        sheet.header,
        sheet.delimiter,
        tuple(names[c] for c in plan.read[: plan.inputs]),
        tuple(names[c] for c in plan.read[plan.inputs :]),
        first,
        last,
        tuple(notes),
    )
    plain = sheet.is_plain and sheet.reading.has_plain_numbers and not dropped
    return CsvTable(
        names, sheet.has_header, sheet.delimiter, sheet.skip_rows, report.rows, plan.columns, tuple(values), sheet.sha256,
        report.file, sheet.unnamed, plan.targets, None if plan.labels is None else tuple(classes), plain, report,
    )  # fmt: skip


def _number_notes(reading: Reading) -> list[str]:
    told = {
        "a comma stands before decimals": reading.decimal == ",",
        f"{reading.thousands} parts groups of thousands": reading.thousands,
        "12% is 12/100": reading.percent,
        f"{reading.currency} was passed over": reading.currency,
        "true and yes are 1, false and no are 0": reading.booleans,
        "− is a minus sign, and no-break spaces were passed over": reading.typographic,
    }
    return [note for note, said in told.items() if said]


def _values(
    sheet: Sheet, plan: Plan, progress: Callable[[int], None] | None
) -> tuple[list[Fraction | int], list[str], tuple[list[str], list[str]], list[int]]:
    """The numbers of all records, the labels, the first and last record that was kept, and the lines of those that were not."""
    number, values, classes, dropped = number_reader(sheet.reading), list[Fraction | int](), list[str](), list[int]()
    chosen, labels = plan.columns, plan.labels
    pick: Callable[[list[str]], Sequence[str]] = itemgetter(*chosen)
    if len(chosen) == 1:
        pick = itemgetter(slice(chosen[0], chosen[0] + 1))
    first, last, rows, width = list[str](), list[str](), 0, len(sheet.names)
    for rows, (line, record) in enumerate(sheet.records(), start=1):
        if len(record) != width:
            problem = f"this record has {len(record)} cells, expected {width} as in line {sheet.begin}"
            fix = f"complete the record, name the right delimiter, or pass over the line ({sheet.voice.option('skip', line)})"
            raise InputError(problem, file=sheet.file, line=line, text=record[0] if record else "", fix=fix)
        for column in plan.watched:
            if record[column].strip():
                raise _late(sheet, column, line, record[column])
        try:
            found = list(map(number, pick(record)))
            if labels is not None and record[labels].strip().lower() in MISSING:
                raise InputError("the cell is missing")
        except InputError:
            if sheet.reading.missing == "drop" and any(record[c].strip(" \t").lower() in MISSING for c in plan.read):
                dropped.append(line)
                continue
            raise refusal(sheet, record, line, plan) from None
        values += found
        if labels is not None:
            classes.append(record[labels].strip())
        first, last = first or record, record
        if progress and rows % _STEP == 0:
            progress(rows)
    if progress and rows % _STEP:
        progress(rows)
    if not values:
        raise InputError("every row has a missing cell", file=sheet.file, fix="leave out the column where they are missing")
    return values, classes, (first, last), dropped


def _late(sheet: Sheet, column: int, line: int, text: str) -> InputError:
    call = sheet.voice.column(sheet.names, column)
    fix = f"leave it out ({sheet.voice.option('drop', call)}), or give it a name in the header"
    problem = "this cell stands in a column that has no name and holds nothing above"
    return InputError(problem, file=sheet.file, line=line, column=sheet.names[column], text=text, fix=fix)


def load_bytes(path: str | os.PathLike[str]) -> io.BytesIO:
    """The bytes of a file.

    Parameters: `path`. Exactness: as they are. Raises: `InputError` with the nearest name if there is no such file.
    Source: none.
    """
    where = Path(path)
    try:
        return io.BytesIO(where.read_bytes())
    except FileNotFoundError:
        problem, fix = "there is no such file", f"there is no folder {str(where.parent)!r}"
        if where.parent.is_dir():
            suggestion = nearest(where.name, sorted(os.listdir(where.parent)))
            fix = f"{suggestion}it was looked for in {where.parent.resolve()}"
            bundled = where.name.lower() if where.name.lower() in BUNDLED else ""
            if bundled:
                fix += f"; the bundled data set is Data.bundled({bundled!r}, target)"
    except IsADirectoryError:
        problem, fix = "this is a folder, not a CSV file", "name a file in it"
    except (OSError, ValueError) as error:
        problem, fix = f"the file cannot be read ({error})", "check the path"
    raise InputError(problem, file=os.fspath(path), fix=fix)


__all__ = ["CsvTable", "find_column", "load_bytes", "parse_csv", "parse_samples"]
