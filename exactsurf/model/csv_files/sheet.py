"""A CSV file with its lines, delimiter and header settled, before a column is chosen or a number read."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TextIO

from exactsurf.errors import InputError
from exactsurf.model.csv_files.header import SAMPLE, Guess, guess_header, is_text
from exactsurf.model.csv_files.reading import Reading
from exactsurf.model.csv_files.records import Lines, Preamble, find_delimiter, find_preamble, iterate_records
from exactsurf.model.csv_files.text import open_text
from exactsurf.model.csv_files.voice import Voice


@dataclass(frozen=True)
class Sheet:
    """What is known of a table before its numbers are read.

    Attributes: `names` of all columns (``x1``, ``x2``, … without a header); `unnamed`, indices of columns whose cell in the
    header is empty; `left_out`, indices of columns that hold nothing, or names of rows only; `empty`, the former; `has_header`,
    and `header`, how that is known (`header_is_guess`: not because it was said); `delimiter`; `begin`, the line of the first
    record; `skip_rows`, 1 if that is a header, else 0; `sample`, the first samples, each with its line; `notes`, what was done
    to the lines; `is_plain`, whether proofs/FORMAT.md, section 2, says the same records; `sha256` of the bytes.
    Exactness: texts of the file. Source: docs/guide/tables.md.
    """

    text: TextIO
    file: str
    voice: Voice
    reading: Reading
    lines: Lines
    names: tuple[str, ...]
    unnamed: tuple[int, ...]
    left_out: tuple[int, ...]
    empty: tuple[int, ...]
    has_header: bool
    header: str
    header_is_guess: bool
    delimiter: str
    begin: int
    skip_rows: int
    sample: tuple[tuple[int, list[str]], ...]
    notes: tuple[str, ...]
    is_plain: bool
    sha256: str

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The samples, each with the number of its line."""
        found = iterate_records(self.text, self.delimiter, self.file, lines=self.lines)
        return islice(found, self.skip_rows, None)


def open_sheet(stream: io.BytesIO, file: str, reading: Reading, voice: Voice) -> Sheet:
    r"""The table in the bytes of `stream`, with what is found out about it.

    Parameters: `stream`; `file` names the bytes in error messages; `reading`, what a person says; `voice` of the messages.
    Exactness: what is found out depends on the file and on `reading` only, not on the columns that are read.
    Raises: `InputError` with file and line: no text, an empty file, a first record that could be names or a sample.
    Source: docs/guide/tables.md; proofs/FORMAT.md, section 2.

    >>> from exactsurf.model.csv_files.voice import PYTHON
    >>> sheet = open_sheet(io.BytesIO(b"# hours\nt,v\n0,1.5\n"), "t.csv", Reading(), PYTHON)
    >>> sheet.names, sheet.notes, list(sheet.records())
    (('t', 'v'), ('line 1 was passed over as a comment',), [(3, ['0', '1.5'])])
    """
    reading.check(file, voice)
    sha256, text = hashlib.sha256(stream.getvalue()).hexdigest(), open_text(stream, file, reading.encoding, voice)
    told = Lines(reading.lines(), reading.comment or "", reading.quote)
    before = find_preamble(text, told, comments=reading.comment is None)
    lines = replace(told, skip=told.skip | set(before.lines))
    _check_skipped(text, told, file)
    delimiter = reading.separator or before.separator or find_delimiter(text, file, lines)
    records = iterate_records(text, delimiter, file, lines=lines)
    sample = list(islice(records, SAMPLE + 1))
    if not sample:
        raise InputError("the file is empty", file=file, fix="at least one row of numbers is needed")
    begin, first = sample[0]
    guess = guess_header([record for _, record in sample])
    above = _names_in_comment(before, delimiter, lines, sample, reading, guess, file, voice)
    named = guess.has_header if reading.header is None and above is None else bool(reading.header)
    if named is None:
        problem = f"the first record could hold the names of the columns or a sample: {guess.reason}"
        fix = f"say {voice.option('header', True)} if it holds names, {voice.option('header', False)} if it is a sample"
        raise InputError(problem, file=file, line=begin, text=delimiter.join(first), fix=fix)
    samples = sample[1:] if named else sample
    cells, rows, notes = _column_names(first if named else above or [""] * len(first), guess if named else None)
    if not samples:
        raise InputError("there is a header but no data", file=file, fix="at least one row of numbers is needed")
    empty = tuple(
        k
        for k in range(len(cells))
        if not cells[k] and (named or k == len(cells) - 1) and all(k >= len(row) or not row[k].strip() for _, row in samples)
    )
    if len(empty) == len(cells):
        empty = ()
    for column in empty:
        notes.append(f"column {column + 1} has no name and holds nothing, and is left out")
    reason = guess.reason if reading.header is None else "as was said"
    return Sheet(
        text, file, voice, reading, lines,
        tuple(name or (f"column {k}" if f"x{k}" in cells else f"x{k}") for k, name in enumerate(cells, start=1)),
        tuple(k for k, cell in enumerate(cells) if named and not cell and k not in rows),
        (*rows, *empty),
        empty,
        named or above is not None,
        "in the line of comment above the first record" if above is not None else reason,
        reading.header is None,
        delimiter,
        begin,
        int(named),
        tuple(samples),
        (*_line_notes(before, reading), *notes),
        not (before.lines or told.skip or told.comment or reading.encoding or reading.quote != '"'),
        sha256,
    )  # fmt: skip


