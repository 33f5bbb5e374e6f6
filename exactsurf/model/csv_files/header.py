"""Whether the first record of a table holds the names of its columns: judged once, from all columns, read or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from exactsurf.model.csv_files.records import MISSING

# What was meant as a number: those of the grammar, and 1,5 or 1 000 or 1_000 or $5 or 5% or inf or a date, which are refused.
ATTEMPT = re.compile(
    r"['\"]?[+−-]?(?:[$€£¥] ?[+-]?)?[0-9.,_/  \u2009\u202f'’]*[0-9][0-9.,_/  \u2009\u202f'’]*(?:e[+-]?[0-9]+)?"
    r" ?[%$€£¥]?['\"]?|[+-]?inf|[+-]?infinity|[+-]?0x[0-9a-f]+",
    re.I,
)
DATE = re.compile(r"[0-9]{1,4}([-/.:])[0-9]{1,2}\1[0-9]{1,4}(?:[ T][0-9:.Z+-]+)?|[0-9]{1,2}:[0-9]{2}")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_INT_NAME = re.compile(r"[0-9]{1,9}")
SAMPLE = 1_000
"""How many records are looked at; which columns are read makes no difference."""


@dataclass(frozen=True)
class Guess:
    """What was found about the first record.

    Attributes: `has_header`, or None where it could be either; `reason` in words; `lacks`, where the first record has one cell
    less than all others, the end that has no name: ``"first"``, as R writes names of rows, or ``"last"``, where rows end in a
    delimiter. Source: docs/guide/tables.md.
    """

    has_header: bool | None
    reason: str
    lacks: str = ""


def guess_header(records: Sequence[Sequence[str]]) -> Guess:
    """Whether the first of `records` holds names.

    Text over numbers is a name, text over text says nothing. A decimal over numbers, or a text that comes again below, is a
    value. Where both are found, or where the first record counts 0, 1, 2, … or years as names of columns do, it could be either.

    Parameters: `records`, the first of the table. Exactness: a guess, which is told; no number depends on it but those of the
    first record. Raises: nothing. Source: docs/guide/tables.md.

    >>> guess_header([["t", "v"], ["0", "1.5"]]).has_header, guess_header([["5.1", "setosa"], ["4.9", "setosa"]]).has_header
    (True, False)
    >>> guess_header([["0", "1", "2"], ["1.5", "2.5", "0.5"]]).has_header is None
    True
    """
    first, *body = (list(map(str.strip, record)) for record in records)
    if not body:
        texts = [cell for cell in first if is_text(cell)]
        return Guess(
            bool(texts), "there is one record, and it holds text" if texts else "there is one record, and it holds numbers"
        )
    lacks = _lacking(first, body)
    if lacks == "first":
        return Guess(True, "it has one cell less than all others, as R writes tables with names of rows", lacks)
    if lacks:
        return Guess(True, "all others end in one delimiter more", lacks)
    names, values, numbers = [], [], []
    for k, cell in enumerate(first):
        column = [record[k] for record in body if k < len(record)]
        filled = [below for below in column if not _is_missing(below)]
        numeric = sum(map(_is_number, filled))
        if is_text(cell) and 2 * numeric > len(filled):
            names.append(k)
        elif is_text(cell) and cell in filled:
            values.append((k, f"{cell!r} comes again below"))
        elif not is_text(cell) and cell.lower() not in MISSING and not _INTEGER.fullmatch(cell) and 2 * numeric > len(filled):
            values.append((k, f"{cell!r} is no name"))
        if 2 * numeric > len(filled) or not filled:
            numbers.append(k)
    if names and values:
        which = f"{first[names[0]]!r} (column {names[0] + 1}) stands over numbers, but"
        return Guess(None, f"{which} in column {values[0][0] + 1} {values[0][1]}")
    if names:
        return Guess(True, f"{first[names[0]]!r} stands over numbers")
    if values:
        return Guess(False, f"in column {values[0][0] + 1} {values[0][1]}")
    return _of_integers(first, body, numbers)


@lru_cache(maxsize=1 << 16)
def _is_missing(cell: str) -> bool:
    return cell.lower() in MISSING


def is_text(cell: str) -> bool:
    """Whether a cell is neither missing nor a number, nor anything that was meant as one.

    >>> is_text("mpg"), is_text("$5"), is_text("?"), is_text("2022-07-29")
    (True, False, False, False)
    """
    return cell.lower() not in MISSING and not ATTEMPT.fullmatch(cell) and not DATE.fullmatch(cell)


@lru_cache(maxsize=1 << 16)
def _is_number(cell: str) -> bool:
    return bool(ATTEMPT.fullmatch(cell) or DATE.fullmatch(cell))


def _lacking(first: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """The end at which the first record has one cell less than all others, if it does and holds text."""
    width = len(first) + 1
    if any(len(record) != width for record in body) or not any(map(is_text, first)):
        return ""
    if all(record[-1] == "" for record in body):
        return "last"
    labels = [record[0] for record in body]
    counts = labels == [str(k) for k in range(1, len(labels) + 1)]
    return "first" if counts or (all(map(is_text, labels)) and len(set(labels)) == len(labels)) else ""


def _of_integers(first: Sequence[str], body: Sequence[Sequence[str]], numbers: Sequence[int]) -> Guess:
    """The guess where no cell is a text over numbers or a decimal: integers may be names of columns too."""
    index = not first[0] and _counts([record[0] for record in body if record])
    looked = [k for k in numbers if not (index and k == 0)]
    cells = [first[k] for k in looked]
    if len(cells) < 2 or not all(_INT_NAME.fullmatch(cell) for cell in cells):
        if index and cells and all(_INT_NAME.fullmatch(cell) for cell in cells):
            return Guess(None, "its first cell is empty, over numbers of rows")
        return Guess(False, "no text stands over numbers")
    row = [int(cell) for cell in cells]
    steps = {b - a for a, b in pairwise(row)}
    counting = steps == {1} and (row[0] == 0 or (row[0] == 1 and len(row) > 2))
    if counting and index:
        return Guess(True, "its first cell is empty over numbers of rows, and the others count, as data frames are written")
    if counting or index:
        return Guess(None, f"its cells {', '.join(cells[:3])}{', …' * (len(cells) > 3)} could be names or numbers")
    years = all(1500 <= value <= 2100 for value in row) and (min(steps) > 0 or max(steps) < 0)
    below = [record[k] for record in body for k in looked if k < len(record)]
    if years and not all(_INT_NAME.fullmatch(cell) and 1500 <= int(cell) <= 2100 for cell in below):
        return Guess(None, f"its cells {', '.join(cells[:3])}{', …' * (len(cells) > 3)} could be years that name columns")
    return Guess(False, "no text stands over numbers")


def _counts(cells: Sequence[str]) -> bool:
    """Whether the cells count 0, 1, 2, … or 1, 2, 3, …"""
    return any(list(cells) == [str(k) for k in range(start, start + len(cells))] for start in (0, 1))
