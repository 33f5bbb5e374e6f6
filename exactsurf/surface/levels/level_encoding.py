"""Batches of levels as bytes, for the way between processes and for files: exact, and nothing but numbers."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_batch import LevelBatch
from exactsurf.surface.levels.recession import Recession


def encoded_levels(batch: LevelBatch) -> bytes:
    """The bytes of a batch of levels.

    Parameters: a batch. Exactness: exact; `decoded_levels` gives an equal batch back. Raises: nothing. Source: none.

    >>> decoded_levels(encoded_levels(LevelBatch(0, 2, (), (), ()))) == LevelBatch(0, 2, (), (), ())
    True
    """
    levels = [[_written(value) for value in _fields(level)] for level in batch.levels]
    document = [batch.begin, batch.end, list(batch.homes), list(batch.facets), levels]
    return zlib.compress(json.dumps(document, separators=(",", ":")).encode(), 1)


def decoded_levels(content: bytes) -> LevelBatch:
    """The batch of levels of bytes.

    Parameters: what `encoded_levels` returns. Exactness: exact. Raises: `ValueError` for other bytes. Source: none.

    >>> decoded_levels(b"something else")
    Traceback (most recent call last):
        ...
    ValueError: no encoded batch
    """
    try:
        begin, end, homes, facets, levels = json.loads(zlib.decompress(content))
        found = tuple(_level(*map(_read, fields)) for fields in levels)
        places = (*homes, *facets)
        if not all(isinstance(place, int) and 0 <= place < len(found) for place in places):
            raise ValueError
        return LevelBatch(int(begin), int(end), found, tuple(homes), tuple(facets))
    except (zlib.error, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError):
        raise ValueError("no encoded batch") from None


def _fields(level: Level) -> tuple[Any, ...]:
    away = level.away
    return (
        level.low,
        level.high,
        level.support,
        level.allowed,
        level.bounded,
        level.gradient,
        tuple(level.amounts.items()),
        level.bias,
        level.alone,
        (tuple(away.shares.items()), away.bias, tuple(sorted(away.samples))),
        level.space,
    )


def _level(*fields: Any) -> Level:
    *numbers, amounts, bias, alone, away, space = fields
    shares, shift, samples = away
    recession = Recession(dict(shares), shift, frozenset(samples))
    low, high, support, allowed, bounded, gradient = numbers
    held: Mapping[int, tuple[Fraction, ...]] = dict(amounts)
    return Level(low, high, support, allowed, bounded, gradient, held, bias, alone, recession, space)


def _written(value: Any) -> Any:
    """Fractions and integers as hexadecimal text, tuples as lists."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return [_written(part) for part in value]
    if isinstance(value, Fraction):
        return f"{value.numerator:x}/{value.denominator:x}"
    return f"{value:x}"


def _read(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, list):
        return tuple(_read(part) for part in value)
    above, slash, below = value.partition("/")
    return Fraction(int(above, 16), int(below, 16)) if slash else int(above, 16)
