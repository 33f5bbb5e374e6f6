"""Strict JSON, read field by field; every rejection knows its place (FORMAT.md, section 1)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from .effort import spend
from .rational import MemoisedNumbers, Rational, certificate_number, short_numbers
from .table import common_denominator, common_multiple, numerators, over_common

MAX_DOCUMENT_BYTES = 1 << 30
MAX_RATIO = 200  # packed certificates are 10 to 30 times as long when unpacked
T = TypeVar("T")


class Rejected(Exception):
    """A certificate that is not accepted: `place` in the document, and the `reason`."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)  # both are in args, so the exception can be pickled
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


class Refused(Rejected):
    """A certificate that was not checked to its end, because that is beyond the limits of this verifier. It may be true."""


@contextmanager
def at(place: str) -> Iterator[None]:
    """Turn the errors of the layers that know no places (ValueError: bad input; OverflowError: too large)."""
    try:
        yield
    except ValueError as error:
        raise Rejected(place, str(error)) from None
    except OverflowError as error:
        raise Refused(place, str(error)) from None


@dataclass(frozen=True)
class _Unusable:
    """Stands for a JSON value that the format does not allow, until the reader gets to its place."""

    reason: str


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Unusable:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    seen: set[str] = set()
    double = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return _Unusable(f"the key {quote(double)} occurs twice")


def _index(text: str) -> int | _Unusable:
    if text.isascii() and text.isdecimal() and len(text) <= 9:
        return int(text)
    return _Unusable(f"JSON integers have at most 9 digits and no sign, found {quote(text)}")


def _unusable_number(text: str) -> _Unusable:
    return _Unusable(f"the JSON number {quote(text)} is not allowed (rational numbers are strings)")


def quote(text: str) -> str:
    """A short printable ASCII form of a text from the document."""
    return ascii(text) if len(text) <= 40 else f"{text[:30]!a}… ({len(text)} characters)"


def unpacked(document: bytes) -> bytes:
    """A document without its compression, if it has one: one gzip member and nothing else."""
    if not document.startswith(b"\x1f\x8b"):
        return document
    unpacking = zlib.decompressobj(wbits=31)
    most = min(MAX_DOCUMENT_BYTES, MAX_RATIO * len(document))
    try:
        content = unpacking.decompress(document, most + 1)
    except zlib.error:
        raise Rejected("", "the gzip compression is damaged") from None
    if len(content) > most:
        reason = f"the file is longer than {most} bytes when it is unpacked"
        raise Refused("", f"{reason}, which is beyond the limits of this verifier; unpack it and verify what comes out")
    if not unpacking.eof or unpacking.unused_data:
        raise Rejected("", "the gzip compression does not end where the file ends")
    return content


