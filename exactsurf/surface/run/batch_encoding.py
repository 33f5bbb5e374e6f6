"""Batches as bytes, for the way between processes and for files: exact, compact, the same bytes for the same batch.

Lists of integers in eight bytes each, without those leading bytes that repeat the sign in all of them: that is quick both ways,
and as short as what a general compression leaves, which takes many times as long.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, chain, pairwise

from exactsurf.exact.uncollected import uncollected
from exactsurf.surface.batch import Batch

_WORD = 8
"""Bytes of a machine integer."""

_ANY = 255
"""The width that says: each integer with its length, which takes four bytes."""

_LENGTH = 4
"""Bytes of a length."""

_END = b"."
"""The last byte. SQLite reads zeros for what a cut file has lost, and a batch may end with zeros."""

_SIGNS = bytes(0 if value < 128 else 255 for value in range(256))
"""For every leading byte the byte that repeats its sign."""


def encoded_batch(batch: Batch) -> bytes:
    """The bytes of a batch.

    Parameters: a batch. Exactness: exact; `decoded_batch` gives an equal batch back. Raises: nothing. Source: none.

    >>> batch = Batch(0, 2, (0, 0), (Fraction(1, 3),), ((3, -1, 2),))
    >>> decoded_batch(encoded_batch(batch)) == batch
    True
    """
    with uncollected():
        lengths = list(map(len, batch.residuals))
        # All residuals of a problem have one length.
        same = lengths[:1] if lengths and lengths.count(lengths[0]) == len(lengths) else lengths
        ratios = chain.from_iterable([value.as_integer_ratio() for value in batch.risks])
        lists = ([batch.begin, batch.end, len(lengths)], batch.fits, ratios, same, chain.from_iterable(batch.residuals))
        return b"".join([_packed(list(values)) for values in lists]) + _END


def decoded_batch(content: bytes) -> Batch:
    """The batch of bytes.

    Parameters: what `encoded_batch` returns. Exactness: exact. Raises: `ValueError` for other bytes. Source: none.

    >>> decoded_batch(b"something else")
    Traceback (most recent call last):
        ...
    ValueError: no encoded batch
    """
    try:
        with uncollected():
            rest = memoryview(content)
            lists = []
            for _ in range(5):
                values, rest = _unpacked(rest)
                lists.append(values)
            (begin, end, count), fits, ratios, lengths, numbers = lists
            if rest != _END or min([*fits, *lengths], default=0) < 0:
                raise ValueError
            risks = tuple(map(Fraction, ratios[::2], ratios[1::2]))
            return Batch(begin, end, tuple(fits), risks, _rows(numbers, lengths if len(lengths) == count else count * lengths))
    except (ValueError, ArithmeticError):
        raise ValueError("no encoded batch") from None


def _rows(numbers: list[int], lengths: list[int]) -> tuple[tuple[int, ...], ...]:
    """The numbers in rows of these lengths."""
    ends = list(accumulate(lengths, initial=0))
    if ends[-1] != len(numbers):
        raise ValueError
    return tuple([tuple(numbers[begin:end]) for begin, end in pairwise(ends)])


def _packed(values: Sequence[int]) -> bytes:
    """A width and the number of integers; then the lowest bytes of all, the next ones of all, and so on up to the width."""
    count = len(values).to_bytes(_LENGTH, "little")
    try:
        words = _little_endian(array("q", values)).tobytes()
    except OverflowError:
        lists = [value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True) for value in values]
        parts = [part for number in lists for part in (len(number).to_bytes(_LENGTH, "little"), number)]
        return b"".join([bytes([_ANY]), count, *parts])
    planes = [words[place::_WORD] for place in range(_WORD)]
    while planes and planes[-1] == (planes[-2].translate(_SIGNS) if len(planes) > 1 else bytes(len(values))):
        planes.pop()
    return b"".join([bytes([len(planes)]), count, *planes])


def _unpacked(content: memoryview) -> tuple[list[int], memoryview]:
    """The integers at the beginning, and what comes behind them."""
    head = 1 + _LENGTH
    if len(content) < head:
        raise ValueError
    width, count = content[0], int.from_bytes(content[1:head], "little")
    if width == _ANY:
        return _longer(content[head:], count)
    after = head + width * count
    if width > _WORD or len(content) < after:
        raise ValueError
    words = bytearray(_WORD * count)
    plane = b""
    for place in range(_WORD if width else 0):
        plane = bytes(content[head + place * count : head + (place + 1) * count]) if place < width else plane.translate(_SIGNS)
        words[place::_WORD] = plane
    return _little_endian(array("q", bytes(words))).tolist(), content[after:]


def _longer(content: memoryview, count: int) -> tuple[list[int], memoryview]:
    found = []
    for _ in range(count):
        end = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
        if not _LENGTH < end <= len(content):
            raise ValueError
        found.append(int.from_bytes(content[_LENGTH:end], "little", signed=True))
        content = content[end:]
    return found, content


def _little_endian(values: array[int]) -> array[int]:
    """The same numbers with the bytes as files have them, or back."""
    if sys.byteorder == "big":
        values.byteswap()
    return values
