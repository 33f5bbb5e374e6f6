"""From the text of a CSV file to its records: lines to pass over, quotes and delimiters, before any number is read.

The verifier splits the same bytes again, by other code and from the delimiter alone (proofs/FORMAT.md, section 2), so
whatever two honest readers could split differently is refused here.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import TextIO

from exactsurf.errors import InputError
from exactsurf.model.csv_files.reading import DELIMITERS

MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing", "?", "-", "."))
"""What cells without a value hold, in lower case."""

# A decimal comma counts as a number here: "1,5;2,5" is cut at the semicolon, and then refused with the right advice.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*|,[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?[0-9]+/[0-9]+")
_SEP = re.compile(r"sep=([,;|\t ])[ ,;|\t]*", re.I)
_NO_COMMENT = re.compile(r"#[,;|\t]")  # a column may be called "#"
_SAMPLE = 100  # records that decide about the delimiter


@dataclass(frozen=True)
class Lines:
    """Which lines of a text are passed over, and how cells are quoted.

    Attributes: `skip`, numbers of lines from 1; `comment`, what a line to be passed over begins with (nothing: no line);
    `quote`, the quotation mark. Exactness: no character is changed. Source: docs/guide/tables.md.
    """

    skip: frozenset[int] = frozenset()
    comment: str = ""
    quote: str = '"'

    def pass_over(self, number: int, line: str) -> bool:
        """Whether the line with this number is passed over."""
        return number in self.skip or (self.comment != "" and line.startswith(self.comment))


@dataclass(frozen=True)
class Preamble:
    """What stands before the first record: Excel's line ``sep=;`` and lines of comment.

    Attributes: `separator`, the delimiter that Excel's line names; `lines`, the numbers of the lines to pass over;
    `comments`, of those that are comments, and `last`, the text of the last of these. Source: docs/guide/tables.md.
    """

    separator: str | None
    lines: tuple[int, ...]
    comments: tuple[int, ...]
    last: str


def find_preamble(text: TextIO, lines: Lines, *, comments: bool) -> Preamble:
    r"""The lines before the first record that hold no cells.

    Parameters: `text`; `lines` to pass over anyway; `comments`, whether lines that begin with ``#`` are looked for; they count
    only if some line does not begin so. Exactness: nothing is read. Raises: nothing. Source: docs/guide/tables.md.

    >>> import io
    >>> find_preamble(io.StringIO("# hours\nt,v\n", newline=""), Lines(), comments=True).lines
    (1,)
    >>> find_preamble(io.StringIO("sep=;\nx;y\n", newline=""), Lines(), comments=True).separator
    ';'
    """
    text.seek(0)
    separator, found, marked, last = None, list[int](), list[int](), ""
    for number, line in enumerate(text, start=1):
        body = line.rstrip("\r\n")
        sep = _SEP.fullmatch(body) if number == 1 else None
        if sep:
            separator = sep[1]
            found.append(number)
        elif comments and body.startswith("#") and not _NO_COMMENT.match(body) and not lines.pass_over(number, line):
            marked.append(number)
            last = body
        elif body.strip(" \t") and not lines.pass_over(number, line):
            return Preamble(separator, tuple(found + marked), tuple(marked), last)
    return Preamble(separator, tuple(found), (), "")


def iterate_records(
    text: TextIO, delimiter: str, file: str, *, strict: bool = True, lines: Lines | None = None
) -> Iterator[tuple[int, list[str]]]:
    r"""The records from the beginning of `text` that are not blank, each with the number of the line it starts in.

    Parameters: `delimiter`, one of `DELIMITERS`; `file` for messages; without `strict`, quotation marks in wrong places
    are taken somehow, which is good enough for looking; `lines`, what to pass over.
    Exactness: cells as they are, without the quotes around them.
    Raises: `InputError` at a quoted cell that is not closed or is only partly quoted.
    Source: proofs/FORMAT.md, section 2.

    >>> import io
    >>> list(iterate_records(io.StringIO('a;"b;\n"\n;\n1;2\n', newline=""), ";", "t.csv"))
    [(1, ['a', 'b;\n']), (4, ['1', '2'])]
    """
    text.seek(0)
    lines = lines or Lines()
    taken: list[tuple[int, str]] = []  # the lines of the current record, with their numbers
    space, quote = delimiter == " ", lines.quote
    reader = csv.reader(
        _noted(text, space, taken, lines), delimiter=delimiter, quotechar=quote, skipinitialspace=space, strict=strict
    )
    quoted = _quoted_record(delimiter, quote)
    while True:
        problem = ""
        taken.clear()
        try:
            record = next(reader, None)
            if record is None:
                return
            raw = "".join(line for _, line in taken)
            if strict and quote in raw and not quoted.fullmatch(raw):
                problem = "a quotation mark stands inside a cell"
        except csv.Error as error:
            problem = f"the record cannot be split into cells: {error}"
        if problem:
            fix = f"quote cells from delimiter to delimiter, and write {quote * 2} for a quotation mark inside"
            fix = "is this the right delimiter, and is every quoted cell closed?" if "limit" in problem else fix
            whole = "".join(line for _, line in taken).rstrip("\r\n")
            raise InputError(problem, file=file, line=taken[0][0], text=whole, fix=fix)
        if any(cell.strip(" \t") for cell in record or ()):
            yield taken[0][0], record or []


def find_delimiter(text: TextIO, file: str, lines: Lines | None = None) -> str:
    r"""The delimiter that cuts the first records into equally many cells, as many of them numbers as possible.

    A single column has no delimiter; then it is the comma. Parameters: as `iterate_records`.
    Exactness: a guess, made visible in `CsvTable.delimiter`; the numbers do not depend on how it was made.
    Raises: nothing. Source: CONTRIBUTING.md, rule 1.

    >>> import io
    >>> find_delimiter(io.StringIO("a, b; c\n1,5; 2,5\n"), "t.csv"), find_delimiter(io.StringIO("1\t2  3\n"), "t.csv")
    (';', ' ')
    """
    best, best_rank = ",", (Fraction(0), Fraction(0))
    for delimiter in DELIMITERS:
        try:
            records = iterate_records(text, delimiter, file, strict=False, lines=lines)  # quotes are judged later
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


def _noted(text: TextIO, space: bool, taken: list[tuple[int, str]], lines: Lines) -> Iterator[str]:
    """The lines of `text` that are not passed over, each put down in `taken` as well.

    A line inside a quoted cell belongs to its record whatever it begins with. With the delimiter space, tabs become spaces and
    those at the end go: then csv, skipping initial spaces, takes a run of them for one delimiter. Inside quotes this can
    change blanks of text, but no number.
    """
    some = bool(lines.skip or lines.comment)
    for number, line in enumerate(text, start=1):
        if some and not taken and lines.pass_over(number, line):
            continue
        if space:
            body = line.rstrip("\r\n")
            line = body.replace("\t", " ").rstrip(" ") + line[len(body) :]
        taken.append((number, line))
        yield line


@cache
def _quoted_record(delimiter: str, quote: str) -> re.Pattern[str]:
    """A record whose cells are quoted from their first to their last character or hold no quotation mark."""
    between, before = (" ++", " *+") if delimiter == " " else (re.escape(delimiter), "")
    cell = rf"(?:{quote}[^{quote}]*+(?:{quote * 2}[^{quote}]*+)*+{quote}|[^{quote}\r\n{re.escape(delimiter)}]*+)"
    return re.compile(rf"{before}{cell}(?:{between}{cell})*+[\r\n]*+")