def read_document(document: bytes) -> Field:
    """The root of a document (FORMAT.md, section 1)."""
    document = unpacked(document)
    spend(len(document) >> 3)
    if len(document) > MAX_DOCUMENT_BYTES:
        raise Refused("", f"the file is longer than {MAX_DOCUMENT_BYTES} bytes")
    if document.startswith(b"\xef\xbb\xbf"):
        raise Rejected("", "the file begins with a byte order mark")
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Rejected("", f"not UTF-8 (byte {error.start})") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_index,
            parse_float=_unusable_number,
            parse_constant=_unusable_number,
        )
    except json.JSONDecodeError as error:
        raise Rejected("", f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise Rejected("", "the JSON is nested too deeply") from None
    return Field(value, "")


class Field:
    """A JSON value and its place; every method reads it as one type and rejects all others."""

    __slots__ = ("place", "value")

    def __init__(self, value: Any, place: str) -> None:
        self.value = value
        self.place = place

    def reject(self, reason: str) -> Rejected:
        """The rejection of this value, with its place."""
        return Rejected(self.place, reason)

    def refuse(self, reason: str) -> Rejected:
        """The refusal to check this value any further."""
        return Refused(self.place, reason)

    def _wrong(self, expected: str) -> Rejected:
        value = self.value
        if isinstance(value, _Unusable):
            return self.reject(value.reason)
        if isinstance(value, str):
            found = f"the string {quote(value)}"
        elif isinstance(value, list):
            found = f"a list of {len(value)}"
        elif isinstance(value, dict):
            found = "an object"
        else:
            found = json.dumps(value)
        return self.reject(f"expected {expected}, found {found}")

    def has(self, key: str) -> bool:
        """Whether the value is an object with this key."""
        return isinstance(self.value, dict) and key in self.value

    def fields(self, *names: str) -> tuple[Field, ...]:
        """The fields of an object that must have exactly these names."""
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        for name in self.value:
            if name not in names:
                raise self.child(quote(name)[1:-1]).reject("unknown field")
        for name in names:
            if name not in self.value:
                raise self.child(name).reject("missing field")
        inside = f"{self.place}." if self.place else ""
        return tuple([Field(self.value[name], inside + name) for name in names])

    def required(self, name: str) -> Field:
        """The field of this name of an object that must have it, whatever else it has."""
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        if name not in self.value:
            raise self.child(name).reject("missing field")
        return self.child(name)

    def child(self, name: str) -> Field:
        """The field of this name; its value is None if there is none, which every reader rejects."""
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return Field(value, f"{self.place}.{name}" if self.place else name)

    def items(self, length: int | None = None) -> list[Field]:
        """The entries of a list, of this length if one is given."""
        values = self._list(length)
        return [Field(value, f"{self.place}[{i}]") for i, value in enumerate(values)]

    def _list(self, length: int | None) -> list[Any]:
        if not isinstance(self.value, list):
            raise self._wrong("a list")
        if length is not None and len(self.value) != length:
            raise self.reject(f"expected {length} entries, found {len(self.value)}")
        return self.value

    def text(self) -> str:
        """The value as a string."""
        if not isinstance(self.value, str):
            raise self._wrong("a string")
        return self.value

    def boolean(self) -> bool:
        """The value as true or false."""
        if not isinstance(self.value, bool):
            raise self._wrong("true or false")
        return self.value

    def size(self, least: int = 0) -> int:
        """A JSON integer. (In Python True is an int; here it is not.)"""
        if type(self.value) is not int or self.value < least:
            raise self._wrong(f"an integer of at least {least}")
        return self.value

    def index(self, limit: int) -> int:
        """The value as an integer from 0 to below `limit`."""
        if type(self.value) is not int or self.value >= limit:
            raise self._wrong(f"an integer below {limit}")
        return self.value

    def number(self) -> Rational:
        """The value as a rational number."""
        with at(self.place):
            return certificate_number(self.text())

    def positive(self) -> Rational:
        """The value as a rational number > 0."""
        value = self.number()
        if value <= 0:
            raise self.reject("expected a positive number")
        return value

    def vector(self, length: int | None = None, numbers: MemoisedNumbers[str] | None = None) -> list[Rational]:
        """The value as a list of numbers, of this length if one is given."""
        values = self._list(length)
        known = MemoisedNumbers(certificate_number) if numbers is None else numbers
        try:
            return list(map(known.__getitem__, values))
        except (TypeError, ValueError):  # some entry is no number: find its place
            return [item.number() for item in self.items()]

    def whole_vector(self, length: int) -> tuple[list[int], int]:
        """The value as a list of so many numbers: as integers over their least common denominator."""
        values = self._list(length)
        try:
            short = short_numbers(values)
        except TypeError:
            short = None
        with at(self.place):
            if short is None:
                vector = self.vector(length)
                common = common_denominator(vector, length)
                return numerators(vector, common), common
            tops, bottoms = short
            common = common_multiple(bottoms, length)
            return over_common(tops, bottoms, common), common

    def matrix(self, rows: int | None, columns: int) -> list[list[Rational]]:
        """The value as a list of rows of `columns` numbers."""
        numbers = MemoisedNumbers(certificate_number)
        return [row.vector(columns, numbers) for row in self.items(rows)]

    def pairs(self, read: Callable[[Field], T]) -> list[tuple[T, Rational]]:
        """A list of lists of two, an index and a number, with distinct indices."""
        found: dict[T, Rational] = {}
        for pair in self.items():
            first, second = pair.items(2)
            key = read(first)
            if key in found:
                raise first.reject("occurs twice in this list")
            found[key] = second.number()
        return list(found.items())


_NAMED = 12
"""Most names that a message lists."""


def one_of(field: Field, names: Sequence[str]) -> str:
    """A string that is one of the given names."""
    name = field.text()
    if name not in names:
        known = [*map(quote, names[:_NAMED]), *(["…"] if len(names) > _NAMED else [])]
        raise field.reject(f"expected one of {', '.join(known)}, found {quote(name)}")
    return name
