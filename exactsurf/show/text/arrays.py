"""Weights, biases, directions and tables of numbers as blocks: in full if they are small, else by shape and digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from exactsurf.certificate.reading.claim_view import ArrayView, Point
from exactsurf.show.text.numeral import is_short, longest, numeral
from exactsurf.show.text.prose import Block, Blocks, Matrices, Name, Numbers, Paragraph, Rounded, Table, say

MAX_COLUMNS = 8
MAX_ROWS = 20
MAX_NAMED = 30
"""Most long entries of a point that are written out below it."""

MAX_WRITTEN = 300
"""Most digits of a numerator or denominator that is written out."""

_FIRST = 4  # entries of a large array that are shown
_SPARSE = 8  # a direction with at most this many entries that are not 0 is listed entry by entry


def fits(rows: int, columns: int) -> bool:
    """Whether a matrix or table of this shape is shown in full."""
    return rows <= MAX_ROWS and columns <= MAX_COLUMNS


def symbol(array: ArrayView) -> str:
    """``W1`` as formula source."""
    return f"{array.name[0]}_{{{array.name[1:]}}}"


def point_blocks(point: Point, letter: str = "a") -> Blocks:
    """A point layer by layer.

    Parameters: `point`, of any size; `letter` names its long entries. Returns: matrices where they have at most 20 rows and 8
    columns, with names for entries that are too long for them, which are written out below; otherwise shape, first entries and
    SHA-256. Exactness: what is rounded is marked with ≈, and its digits are counted.
    Raises: nothing. Source: docs/guide/certificates.md, "Print one".
    """
    blocks: list[Block] = []
    shown: list[Fraction] = []
    names = _names(point, letter)
    for layer in _layers(point):
        small = [fits(*array.shape) for array in layer]
        for group in [layer] if all(small) else [[array] for array in layer]:
            if fits(*group[0].shape):
                matrices = (
                    (symbol(array), [[names.get(v) or numeral(v) for v in row] for row in array.values]) for array in group
                )
                blocks.append(Matrices(tuple((name, tuple(map(tuple, rows))) for name, rows in matrices)))
                shown += [value for array in group for row in array.values for value in row if value not in names]
            else:
                blocks.append(_summary(group[0]))
    if names:
        blocks += [say("with"), Numbers(tuple((name, value) for value, name in names.items()))]
    return (*blocks, *rounding_note(shown))


def _names(point: Point, letter: str) -> dict[Fraction, str]:
    """Names for the entries that are too long for a matrix, if they are few and can be written at all."""
    small = [array for array in point if fits(*array.shape)]
    long = dict.fromkeys(v for array in small for row in array.values for v in row if not is_short(v))
    if len(long) > MAX_NAMED or longest(long) > MAX_WRITTEN:
        return {}
    return {value: f"{letter}_{{{k}}}" for k, value in enumerate(long, start=1)}


def direction_blocks(direction: Point) -> Blocks:
    """A direction: only the entries that are not 0 if they are few, else layer by layer."""
    found = [
        (array, i, j, text)
        for array in direction
        for i, row in enumerate(array.rows, start=1)
        for j, text in enumerate(row, start=1)
        if text != "0"
    ]
    if len(found) > _SPARSE:
        return point_blocks(direction)
    parts = [
        f"${numeral(array.values[i - 1][j - 1])}$ at entry ${i}$ of ${symbol(array)}$"
        if array.is_vector
        else f"${numeral(array.values[i - 1][j - 1])}$ at row ${i}$, column ${j}$ of ${symbol(array)}$"
        for array, i, j, _ in found
    ]
    note = rounding_note(array.values[i - 1][j - 1] for array, i, j, _ in found)
    return (say(f"Its entries are {'; '.join(parts)}; all others are $0$."), *note)


def cells(rows: Iterable[Sequence[Fraction]]) -> tuple[tuple[str, ...], ...]:
    """Rows of numbers as rows of formula source."""
    return tuple(tuple(map(numeral, row)) for row in rows)


def vector(values: Sequence[Fraction]) -> str:
    """A vector as formula source, its middle left out if it is long.

    >>> vector([Fraction(1, 2), Fraction(0)])
    '(1/2, 0)'
    """
    if len(values) <= MAX_COLUMNS:
        return f"({', '.join(map(numeral, values))})"
    return f"({', '.join(map(numeral, values[:_FIRST]))}, …, {numeral(values[-1])})"


def rounding_note(values: Iterable[Fraction]) -> Blocks:
    """A mark that some of `values` are rounded, if there are any."""
    digits = longest(values)
    return (Rounded(digits),) if digits else ()


def table(header: Sequence[str], rows: Sequence[Sequence[str]], values: Iterable[Fraction]) -> Blocks:
    """A table whose cells are formula source, and a note on those `values` that are rounded."""
    return (Table(tuple(header), tuple(map(tuple, rows))), *rounding_note(values))


def _layers(point: Point) -> list[list[ArrayView]]:
    layers: dict[str, list[ArrayView]] = {}
    for array in point:
        layers.setdefault(array.name[1:], []).append(array)
    return list(layers.values())


def _summary(array: ArrayView) -> Paragraph:
    rows, columns = array.shape
    first = ArrayView(array.name, tuple(row[:_FIRST] for row in array.rows[: 1 if columns > 1 else _FIRST]), array.is_vector)
    entries = [value for row in first.values for value in row]
    digits = longest(entries)
    size = f"fractions of up to {digits} digits, rounded here" if digits else "exactly"
    shape = f"has {rows} entries" if array.is_vector else f"is a ${rows} × {columns}$ matrix"
    return say(
        f"${symbol(array)}$ {shape} and begins with ${', '.join(map(numeral, entries))}, …$ ({size}). In the certificate, the "
        f"SHA-256 of its field {array.name} (JSON without spaces) is ",
        Name(array.sha256),
        ".",
    )
