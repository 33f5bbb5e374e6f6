"""From the bytes of a file to its text: encodings, and formats that are no CSV."""

from __future__ import annotations

import io
import re
from typing import TextIO

from exactsurf.errors import InputError
from exactsurf.model.csv_files.voice import PYTHON, Voice

_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel or zip file; export the table as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel file; export the table as CSV",
    b"\x1f\x8b": "a file compressed with gzip; unpack it first",
    b"\x89HDF": "an HDF5 file; export the table as CSV",
    b"PAR1": "a Parquet file; export the table as CSV",
    b"\x93NUMPY": "a NumPy array; load it in Python and use Data.from_arrays",
}
_ARFF = re.compile(rb"(?:\s|%[^\n]*\n)*@relation\b", re.I)


def open_text(stream: io.BytesIO, file: str, encoding: str | None = None, voice: Voice = PYTHON) -> TextIO:
    """The text in `stream`, with its line ends as they are.

    Parameters: `stream` holds the bytes of the file that errors call `file`; `encoding` (UTF-8 by default).
    Exactness: no character is replaced. Raises: `InputError` with the byte position, and with a likely encoding, if the bytes
    are not in this encoding (a byte order mark is fine) or hold zero bytes. Source: proofs/FORMAT.md, section 2.

    >>> open_text(io.BytesIO(b"\\xef\\xbb\\xbf1,2"), "t.csv").read()
    '1,2'
    """
    data = stream.getvalue()
    for magic, what in _OTHER_FORMATS.items():
        if data.startswith(magic):
            raise InputError(f"this is no CSV text: it looks like {what}", file=file)
    if _ARFF.match(data):
        fix = "delete all up to the line @data, or export the table as CSV"
        raise InputError("this is no CSV text: it looks like an ARFF file (of Weka)", file=file, fix=fix)
    if encoding is not None:
        return _decoded(data, file, encoding, voice)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        fix = f"say {voice.option('encoding', 'utf-16')}, or save it as UTF-8"
        raise InputError("this is UTF-16 text", file=file, fix=fix)
    position, reason = data.find(0), "is zero, as in binary files"
    if position < 0 and not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            position, reason = error.start, f"(0x{data[error.start]:02x}) is not UTF-8"
    if position >= 0:
        line = len(re.findall(rb"\r\n?|\n", data[:position])) + 1
        problem = f"byte {position} {reason} (bytes are counted from 0)"
        likely = _likely_encoding(data)
        guess = f"the encoding may be {likely}: say {voice.option('encoding', likely)}, or " if likely else ""
        raise InputError(problem, file=file, line=line, fix=f"{guess}save the table as CSV in UTF-8")
    return io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")


def _decoded(data: bytes, file: str, encoding: str, voice: Voice) -> TextIO:
    name = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    try:
        text = data.decode(name)
    except UnicodeError as error:
        likely = _likely_encoding(data)
        fix = f"the encoding may be {likely}: say {voice.option('encoding', likely)}" if likely else "name another encoding"
        raise InputError(f"the text is not {encoding} ({error})"[:200], file=file, fix=fix) from None
    if "\0" in text:
        raise InputError(f"read as {encoding} the text holds zero characters, as binary files do", file=file)
    return io.StringIO(text.removeprefix("\ufeff"), newline="")


def _likely_encoding(data: bytes) -> str:
    """An encoding in which the bytes are a text, or nothing.

    Tables are mostly digits and delimiters, too little text to tell one alphabet from another; but all encodings of one byte
    a character agree on the digits, so that a wrong choice among them can misspell names and never changes a number.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if even or odd:
        half = len(data) // 4
        return "utf-16-le" if odd > half > even else "utf-16-be" if even > half > odd else ""
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    controls = any(0x80 <= byte < 0xA0 for byte in data)
    undefined = any(byte in data for byte in b"\x81\x8d\x8f\x90\x9d")  # not in cp1252
    return "latin-1" if not controls or undefined else "cp1252"
