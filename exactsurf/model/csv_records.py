"""From the bytes of a CSV file to its records: encoding, line ends, quotes and delimiters, before any number is read.

The verifier splits the same bytes again, by other code and from the delimiter alone (proofs/FORMAT.md, section 2), so
whatever two honest readers could split differently is refused here.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import TextIO

from exactsurf.errors import InputError

DELIMITERS = (",", ";", "\t", "|", " ")
"""The delimiters of proofs/FORMAT.md; a space stands for runs of spaces and tabs. On a draw the earlier one wins."""

MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing", "?", "-", "."))
"""What cells without a value hold, in lower case."""

# A decimal comma counts as a number here: "1,5;2,5" is cut at the semicolon, and then refused with the right advice.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*|,[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?[0-9]+/[0-9]+")
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel or zip file; export the table as CSV",
    b"\x1f\x8b": "a file compressed with gzip; unpack it first",
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
}
_SAMPLE = 100  # records that decide about the delimiter


def open_text(stream: io.BytesIO, file: str) -> TextIO:
    """The text in `stream`, with its line ends as they are.

    Parameters: `stream` holds the bytes of the file that errors call `file`. Exactness: no character is replaced.
    Raises: `InputError` with the byte position if this is not UTF-8 (a byte order mark is fine) or holds zero bytes.
    Source: proofs/FORMAT.md, section 2.

    >>> open_text(io.BytesIO(b"\\xef\\xbb\\xbf1,2"), "t.csv").read()
    '1,2'
    """
    data = stream.getvalue()
    for magic, what in _OTHER_FORMATS.items():
        if data.startswith(magic):
            raise InputError(f"this is no CSV text: it looks like {what}", file=file)
    position, reason = data.find(0), "is zero, as in binary files"
    if position < 0 and not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            position, reason = error.start, f"(0x{data[error.start]:02x}) is not UTF-8"
    if position >= 0:
        line = len(re.findall(rb"\r\n?|\n", data[:position])) + 1
        problem = f"byte {position} {reason} (bytes are counted from 0)"
        raise InputError(problem, file=file, line=line, fix="save the table as CSV in UTF-8")
    return io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")


def iterate_records(text: TextIO, delimiter: str, file: str, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    r"""The records from the beginning of `text` that are not blank, each with the number of the line it starts in.

    Parameters: `delimiter`, one of `DELIMITERS`; `file` for messages; without `strict`, quotation marks in wrong places
    are taken somehow, which is good enough for looking. Exactness: cells as they are, without the quotes around them.
    Raises: `InputError` at a quoted cell that is not closed or is only partly quoted.
    Source: proofs/FORMAT.md, section 2.

    >>> list(iterate_records(io.StringIO('a;"b;\n"\n;\n1;2\n', newline=""), ";", "t.csv"))
    [(1, ['a', 'b;\n']), (4, ['1', '2'])]
    """
    text.seek(0)
    taken: list[str] = []  # the lines of the current record
    space = delimiter == " "
    reader = csv.reader(_noted(text, space, taken), delimiter=delimiter, skipinitialspace=space, strict=strict)
    quoted = _quoted_record(delimiter)
    while True:
        line, problem = reader.line_num + 1, ""
        taken.clear()
        try:
            record = next(reader, None)
            if record is None:
                return
            raw = "".join(taken)
            if strict and '"' in raw and not quoted.fullmatch(raw):
                problem = "a quotation mark stands inside a cell"
        except csv.Error as error:
            problem = f"the record cannot be split into cells: {error}"
        if problem:
            fix = 'quote cells from delimiter to delimiter, and write "" for a quotation mark inside'
            fix = "is this the right delimiter, and is every quoted cell closed?" if "limit" in problem else fix
            raise InputError(problem, file=file, line=line, text="".join(taken).rstrip("\r\n"), fix=fix)
        if any(cell.strip(" \t") for cell in record or ()):
            yield line, record or []


def find_delimiter(text: TextIO, file: str) -> str:
    r"""The delimiter that cuts the first records into equally many cells, as many of them numbers as possible.

    A single column has no delimiter; then it is the comma. Parameters: as `iterate_records`.
    Exactness: a guess, made visible in `CsvTable.delimiter`; the numbers do not depend on how it was made.
    Raises: nothing. Source: CONTRIBUTING.md, rule 1.

    >>> find_delimiter(io.StringIO("a, b; c\n1,5; 2,5\n"), "t.csv"), find_delimiter(io.StringIO("1\t2  3\n"), "t.csv")
    (';', ' ')
    """
    best, best_rank = ",", (Fraction(0), Fraction(0))
    for delimiter in DELIMITERS:
        try:
            records = iterate_records(text, delimiter, file, strict=False)  # quotes are judged when the table is read
            sample = [record for _, record in islice(records, _SAMPLE)]
        except InputError:  # a cell beyond all bounds
            continue
        widths = Counter(map(len, sample))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width < 2:
            continue
        body = [record for record in sample[1:] if len(record) == width] or sample
        cells = [cell.strip(' \t"') for record in body for cell in record]
        numbers = sum(cell.lower() in MISSING or _NUMBER.fullmatch(cell) is not None for cell in cells)
        agreement = Fraction(count, len(sample))
        rank = (agreement * Fraction(numbers, len(cells)), agreement)
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best


def _noted(text: TextIO, space: bool, taken: list[str]) -> Iterator[str]:
    """The lines of `text`, each put down in `taken` as well.

    With the delimiter space, tabs become spaces and those at the end go: then csv, skipping initial spaces, takes a run
    of them for one delimiter. Inside quotes this can change blanks of text, but no number.
    """
    for line in text:
        if space:
            body = line.rstrip("\r\n")
            line = body.replace("\t", " ").rstrip(" ") + line[len(body) :]
        taken.append(line)
        yield line


@cache
def _quoted_record(delimiter: str) -> re.Pattern[str]:
    """A record whose cells are quoted from their first to their last character or hold no quotation mark."""
    between, before = (" ++", " *+") if delimiter == " " else (re.escape(delimiter), "")
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"\r\n{re.escape(delimiter)}]*+)'
    return re.compile(rf"{before}{cell}(?:{between}{cell})*+[\r\n]*+")
