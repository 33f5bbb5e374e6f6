"""Data files that a certificate names by their SHA-256 (FORMAT.md, section 2)."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from .document import Field, at, one_of
from .effort import allow
from .rational import MemoisedNumbers, Rational, cell_number
from .table import Table

DELIMITERS = (",", ";", "|", "\t", " ")
MAX_DATA_BYTES = 1 << 30
_BLOCK = 4096  # records that are held as fractions at a time
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class _Source:
    """The fields of `csv`, checked as far as possible without the file."""

    file: Field
    sha256: str
    delimiter: bytes
    skip_rows: int
    samples: int
    columns: list[int]


def read_csv(csv: Field, inputs: int, outputs: int, folder: str | os.PathLike[str] | None) -> tuple[Table, Table]:
    """The tables x and y of a referenced file."""
    names = ("file", "sha256", "delimiter", "skip_rows", "samples", "x", "y")
    file, sha256, delimiter, skip_rows, samples, x, y = csv.fields(*names)
    name = file.text()
    if name in ("", ".", "..") or set(name) & set("/\\\0") or os.path.splitdrive(name)[0]:
        raise file.reject("expected a bare file name, without a folder")
    if not _SHA256.fullmatch(sha256.text()):
        raise sha256.reject("expected 64 lower-case hexadecimal digits")
    columns: dict[int, None] = {}
    for field in (*x.items(inputs), *y.items(outputs)):
        if field.size() in columns:
            raise field.reject("a column is used once only")
        columns[field.size()] = None
    character = one_of(delimiter, DELIMITERS).encode()
    source = _Source(file, sha256.text(), character, skip_rows.size(), samples.size(1), list(columns))
    raw = _read_bytes(source, folder)
    allow(len(raw))
    if hashlib.sha256(raw).hexdigest() != source.sha256:
        raise sha256.reject("the data file has another SHA-256")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise file.reject(f"the data file is not UTF-8 (byte {error.start})") from None
    with at(file.place):
        table = _table(source, raw.removeprefix(b"\xef\xbb\xbf"))
        return _part(table, slice(None, inputs)), _part(table, slice(inputs, None))


def _read_bytes(source: _Source, folder: str | os.PathLike[str] | None) -> bytes:
    if folder is None:
        raise source.file.reject("the data is in a file: give the folder that holds it (--data FOLDER, data_folder=…)")
    try:
        path = os.path.join(os.fspath(folder), source.file.text())
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # a pipe would block, a device has no end
            raise source.file.reject("the data file is not a regular file")
        if status.st_size > MAX_DATA_BYTES:
            raise source.file.reject(f"the data file is longer than {MAX_DATA_BYTES} bytes")
        with open(path, "rb") as stream:
            return stream.read(MAX_DATA_BYTES + 1)
    except FileNotFoundError:
        raise source.file.reject("no such data file; name the folder that holds it with --data FOLDER") from None
    except (OSError, UnicodeEncodeError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used here"
        raise source.file.reject(f"the data file cannot be read: {reason}") from None


def _part(table: Table, columns: slice) -> Table:
    return Table([row[columns] for row in table.rows], table.denominators[columns], table.bits)


def _table(source: _Source, raw: bytes) -> Table:
    records = islice(_records(raw, source.delimiter), source.skip_rows, None)
    cells = MemoisedNumbers(cell_number)
    blocks: list[Table] = []
    count, width = 0, 0
    while block := list(islice(records, _BLOCK)):
        rows: list[list[Rational]] = []
        width = width or len(block[0])
        if (largest := max(source.columns)) >= width:
            raise ValueError(f"there is no column {largest}; the records have {width} cells, counted from 0")
        for record in block:
            count += 1
            if len(record) != width:
                raise ValueError(f"sample {count - 1} has {len(record)} cells, the ones before have {width}")
            rows.append(_row(record, source.columns, cells, count - 1))
        if count > source.samples:
            break
        blocks.append(Table.of_rows(rows))
    if count != source.samples:
        more = "more" if count > source.samples else f"{count}"
        raise ValueError(f"expected {source.samples} samples, the data file has {more}")
    return Table.joined(blocks)


def _row(record: list[bytes], columns: list[int], cells: MemoisedNumbers[bytes], sample: int) -> list[Rational]:
    try:
        return [cells[record[column]] for column in columns]
    except ValueError:
        for column in columns:
            try:
                cell_number(record[column])
            except ValueError as error:
                raise ValueError(f"sample {sample}, column {column}: {error}") from None
        raise


def _records(raw: bytes, delimiter: bytes) -> Iterator[list[bytes]]:
    """The cells of every record that is not blank."""
    blank = delimiter + b" \t"
    lines = iter(raw.splitlines())  # of bytes: at LF, CRLF and CR only
    line: bytes | None
    for line in lines:
        if b'"' in line:
            parts = [line]
            quotes = line.count(b'"')
            while quotes % 2:  # a line end inside quotes
                if (line := next(lines, None)) is None:
                    raise ValueError("the data file ends inside quotes")
                parts.append(line)
                quotes += line.count(b'"')
            cells = _quoted_cells(b"\n".join(parts), delimiter)
            if any(cell.strip(b" \t") for cell in cells):
                yield cells
        elif not line.strip(blank):
            continue
        elif delimiter == b" ":
            yield list(filter(None, line.replace(b"\t", b" ").split(b" ")))
        else:
            yield line.split(delimiter)


def _quoted_cells(record: bytes, delimiter: bytes) -> list[bytes]:
    """The cells of a record with quotes; a quoted cell must be quoted from its first to its last character."""
    blanks = delimiter == b" "
    ends = rb" \t" if blanks else re.escape(delimiter)
    cell = re.compile(rb'(?:"([^"]*+(?:""[^"]*+)*+)"|([^"%b]*+))([%b]%b|\Z)' % (ends, ends, b"++" if blanks else b""))
    record = record.strip(b" \t") if blanks else record
    cells = []
    position = 0
    while True:
        match = cell.match(record, position)
        if match is None:
            raise ValueError(f"a stray quotation mark in the record that begins {ascii(record[:30])[1:]}")
        quoted, plain, end = match.groups()
        cells.append(plain if quoted is None else quoted.replace(b'""', b'"'))
        if not end:
            return cells
        position = match.end()
