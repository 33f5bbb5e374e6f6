"""The numbers of the data file that a certificate names by its SHA-256 (FORMAT.md, section 2); this part is trusted, not proved.

The proved checker never sees a file: the exact numbers of the columns that are used stand in the tree in its place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

MAX_DATA_BYTES = 1 << 25
"""Longer data files are answered, not read."""

_FIELDS = {"file", "sha256", "delimiter", "skip_rows", "samples", "x", "y"}
_SHA256 = re.compile("[0-9a-f]{64}")
_NUMBER = re.compile(r"([+-]?)(?:([0-9]+)/([0-9]+)|(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?)")
_MOST_CHARACTERS, _MOST_EXPONENT = 4000, 4000
_DECIMAL_BITS = 13000
"""Longer integers are written in hexadecimal, as the format wants of those with more than 4,000 digits."""


class TooLongData(Exception):
    """The data file is longer than this reader reads."""


def inline_data(source: dict[str, Any], folder: Path) -> tuple[list[list[str]], list[list[str]]]:
    """The rows x and y, each number in the form of a certificate, for the fields of `csv`.

    ValueError if the fields or the file are not what the format asks for, OSError if there is no such file.
    """
    if set(source) != _FIELDS:
        raise ValueError("the fields of csv")
    name, delimiter, x, y = source["file"], source["delimiter"], source["x"], source["y"]
    if not isinstance(name, str) or name in ("", ".", "..") or set(name) & set("/\\\0") or Path(name).drive:
        raise ValueError("a bare file name")
    if not isinstance(source["sha256"], str) or not _SHA256.fullmatch(source["sha256"]):
        raise ValueError("a SHA-256")
    if not isinstance(delimiter, str) or delimiter not in (",", ";", "|", "\t", " "):
        raise ValueError("a delimiter")
    if not isinstance(x, list) or not isinstance(y, list):
        raise ValueError("lists of columns")
    columns = [*x, *y]
    if not all(_is_size(n) for n in (*columns, source["skip_rows"], source["samples"])) or len(set(columns)) != len(columns):
        raise ValueError("sizes and different columns")
    rows = list(_records(_content(folder.joinpath(name), source["sha256"]), delimiter))[source["skip_rows"] :]
    if len(rows) != source["samples"] or len({len(row) for row in rows}) != 1 or max(columns, default=0) >= len(rows[0]):
        raise ValueError("samples and cells")
    known: dict[str, str] = {}
    table = [[known.get(row[n]) or known.setdefault(row[n], _number(row[n])) for n in columns] for row in rows]
    return [row[: len(x)] for row in table], [row[len(x) :] for row in table]


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _content(path: Path, sha256: str) -> str:
    if path.exists() and not path.is_file():  # a pipe would block, a device has no end
        raise ValueError("not a regular file")
    with path.open("rb") as stream:
        raw = stream.read(MAX_DATA_BYTES + 1)
    if len(raw) > MAX_DATA_BYTES:
        raise TooLongData
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ValueError("another SHA-256")
    return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The cells of every record that is not blank."""
    plain, gap = re.compile(rf'[^"\r\n{re.escape(delimiter)}]*'), re.compile("")
    if delimiter == " ":
        plain, gap = re.compile(r'[^"\r\n \t]*'), re.compile(r"[ \t]*")
    end = re.compile(r"\r\n|\r|\n|\Z")
    cells: list[str] = []
    at = 0
    while at < len(text) or cells:
        at = _end(gap, text, at)
        if delimiter == " " and end.match(text, at):  # blanks at the end of a record separate nothing
            pass
        elif text.startswith('"', at):
            cell, at = _quoted(text, at + 1)
            cells.append(cell)
        else:
            start, at = at, _end(plain, text, at)
            cells.append(text[start:at])
        if line_end := end.match(text, at):
            if any(cell.strip(" \t") for cell in cells):
                yield cells
            cells, at = [], line_end.end()
        elif text.startswith(delimiter, at) or (delimiter == " " and text.startswith("\t", at)):
            at += 1
            if at == len(text) and delimiter != " ":  # an empty cell behind the last delimiter
                yield from [[*cells, ""]] if any(cell.strip(" \t") for cell in cells) else []
                return
        else:
            raise ValueError("a stray quotation mark")


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return at if match is None else match.end()


def _quoted(text: str, start: int) -> tuple[str, int]:
    """A cell whose first quotation mark stands before `start`, and where it ends."""
    at = start
    while True:
        at = text.find('"', at)
        if at < 0:
            raise ValueError("the data file ends inside quotes")
        if not text.startswith('""', at):
            return text[start:at].replace('""', '"'), at + 1
        at += 2


def _number(cell: str) -> str:
    """A number in ordinary notation, in lowest terms."""
    stripped = cell.strip(" \t")
    found = _NUMBER.fullmatch(stripped)
    if found is None or len(stripped) > _MOST_CHARACTERS:
        raise ValueError("a number")
    sign, top, bottom, whole, part, exponent = found.groups()
    if top is not None:
        value = Fraction(int(top), int(bottom)) if int(bottom) else None
    else:
        power = int(exponent or "0")
        if abs(power) > _MOST_EXPONENT:
            raise ValueError("an exponent out of range")
        value = Fraction(int(whole + (part or ""))) * Fraction(10) ** (power - len(part or ""))
    if value is None:
        raise ValueError("a denominator that is 0")
    value = -value if sign == "-" else value
    return _integer(value.numerator) + ("" if value.denominator == 1 else "/" + _integer(value.denominator))


def _integer(n: int) -> str:
    return str(n) if n.bit_length() <= _DECIMAL_BITS else hex(n)
