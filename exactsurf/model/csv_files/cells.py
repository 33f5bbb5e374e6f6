"""From the text of a cell to an exact number, and what to do about a cell that holds none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from exactsurf.errors import InputError
from exactsurf.exact.number import MAX_TEXT, exact, to_text
from exactsurf.model.csv_files.header import ATTEMPT, DATE
from exactsurf.model.csv_files.reading import Reading
from exactsurf.model.csv_files.records import MISSING

_INTEGER = re.compile(r"[+-]?[0-9]+")
_MEMO = 1 << 16  # numbers remembered by their text: pixels have 256 different texts, measurements a few thousand
_MEMO_TEXT = 32  # longer texts hardly repeat, and would take memory without a bound
_TRUTH = {"true": 1, "yes": 1, "false": 0, "no": 0}
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
_MINUS = {ord("−"): "-"}
_SIGNS = "$€£¥₹"
_IN_QUOTES = re.compile(r"'[^']*'")
_LONGEST = 40  # characters of a cell for which options are tried
_MOST = 3  # choices in one message


def plain_number(text: str) -> Fraction | int:
    """The number in a cell, as proofs/FORMAT.md, section 2, has it.

    Parameters: `text`. Exactness: exact. Raises: `InputError` without a place. Source: proofs/FORMAT.md, section 2.

    >>> plain_number(" 5.10 "), plain_number("7")
    (Fraction(51, 10), 7)
    """
    stripped = text.strip(" \t")
    if len(stripped) <= MAX_TEXT and _INTEGER.fullmatch(stripped):
        return int(stripped)
    if "x" in stripped:  # `exact` reads hexadecimal; proofs/FORMAT.md does not allow it in CSV files
        raise InputError("not a number")
    return exact(stripped)


def number_reader(reading: Reading) -> Callable[[str], Fraction | int]:
    """The function that reads the number in a cell as `reading` says; frequent texts share one object.

    Parameters: `reading`. Exactness: exact; a group of thousands that is not of three digits, or a decimal sign of the other
    kind, is refused and not guessed. Raises: nothing; the function raises `InputError` without a place.
    Source: docs/guide/tables.md.

    >>> read = number_reader(Reading(decimal=",", thousands=".", percent=True))
    >>> read("1.234,5"), read("12%")
    (Fraction(2469, 2), Fraction(3, 25))
    """
    return _Numbers(plain_number if reading.has_plain_numbers else lambda text: _number(text, reading)).__getitem__


class _Numbers(dict[str, Fraction | int]):
    """From the text of a cell to its number."""

    def __init__(self, read: Callable[[str], Fraction | int]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, text: str) -> Fraction | int:
        value = self.read(text)
        if len(self) < _MEMO and len(text) <= _MEMO_TEXT:
            self[text] = value
        return value


def _number(text: str, reading: Reading) -> Fraction | int:
    rest = (text.translate(_SPACES).translate(_MINUS) if reading.typographic else text).strip(" \t")
    if reading.booleans and rest.lower() in _TRUTH:
        return _TRUTH[rest.lower()]
    sign, rest = (rest[:1], rest[1:].lstrip(" ")) if rest[:1] in ("+", "-") and rest[1:] else ("", rest)
    share = reading.percent and rest.endswith("%")
    rest = rest[:-1].rstrip(" ") if share else rest
    if reading.currency and rest.startswith(reading.currency):
        rest = rest[len(reading.currency) :].lstrip(" ")
        if not sign and rest[:1] == "-":
            sign, rest = "-", rest[1:]
    elif reading.currency and rest.endswith(reading.currency):
        rest = rest[: -len(reading.currency)].rstrip(" ")
    rest = _with_point(rest, reading)
    if rest[:1] in ("+", "-"):  # a second sign
        raise InputError("not a number")
    value = plain_number(sign + rest)
    return Fraction(value) / 100 if share else value


def _with_point(rest: str, reading: Reading) -> str:
    group, decimal = reading.grouping, reading.decimal
    if group == " ":
        rest = rest.translate(_SPACES)
    if group and group in rest:
        point, mark = re.escape(decimal), re.escape(group)
        if not re.fullmatch(rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:{point}[0-9]*)?", rest):
            raise InputError("the groups of thousands are not of three digits")
        rest = rest.replace(group, "")
    if decimal == ",":
        if "." in rest:
            raise InputError("a point in a number with decimal commas")
        if rest.count(",") == 1:
            rest = rest.replace(",", ".")
    return rest


Offer = tuple[tuple[tuple[str, object], ...], str]
"""Options, by name and value, and what they do in words."""


@dataclass(frozen=True)
class Trouble:
    """Why a cell cannot be read, and the choices of options that would read it, each with what it would be read as.

    >>> trouble_of("12%", Reading()).choices
    (((('percent', True),), 'reads 12% as 3/25'),)
    """

    problem: str
    choices: tuple[Offer, ...] = ()
    fix: str = ""


def trouble_of(text: str, reading: Reading) -> Trouble:
    """What is wrong with a cell that `number_reader` refuses.

    Parameters: `text` of the cell; `reading`. Options are offered only if they make this cell a number.
    Exactness: nothing is read. Raises: nothing. Source: docs/guide/tables.md.
    """
    stripped = text.strip(" \t")
    if stripped.lower() in MISSING:
        return Trouble(
            "the cell is missing", (((("missing", "drop"),), "leaves out every row with a missing cell"),), "fill it in"
        )
    choices = _choices(stripped, reading) if len(stripped) <= _LONGEST else ()
    if "," in stripped and ATTEMPT.fullmatch(stripped):
        return Trouble("a comma in a number", choices, "write a decimal point (5.1 for 5,1) and nothing between thousands")
    if DATE.fullmatch(stripped):
        return Trouble("a date or a time is no number", choices, "write numbers, for example of days")
    if stripped.lower().lstrip("+-").startswith("inf") and ATTEMPT.fullmatch(stripped):
        return Trouble("not a finite number", choices)
    try:
        number_reader(reading)(stripped)
        problem = "not a number"
    except InputError as error:
        problem = error.problem
    return Trouble(problem, choices, "" if choices else "write numbers like 5.1, 1e-3 or -3/7")


def _choices(text: str, reading: Reading) -> tuple[Offer, ...]:
    """The least sets of options, of one or of two, that make `text` a number."""
    if reading.quote == '"' and _IN_QUOTES.fullmatch(text):
        return (((("quote", "'"),), "takes ' for quotation marks"),)
    sign = next((sign for sign in _SIGNS if sign in text), "")
    offers: list[tuple[str, object]] = [
        ("percent", True), ("currency", sign), ("booleans", True), ("typographic", True), ("decimal", ","),
        ("thousands", ","), ("thousands", "."), ("thousands", "space"), ("thousands", "'"), ("thousands", "_"),
    ]  # fmt: skip
    usable = [offer for offer in offers if offer[1] and getattr(reading, offer[0]) == getattr(Reading(), offer[0])]
    for size in (1, 2):
        found = []
        for chosen in combinations(usable, size):
            changed = Reading(**{**vars(reading), **dict(chosen)})
            if len({name for name, _ in chosen}) < size or (changed.thousands and changed.grouping == changed.decimal):
                continue
            try:
                value = number_reader(changed)(text)
            except InputError:
                continue
            found.append((chosen, f"reads {text} as {to_text(Fraction(value))}"))
        if found:
            return tuple(found[:_MOST])
    return ()
