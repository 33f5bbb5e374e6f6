"""What a person says about a table of text: which columns, which signs, what to leave out. Nothing is read here."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from exactsurf.errors import InputError, nearest
from exactsurf.model.csv_files.voice import PYTHON, Voice

DELIMITERS = (",", ";", "\t", "|", " ")
"""The delimiters of proofs/FORMAT.md; a space stands for runs of spaces and tabs. On a draw the earlier one wins."""

_WORDS = {"tab": "\t", "\\t": "\t", "space": " "}  # a tab is hard to type in a terminal
_LINES = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")
THOUSANDS = (",", ".", "'", " ", "_")


@dataclass(frozen=True)
class Reading:
    """How the text of a CSV file becomes numbers, as far as a person says it; the rest is found out.

    Attributes: `header`, whether the first record holds names; `delimiter`; `quote`, the quotation mark (``"`` or ``'``);
    `encoding` (UTF-8 by default); `comment`, what lines to pass over begin with; `skip`, numbers of lines to pass over (``7`` or
    ``"7-9"``); `decimal`, the decimal sign (``.`` or ``,``); `thousands`, the sign between groups of three digits; `percent`
    reads 12% as 12/100; `currency`, a sign to pass over before or behind numbers; `booleans` reads true and yes as 1, false
    and no as 0; `typographic` reads the minus sign − and passes over no-break spaces; `missing`, ``"drop"`` to leave out rows
    with missing cells; `classes` reads the target as names of classes: ``True`` (−1 and 1 for two classes, else one-hot),
    ``"signs"`` or ``"one-hot"``. Exactness: no option rounds. Source: docs/guide/tables.md.

    >>> Reading(decimal=",", skip=("5-7", 2)).lines()
    frozenset({2, 5, 6, 7})
    """

    header: bool | None = None
    delimiter: str | None = None
    quote: str = '"'
    encoding: str | None = None
    comment: str | None = None
    skip: tuple[int | str, ...] = ()
    decimal: str = "."
    thousands: str = ""
    percent: bool = False
    currency: str = ""
    booleans: bool = False
    typographic: bool = False
    missing: str | None = None
    classes: bool | str = False

    @property
    def separator(self) -> str | None:
        """The delimiter as one character; None if it is to be found."""
        return None if self.delimiter is None else _WORDS.get(self.delimiter, self.delimiter)

    @property
    def grouping(self) -> str:
        """The sign between thousands as one character, or nothing."""
        return _WORDS.get(self.thousands, self.thousands)

    @property
    def has_plain_numbers(self) -> bool:
        """Whether the numbers are written as proofs/FORMAT.md, section 2, has them."""
        special = self.thousands or self.percent or self.currency or self.booleans or self.typographic or self.classes
        return self.decimal == "." and not special

    def lines(self) -> frozenset[int]:
        """The lines to pass over."""
        found: set[int] = set()
        for item in self.skip:
            match = _LINES.fullmatch(str(item).strip())
            first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
            if not 1 <= first <= last or last - first > 10_000_000:
                raise InputError("not a line or a range of lines", text=str(item), fix="write 7, or 7-9 (lines count from 1)")
            found.update(range(first, last + 1))
        return frozenset(found)

    def check(self, file: str, voice: Voice = PYTHON) -> None:
        """Raise `InputError` naming the option that has a value it cannot have."""
        for name in ("delimiter", "quote", "encoding", "comment", "decimal", "thousands", "currency", "missing"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise InputError(f"{voice.name(name)} must be a text", file=file, text=repr(value))
        for name in ("header", "percent", "booleans", "typographic"):
            value = getattr(self, name)
            if not isinstance(value, bool) and not (name == "header" and value is None):
                raise InputError(f"{voice.name(name)} must be true or false", file=file, text=repr(value))
        choices: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
            ("delimiter", self.separator, (None, *DELIMITERS)),
            ("quote", self.quote, ('"', "'")),
            ("decimal", self.decimal, (".", ",")),
            ("thousands", self.grouping, ("", *THOUSANDS)),
            ("missing", self.missing, (None, "drop")),
            ("classes", self.classes if isinstance(self.classes, (bool, str)) else "", (False, True, "signs", "one-hot")),
        )
        for name, value, allowed in choices:
            if value not in allowed:
                known = " ".join(_SPELLED.get(item, str(item)) for item in allowed if item not in (None, ""))
                problem = "not a delimiter" if name == "delimiter" else f"{voice.name(name)} cannot have this value"
                raise InputError(problem, file=file, text=str(getattr(self, name)), fix=f"use one of {known}")
        if re.search(r"[0-9+\-.,\s]", self.currency):
            fix = "name a sign like $ or EUR, without digits"
            raise InputError(f"{voice.name('currency')} cannot have this value", file=file, text=self.currency, fix=fix)
        if self.thousands and self.grouping == self.decimal:
            raise InputError("one sign cannot both group thousands and stand before decimals", file=file, text=self.decimal)
        if self.encoding is not None:
            try:
                codecs.lookup(self.encoding)
                "".encode(self.encoding)
            except (LookupError, TypeError, ValueError):
                fix = f"{nearest(str(self.encoding), _ENCODINGS)}for example {', '.join(_ENCODINGS)}"
                raise InputError("unknown encoding", file=file, text=str(self.encoding), fix=fix) from None
        self.lines()


_SPELLED = {"\t": "tab", " ": "space"}
_ENCODINGS = ("utf-8", "latin-1", "cp1252", "utf-16")
OPTIONS = tuple(option.name for option in fields(Reading))
"""The names of the options of `Reading`, as keywords of `Data.from_csv` and keys of ``data`` in problem files."""


def reading_from(options: dict[str, Any], file: str, voice: Voice = PYTHON) -> Reading:
    """A `Reading` from keywords, checked.

    Parameters: `options` by name; `file` and `voice` for messages. Exactness: no option rounds. Raises: `InputError` naming
    an unknown option or a value that it cannot have. Source: docs/guide/tables.md.

    >>> reading_from({"decimal": ","}, "t.csv").decimal
    ','
    """
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        fix = f"{nearest(unknown[0], OPTIONS)}known: {', '.join(OPTIONS)}"
        raise InputError("there is no such option for reading tables", file=file, text=unknown[0], fix=fix)
    skip = options.get("skip", ())
    listed = tuple(skip) if isinstance(skip, Sequence) and not isinstance(skip, str) else (skip,)
    reading = Reading(**{**options, "skip": listed})
    reading.check(file, voice)
    return reading
