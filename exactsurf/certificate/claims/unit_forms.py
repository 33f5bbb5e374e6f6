"""Forms of one unit with their proofs, as certificates of lower bounds carry them (proofs/FORMAT.md, sections 25 and 39)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.certificate.problem_document import number_document, vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact

Wall: TypeAlias = tuple[int, int]
"""A sample and a breakpoint."""

ON_WALL = 2
"""Both sides of a wall at once, in the regions of a barrier."""

Slopes: TypeAlias = tuple[tuple[int, int, Fraction], ...]
"""Slopes of lines at some walls (sample, breakpoint); the other walls have their usual ones."""


@dataclass(frozen=True)
class WallSplit:
    """A step that asks on which side of a wall the unit is; `plus` and `minus` are the places of the next steps."""

    wall: Wall
    plus: int
    minus: int


@dataclass(frozen=True)
class ImpliedStep:
    """A step that concludes from the sides so far on which side of a wall the unit is: that of its slope's sign."""

    wall: Wall
    slopes: Slopes
    then: int


@dataclass(frozen=True)
class LinesStep:
    """A last step: lines below the form add up to a constant that is not negative, or, if `empty`, no weights are left."""

    slopes: Slopes
    empty: bool = False


@dataclass(frozen=True)
class SlopeStep:
    """A last step where there is weight decay: the form is at least −q·w along all rays that are left."""

    slope: Vector


ProofStep: TypeAlias = WallSplit | ImpliedStep | LinesStep | SlopeStep


@dataclass(frozen=True)
class UnitForm:
    """A dual vector times a sign (1 or −1) is not negative on a region (walls with a side, 1, −1 or `ON_WALL`), and the proof.

    With weight decay it is not below what weight decay adds.
    """

    dual: int
    sign: int
    region: tuple[tuple[Wall, int], ...]
    proof: tuple[ProofStep, ...]


@dataclass(frozen=True)
class FormLeaf:
    """A leaf of a sign tree: its dual vector, and for every unit the forms that show that it holds there."""

    dual: int
    forms: tuple[tuple[int, ...], ...]


def form_document(form: UnitForm) -> dict[str, Any]:
    """A form as a JSON value."""
    return {
        "dual": form.dual,
        "sign": _bit(form.sign),
        "region": [[*wall, _bit(side)] for wall, side in form.region],
        "nodes": list(map(_step_document, form.proof)),
    }


def form_of(entry: dict[str, Any]) -> UnitForm:
    """A form from its JSON value."""
    region = tuple(((i, k), side or -1) for i, k, side in entry["region"])
    return UnitForm(entry["dual"], 1 if entry["sign"] else -1, region, tuple(map(_step_of, entry["nodes"])))


def _bit(side: int) -> int:
    return max(side, 0)


def _step_document(step: ProofStep) -> dict[str, Any]:
    if isinstance(step, WallSplit):
        return {"split": list(step.wall), "plus": step.plus, "minus": step.minus}
    if isinstance(step, SlopeStep):
        return {"slope": vector_document(step.slope)}
    slopes = [[i, k, number_document(slope)] for i, k, slope in step.slopes]
    if isinstance(step, ImpliedStep):
        return {"implied": list(step.wall), "slopes": slopes, "then": step.then}
    return {"empty" if step.empty else "slopes": slopes}


def _step_of(entry: dict[str, Any]) -> ProofStep:
    if "split" in entry:
        i, k = entry["split"]
        return WallSplit((i, k), entry["plus"], entry["minus"])
    if "slope" in entry:
        return SlopeStep(vector_of(entry["slope"]))
    slopes = tuple((i, k, exact(slope)) for i, k, slope in entry.get("empty", entry.get("slopes", ())))
    if "implied" in entry:
        i, k = entry["implied"]
        return ImpliedStep((i, k), slopes, entry["then"])
    return LinesStep(slopes, "empty" in entry)
