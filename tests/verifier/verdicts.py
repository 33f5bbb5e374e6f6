"""What the verifier says of a document, for all tests of claims and rules."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from exactsurf.verifier import Accepted, Rejected, verify
from tests.sweep import draws
from tests.verifier.mutations import mutants
from tests.verifier.oracle import Document

GOLDEN = Path(__file__).parents[2] / "proofs" / "golden"


def golden(name: str, folder: str = "accept") -> Document:
    """The document of a golden certificate that must be accepted."""
    document: Document = json.loads((GOLDEN / folder / f"{name}.json").read_text(encoding="utf-8"))
    return document


def encode(document: Any) -> bytes:
    """The bytes of a document."""
    return json.dumps(document).encode()


def put(*path: Any) -> Callable[[Document], None]:
    """A change of a document: the last entry stands at the place that the others lead to."""
    *places, last, value = path

    def change(document: Document) -> None:
        here: Any = document
        for key in places:
            here = here[key]
        here[last] = value

    return change


def rejection(document: Document | bytes, folder: Path | None = None) -> Rejected:
    """Why the verifier rejects a document, in a message of one printable line."""
    with pytest.raises(Rejected) as caught:
        verify(document if isinstance(document, bytes) else encode(document), data_folder=folder)
    assert caught.value.reason and str(caught.value).isprintable() and len(str(caught.value)) < 700
    return caught.value


def assert_rejected_at(place: str, document: Document, change: Callable[[Document], object]) -> None:
    """A changed document is rejected, at a place that begins so."""
    changed = copy.deepcopy(document)
    change(changed)
    found = rejection(changed)
    assert found.place.startswith(place), found


def assert_accepted(document: Document) -> Accepted:
    """A document is accepted as what it claims; what was checked is told on the way."""
    notes: list[str] = []
    result = verify(encode(document), note=notes.append)
    assert (result.kind, result.sentence) == (document["claim"]["kind"], document["claim"]["sentence"])
    assert tuple(notes) == result.checks
    return result


def accepted(document: Document, folder: Path | None = None) -> bool:
    """Whether the verifier accepts a document."""
    try:
        verify(encode(document), data_folder=folder)
    except Rejected as error:
        assert error.reason and str(error).isprintable()
        return False
    return True


def assert_changes_are_noticed(
    document: Document,
    holds: Callable[[Document], object],
    *,
    least: int,
    most: Fraction = Fraction(1, 8),
    never: tuple[str, ...] = (),
    folder: Path | None = None,
    tried: int = 700,
) -> None:
    """Of the small changes of a document, at least `least`, few are accepted, and `holds` finds those true.

    Of long documents every second, third, … change is tried, about `tried` of them, so that no number in them is left out.
    `most` is the share that may be accepted: changes such as swapping equal samples leave a true document true.
    Changes whose names begin as in `never` must be rejected, true or not.
    """
    count = survivors = 0
    changes = list(mutants(document))
    for change, mutant in changes[:: -(-len(changes) // draws(tried))]:
        count += 1
        if accepted(mutant, folder):
            assert not change.startswith(never), f"accepted: {change}"
            survivors += 1
            try:
                holds(mutant)
            except Exception as error:
                raise AssertionError(f"accepted, but not true: {change}") from error
    assert len(changes) >= least
    assert survivors < most * count
