"""CSV files, read exactly: "5.1" is 51/10, and what is not a number is refused at its place."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from operator import itemgetter
from pathlib import Path

from exactsurf.errors import InputError, nearest, shorten
from exactsurf.exact.number import MAX_TEXT, exact
from exactsurf.model.bundled_data import BUNDLED
from exactsurf.model.csv_records import DELIMITERS, MISSING, find_delimiter, iterate_records, open_text

_WORDS = {"tab": "\t", "\\t": "\t", "space": " "}  # a tab is hard to type in a terminal
_INTEGER = re.compile(r"[+-]?[0-9]+")
# What was meant as a number: those of the grammar, and 1,5 or 1 000 or 1_000 or $5 or 5% or inf, which are refused.
_ATTEMPT = re.compile(r"[+-]?(?:[$€]?[0-9.,_/ ']*[0-9][0-9.,_/ ']*(?:e[+-]?[0-9]+)?%?|inf|infinity|0x[0-9a-f]+)", re.I)
_MEMO = 1 << 16  # numbers remembered by their text: pixels have 256 different texts, measurements a few thousand
_MEMO_TEXT = 32  # longer texts hardly repeat, and would take memory without a bound
_STEP = 1000  # rows between two calls of `progress`


@dataclass(frozen=True)
class CsvTable:
    """The numbers of a CSV file and how they were found in it.

    ``names``: of all columns (``x1``, ``x2``, … without a header). ``columns``: indices from 0, ascending, of those
    that were read. ``values``: row by row, ``rows`` × ``len(columns)`` numbers. ``skip_rows``: 1 if the first record
    that is not blank is a header, else 0. ``sha256``: of the bytes of the file. ``file``: its name without folder.
    ``unnamed``: indices of columns whose cell in the header is empty.
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


