"""Batches as bytes, for the way between processes and for files: exact, compact, the same bytes for the same batch."""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain

from exactsurf.surface.batch import Batch

_LONG = 255
"""The length byte that says: the length follows in four bytes."""

_EIGHT, _ANY = b"q", b"n"


def encoded_batch(batch: Batch) -> bytes:
    """The bytes of a batch.

    Parameters: a batch. Exactness: exact; `decoded_batch` gives an equal batch back. Raises: nothing. Source: none.

    >>> batch = Batch(0, 2, (0, 0), (Fraction(1, 3),), ((3, -1, 2),))
    >>> decoded_batch(encoded_batch(batch)) == batch
    True
    """
    lists = (batch.risks, batch.residuals, batch.fits)
    numbers = [
        [batch.begin, batch.end, *map(len, lists)],
        chain.from_iterable((value.numerator, value.denominator) for value in batch.risks),
        chain.from_iterable((len(residual), *residual) for residual in batch.residuals),
    ]
    content = _integers(list(chain.from_iterable(numbers)))
    # The long list has small numbers: four bytes each, which the compression takes back.
    return zlib.compress(len(content).to_bytes(8, "little") + content + _places(batch.fits), 1)


def decoded_batch(content: bytes) -> Batch:
    """The batch of bytes.

    Parameters: what `encoded_batch` returns. Exactness: exact. Raises: `ValueError` for other bytes. Source: none.

    >>> decoded_batch(b"something else")
    Traceback (most recent call last):
        ...
    ValueError: no encoded batch
    """
    try:
        plain = zlib.decompress(content)
        size = int.from_bytes(plain[:8], "little")
        numbers = _numbers(plain[8 : 8 + size])
        begin, end, risks, residuals, fits = numbers[:5]
        place = 5 + 2 * risks
        values = [Fraction(*pair) for pair in zip(numbers[5:place:2], numbers[6:place:2], strict=True)]
        rows = []
        for _ in range(residuals):
            following = place + 1 + numbers[place]
            if not place < following <= len(numbers):
                raise ValueError
            rows.append(tuple(numbers[place + 1 : following]))
            place = following
        rest = plain[8 + size :]
        if place != len(numbers) or min(risks, residuals, fits) < 0 or len(rest) != 4 * fits:
            raise ValueError
        return Batch(begin, end, _list(rest), tuple(values), tuple(rows))
    except (zlib.error, ValueError, ArithmeticError, IndexError):
        raise ValueError("no encoded batch") from None


def _integers(values: Sequence[int]) -> bytes:
    """All in eight bytes each where they fit, which is far quicker; else each with its length."""
    try:
        return _EIGHT + _little_endian(array("q", values)).tobytes()
    except OverflowError:
        parts = [_ANY]
    for value in values:
        size = value.bit_length() // 8 + 1
        parts.append(size.to_bytes(1, "little") if size < _LONG else b"\xff" + size.to_bytes(4, "little"))
        parts.append(value.to_bytes(size, "little", signed=True))
    return b"".join(parts)


def _numbers(content: bytes) -> list[int]:
    kind, content = content[:1], content[1:]
    if kind == _EIGHT:
        return _little_endian(array("q", content)).tolist()
    if kind != _ANY:
        raise ValueError
    place, found = 0, []
    while place < len(content):
        size = content[place]
        place += 1
        if size == _LONG:
            size = int.from_bytes(content[place : place + 4], "little")
            place += 4
        if place + size > len(content):
            raise ValueError
        found.append(int.from_bytes(content[place : place + size], "little", signed=True))
        place += size
    return found


def _places(values: Sequence[int]) -> bytes:
    return _little_endian(array("I", values)).tobytes()


def _list(content: bytes) -> tuple[int, ...]:
    return tuple(_little_endian(array("I", content)))


def _little_endian(values: array[int]) -> array[int]:
    """The same numbers with the bytes as files have them, or back."""
    if sys.byteorder == "big":
        values.byteswap()
    return values
