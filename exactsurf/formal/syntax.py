"""From the bytes of a certificate to the syntax tree that the proved checker reads; this part is trusted, not proved."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

from .data_file import TooLongData, inline_data

MAX_DOCUMENT_BYTES = 1 << 25
"""A character takes some 60 bytes in a syntax tree; longer documents are answered, not read."""
MAX_EXPANSION = 200
"""How many times longer than the file a compressed certificate may be."""

Tree = Any
"""What type `json` of proofs/formal/Json.v is in extracted code: a tuple that begins with the name of its constructor."""

OTHER: Tree = ("Other",)


class TooLong(Exception):
    """The document is longer than this reader reads."""


def chain(values: list[Any]) -> Any:
    """A list as extracted code has it: () or (first, rest)."""
    found: Any = ()
    for value in reversed(values):
        found = (value, found)
    return found


def text(string: str) -> Any:
    """The code points of a string."""
    found: Any = ()
    for character in reversed(string):
        found = (ord(character), found)
    return found


def syntax_tree(document: bytes, data_folder: Path | None = None) -> Tree:
    """The syntax tree; ValueError if the bytes are not a JSON text as FORMAT.md, section 1, has it, else perhaps TooLong.

    With a folder, the numbers of a data file that is named stand in the tree in its place; OSError if there is none.
    """
    try:
        return _tree(_value(document, data_folder), {})
    except RecursionError:
        raise ValueError("nested too deeply") from None


def plain_tree(document: bytes, data_folder: Path | None = None) -> Any:
    """The document as dictionaries and lists, for a certificate that was accepted (so that no key occurs twice)."""
    return _plain(_value(document, data_folder))


def _value(document: bytes, data_folder: Path | None) -> Any:
    raw = _unpacked(document)
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise TooLong
    if raw.startswith(b"\xef\xbb\xbf"):
        raise ValueError("a byte order mark")
    value = json.loads(
        raw.decode("utf-8"),
        object_pairs_hook=_Fields,
        parse_int=_integer,
        parse_float=lambda _: None,
        parse_constant=lambda _: None,
    )
    return value if data_folder is None else _with_data(value, ("problem", "data", "csv"), data_folder)


def _with_data(value: Any, way: tuple[str, ...], folder: Path) -> Any:
    """The value with inline data in the place of the field at the end of the way."""
    if not isinstance(value, _Fields):
        return value
    if way == ("csv",):
        if len(value) != 1 or value[0][0] != "csv" or not isinstance(value[0][1], _Fields):
            return value
        try:
            x, y = inline_data(_plain(value[0][1]), folder)
        except TooLongData:
            raise TooLong from None
        return _Fields([("x", x), ("y", y)])
    return _Fields([(key, _with_data(item, way[1:], folder) if key == way[0] else item) for key, item in value])


def _plain(value: Any) -> Any:
    if isinstance(value, _Fields):
        found = {key: _plain(item) for key, item in value}
        if len(found) < len(value):
            raise ValueError("a field twice")
        return found
    return [_plain(item) for item in value] if isinstance(value, list) else value


class _Fields(list[tuple[str, Any]]):
    """The fields of an object, in their order and with their duplicates."""


def _unpacked(document: bytes) -> bytes:
    if not document.startswith(b"\x1f\x8b"):
        return document
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(document, min(MAX_DOCUMENT_BYTES, MAX_EXPANSION * len(document)) + 1)
    except zlib.error:
        raise ValueError("damaged compression") from None
    if len(content) > MAX_DOCUMENT_BYTES:
        raise TooLong
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("the compression does not end where the file ends")
    return content


def _integer(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else None


def _tree(value: Any, texts: dict[str, Any]) -> Tree:
    if isinstance(value, str):
        return ("Text", _shared(value, texts))
    if isinstance(value, bool):
        return ("Truth", value)
    if isinstance(value, int):
        return ("Integer", value)
    if isinstance(value, _Fields):
        return ("Fields", chain([(_shared(key, texts), _tree(item, texts)) for key, item in value]))
    if isinstance(value, list):
        return ("Items", chain([_tree(item, texts) for item in value]))
    return OTHER


def _shared(string: str, texts: dict[str, Any]) -> Any:
    """Its code points; equal strings share one list, as big tables repeat a few numbers."""
    found = texts.get(string)
    if found is None:
        found = texts[string] = text(string)
    return found