def read_csv(
    path: str | os.PathLike[str],
    *,
    columns: Sequence[str | int] | None = None,
    drop: Sequence[str | int] = (),
    header: bool | None = None,
    delimiter: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> CsvTable:
    """The table in the file `path`, exactly.

    Parameters: `columns` are the columns to read (all by default) and `drop` those to leave out, each by name or, if no
    name is like that, by number from 1; cells of other columns may hold anything. `header` tells whether the first
    record holds names (by default: whether some cell of it that would be read is text), `delimiter` what parts cells
    (one of ``,`` ``;`` ``|`` tab space; found out by default). `progress` hears the number of rows now and then.
    Returns: a `CsvTable` of rows × columns; plain integers stay int, everything else is a Fraction.
    Exactness: exact; nothing is rounded, guessed or filled in.
    Raises: `InputError` with file, line, column and text: no such file or column, no UTF-8, records of unequal length,
    missing cells, cells that are no numbers of at most 4,000 characters.
    Source: proofs/FORMAT.md, section 2.

    >>> from exactsurf.model.bundled_data import bundled_path
    >>> table = read_csv(bundled_path("iris"), drop=["species"])
    >>> table.rows, table.columns, table.values[:4]
    (150, (0, 1, 2, 3), (Fraction(51, 10), Fraction(7, 2), Fraction(7, 5), Fraction(1, 5)))
    """
    file, stream = os.fspath(path), _load(path)
    return parse_csv(stream, file, columns=columns, drop=drop, header=header, delimiter=delimiter, progress=progress)


def parse_csv(
    stream: io.BytesIO,
    file: str,
    *,
    columns: Sequence[str | int] | None = None,
    drop: Sequence[str | int] = (),
    header: bool | None = None,
    delimiter: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> CsvTable:
    r"""The table in the bytes of `stream`, which is closed to give its memory back early.

    Parameters: `file` names the bytes in error messages; the others are those of `read_csv`.
    Returns, Exactness, Raises, Source: as `read_csv`, without the file system.

    >>> table = parse_csv(io.BytesIO(b"a;b\n1;1e-3\n\n2;-3/7\n"), "t.csv")
    >>> table.names, table.delimiter, table.skip_rows, table.values
    (('a', 'b'), ';', 1, (1, Fraction(1, 1000), 2, Fraction(-3, 7)))
    """
    with stream:
        sha256, text = hashlib.sha256(stream.getvalue()).hexdigest(), open_text(stream, file)
        separator = find_delimiter(text, file) if delimiter is None else _WORDS.get(delimiter, delimiter)
        if separator not in DELIMITERS:
            raise InputError("not a delimiter", file=file, text=separator, fix="use one of , ; | tab space")
        records = iterate_records(text, separator, file)
        line, first = next(records, (0, []))
        if not first:
            raise InputError("the file is empty", file=file, fix="at least one row of numbers is needed")
        named = _has_header(first, columns, drop) if header is None else header
        cells = [name.strip() if named else "" for name in first]
        names = tuple(name or f"x{i}" for i, name in enumerate(cells, start=1))
        chosen = _chosen(names, columns, drop, file)
        rows = records if named else chain([(line, first)], records)
        doubt = line if header is None and not named else 0
        values = _values(rows, names, chosen, file, line, doubt, progress)
    if not values:
        raise InputError("there is a header but no data", file=file, fix="at least one row of numbers is needed")
    count = len(values) // len(chosen)
    unnamed = tuple(i for i, cell in enumerate(cells) if named and not cell)
    return CsvTable(names, named, separator, int(named), count, chosen, tuple(values), sha256, Path(file).name, unnamed)


def find_column(names: Sequence[str], wanted: str | int, file: str) -> int:
    """The index, from 0, of the column that `wanted` names.

    Parameters: `names` of all columns; `wanted` a name or, if there is no such name, a number from 1 (an int or text);
    `file` for the message. Exactness: no name is guessed.
    Raises: `InputError` if there is no such column (the nearest name is suggested) or more than one.
    Source: the docstring of `exactsurf.errors`.

    >>> find_column(["age", "bmi"], "bmi", "t.csv"), find_column(["age", "bmi"], "1", "t.csv")
    (1, 0)
    """
    text = str(wanted).strip()
    found = [i for i, name in enumerate(names) if name == text]
    if len(found) > 1:
        fix = f"give its number: {' or '.join(str(i + 1) for i in found)}"
        raise InputError(f"{len(found)} columns have this name", file=file, column=text, fix=fix)
    if found:
        return found[0]
    if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= len(names):
        return int(text) - 1
    listed = ", ".join(map(shorten, names[:20])) + (", …" if len(names) > 20 else "")
    fix = f"{nearest(text, names)}the columns are {listed}; or give a number from 1 to {len(names)}"
    raise InputError("there is no such column", file=file, column=shorten(text), fix=fix)


def _load(path: str | os.PathLike[str]) -> io.BytesIO:
    where = Path(path)
    try:
        return io.BytesIO(where.read_bytes())
    except FileNotFoundError:
        problem, fix = "there is no such file", f"there is no folder {str(where.parent)!r}"
        if where.parent.is_dir():
            suggestion = nearest(where.name, sorted(os.listdir(where.parent)))
            fix = f"{suggestion}it was looked for in {where.parent.resolve()}"
            if where.name in BUNDLED:
                fix += f"; the bundled data set is Data.bundled({where.name!r}, target)"
    except IsADirectoryError:
        problem, fix = "this is a folder, not a CSV file", "name a file in it"
    except (OSError, ValueError) as error:
        problem, fix = f"the file cannot be read ({error})", "check the path"
    raise InputError(problem, file=os.fspath(path), fix=fix)


def _has_header(first: Sequence[str], columns: Sequence[str | int] | None, drop: Sequence[str | int]) -> bool:
    """Whether the first record holds names: a column is called by one of them, or a cell to be read is text.

    A cell that is missing, or looks like a number that went wrong, is not taken for a name: that would lose a sample.
    """
    cells = [cell.strip() for cell in first]
    kept = None if columns is None else [str(item).strip() for item in columns]
    dropped = [str(item).strip() for item in drop]
    if any(text in cells and not _ATTEMPT.fullmatch(text) for text in (*(kept or ()), *dropped)):
        return True
    for i, cell in enumerate(cells, start=1):
        calls = (f"x{i}", str(i))
        read = (kept is None or any(call in kept for call in calls)) and not any(call in dropped for call in calls)
        if read and cell.lower() not in MISSING and not _ATTEMPT.fullmatch(cell):
            return True
    return False


def _chosen(
    names: Sequence[str],
    columns: Sequence[str | int] | None,
    drop: Sequence[str | int],
    file: str,
) -> tuple[int, ...]:
    wanted = range(len(names)) if columns is None else [find_column(names, item, file) for item in columns]
    chosen = tuple(sorted(set(wanted) - {find_column(names, item, file) for item in drop}))
    if not chosen:
        raise InputError("no column is left to read", file=file, fix="drop fewer columns")
    name, times = Counter(names[i] for i in chosen).most_common(1)[0]
    if times > 1:
        numbers = ", ".join(str(i + 1) for i in chosen if names[i] == name)
        fix = f"rename them, or drop all but one by number ({numbers})"
        raise InputError(f"{times} columns have this name", file=file, column=name, fix=fix)
    return chosen


class _Numbers(dict[str, Fraction | int]):
    """From the text of a cell to its number; frequent texts share one object."""

    def __missing__(self, text: str) -> Fraction | int:
        value = _number(text)
        if len(self) < _MEMO and len(text) <= _MEMO_TEXT:
            self[text] = value
        return value


def _number(text: str) -> Fraction | int:
    stripped = text.strip(" \t")
    if len(stripped) <= MAX_TEXT and _INTEGER.fullmatch(stripped):
        return int(stripped)
    if "x" in stripped:  # `exact` reads hexadecimal; proofs/FORMAT.md does not allow it in CSV files
        raise InputError("not a number")
    return exact(stripped)


def _values(
    records: Iterator[tuple[int, list[str]]],
    names: Sequence[str],
    chosen: tuple[int, ...],
    file: str,
    start: int,
    doubt: int,
    progress: Callable[[int], None] | None,
) -> list[Fraction | int]:
    """The numbers of all records; `start` is the line of the first record, and also `doubt` if it could be a header."""
    number, values, rows = _Numbers().__getitem__, list[Fraction | int](), 0
    pick: Callable[[list[str]], Sequence[str]] = itemgetter(*chosen)
    if len(chosen) == 1:
        pick = itemgetter(slice(chosen[0], chosen[0] + 1))
    for rows, (line, record) in enumerate(records, start=1):
        if len(record) != len(names):
            problem = f"this record has {len(record)} cells, expected {len(names)} as in line {start}"
            fix = "complete the record, or name the right delimiter"
            raise InputError(problem, file=file, line=line, text=record[0], fix=fix)
        try:
            values.extend(map(number, pick(record)))
        except InputError:
            raise _refusal(record, names, chosen, file, line, line == doubt) from None
        if progress and rows % _STEP == 0:
            progress(rows)
    if progress and rows % _STEP:
        progress(rows)
    return values


def _refusal(
    record: Sequence[str],
    names: Sequence[str],
    chosen: Sequence[int],
    file: str,
    line: int,
    doubt: bool,
) -> InputError:
    """The error about the first cell of `record` that is no number."""
    text, problem = "", ""
    for i in chosen:
        try:
            _number(record[i])
        except InputError as error:
            text, problem = record[i].strip(" \t"), error.problem
            break
    fix = "write numbers like 5.1, 1e-3 or -3/7"
    if text.lower() in MISSING:
        problem, fix = "the cell is missing", "fill it in, leave out the row"
    elif "," in text and _ATTEMPT.fullmatch(text):
        problem, fix = "a comma in a number", "write a decimal point (5.1 for 5,1) and nothing between thousands"
    elif _ATTEMPT.fullmatch(text) and text.lower().lstrip("+-").startswith("inf"):
        problem = "not a finite number"
    fix += f", or leave out the column (--drop {shlex.quote(shorten(names[i]))})"
    fix += ", or say header=True if this line holds the names" if doubt else ""
    return InputError(problem, file=file, line=line, column=names[i], text=record[i], fix=fix)
