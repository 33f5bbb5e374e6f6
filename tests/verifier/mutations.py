"""All small changes of a JSON document."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.verifier.examples import PHRASES
from tests.verifier.oracle import number

Place = tuple[str | int, ...]


def mutants(document: Any) -> Iterator[tuple[str, Any]]:
    """(what was changed, the changed document)."""
    for place, value in list(_walk(document, ())):
        for change, new in _changes(value):
            yield f"{place}: {change}", _replaced(document, place, new)
    for kind in PHRASES:
        swapped = copy.deepcopy(document)
        swapped["claim"]["kind"] = kind
        yield f"kind {kind}", copy.deepcopy(swapped)
        for old in PHRASES.values():
            part = f"are {old} of"
            swapped["claim"]["sentence"] = document["claim"]["sentence"].replace(part, f"are {PHRASES[kind]} of")
            if part in document["claim"]["sentence"]:
                yield f"kind and sentence {kind}", copy.deepcopy(swapped)
    for kind in ("local minimum", "spurious local minimum"):  # the evidence that is too much is taken away too
        slim = copy.deepcopy(swapped)
        slim["claim"]["kind"] = kind
        slim["evidence"].pop("lower_points", None)
        yield f"slim {kind}", slim


def _walk(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if place:
        yield place, value
    if isinstance(value, dict):
        for key in value:
            yield from _walk(value[key], (*place, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _walk(item, (*place, i))


def _replaced(document: Any, place: Place, new: Any) -> Any:
    document = copy.copy(document)
    if len(place) == 1:
        document[place[0]] = new
    else:
        document[place[0]] = _replaced(document[place[0]], place[1:], new)
    return document


def _changes(value: Any) -> Iterator[tuple[str, Any]]:
    yield from (("to null", None), ("to {}", {}), ("to []", []), ("to a float", 0.5), ("to true", True), ("wrapped", [value]))
    if isinstance(value, bool):
        yield "negated", not value
    elif isinstance(value, int):
        for new in (value + 1, value - 1, -value, 0, 10**9, str(value), float(value)):
            yield f"to {new!r}", new
    elif isinstance(value, str):
        yield from _text_changes(value)
    elif isinstance(value, list):
        for i in range(len(value)):
            yield f"without {i}", value[:i] + value[i + 1 :]
            yield f"{i} twice", value[:i] + value[i : i + 1] + value[i:]
        for i in range(len(value) - 1):
            yield f"{i} swapped", [*value[:i], value[i + 1], value[i], *value[i + 2 :]]
    elif isinstance(value, dict):
        for key in value:
            rest = {k: v for k, v in value.items() if k != key}
            yield f"without {key}", rest
            yield f"{key} renamed", {**rest, key + "_": value[key]}
            yield f"{key} capitalised", {**rest, key.swapcase(): value[key]}
        yield "one more field", {**value, "comment": "…"}


def _text_changes(value: str) -> Iterator[tuple[str, Any]]:
    for i, character in enumerate(value):
        if character.isdigit():
            for step in (1, 9):
                digit = str((int(character) + step) % 10)
                yield f"digit {i} to {digit}", value[:i] + digit + value[i + 1 :]
    try:
        exact = number(value)
    except ValueError:
        yield "a letter more", value + "x"
        yield "a letter less", value[1:]
        return
    for new in (exact + 1, exact - 1, -exact, 2 * exact, exact / 2, exact + Fraction(1, 10**12), Fraction(0)):
        yield f"to {new}", str(new)
    for new in (value + "/1", "+" + value, value + ".0", " " + value, value + "\n", "0" + value, value + "/0", "-0", ""):
        yield f"to {new!r}", new
    yield "to a number", int(exact)