def _column_names(first: Sequence[str], guess: Guess | None) -> tuple[list[str], tuple[int, ...], list[str]]:
    """The names that a header gives, "" where it gives none; the columns with names of rows; notes."""
    cells = [name.strip() for name in first]
    if guess is None or not guess.lacks:
        return cells, (), []
    if guess.lacks == "first":
        note = "the header has one cell less than the rows; column 1 holds names of rows, and is left out"
        return ["", *cells], (0,), [note]
    return [*cells, ""], (), []


def _names_in_comment(
    before: Preamble,
    delimiter: str,
    lines: Lines,
    sample: Sequence[tuple[int, list[str]]],
    reading: Reading,
    guess: Guess,
    file: str,
    voice: Voice,
) -> list[str] | None:
    """The names of the columns, where the last line of comment before a table without a header holds them."""
    if not before.comments or reading.header is not None:
        return None
    body = before.last.lstrip("# \t")
    cells = next(csv.reader([body], delimiter=delimiter, quotechar=lines.quote, skipinitialspace=delimiter == " "), [])
    cells, first = [cell.strip() for cell in cells], sample[0][1]
    if len(cells) != len(first) or len(cells) < 2 or guess.has_header:
        return None
    if all(map(is_text, cells)):
        return cells
    if sum(map(is_text, cells)) * 2 <= len(cells):
        problem = "the line before the first record could be a comment or a sample"
        fix = f"say {voice.option('comment', '#')} if lines that begin with # are comments, else {voice.option('comment', '')}"
        raise InputError(problem, file=file, line=before.comments[-1], text=before.last, fix=fix)
    return None


def _check_skipped(text: TextIO, told: Lines, file: str) -> None:
    if told.skip:
        text.seek(0)
        count = sum(1 for _ in text)
        if max(told.skip) > count:
            raise InputError(f"there is no line {max(told.skip)} to pass over", file=file, fix=f"the file has {count} lines")


def _line_notes(before: Preamble, reading: Reading) -> list[str]:
    notes = []
    if before.separator is not None:
        notes.append("line 1 (sep=) names the delimiter")
    if before.comments:
        notes.append(f"{_lines(before.comments)} passed over as {'a comment' if len(before.comments) == 1 else 'comments'}")
    if reading.comment:
        notes.append(f"lines that begin with {reading.comment} were passed over")
    if reading.skip:
        notes.append(f"{_lines(sorted(reading.lines()))} passed over, as was said")
    if reading.encoding:
        notes.append(f"the text was read as {reading.encoding}")
    if reading.quote != '"':
        notes.append(f"{reading.quote} is the quotation mark")
    return notes


def _lines(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]} was"
    listed = ", ".join(map(str, numbers[:8])) + (", …" if len(numbers) > 8 else "")
    return f"lines {listed} were"
