"""Losses: a convex function of a gap, given by its pieces (FORMAT.md, sections 2 and 14)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from .arithmetic.document import Field, one_of
from .arithmetic.rational import Rational

GAPS = ("difference", "margin", "lead")
NAMES = ("squared", "absolute", "huber", "hinge")

Piece = tuple[Rational, Rational, Rational]


@dataclass(frozen=True)
class Loss:
    """φ(u) = a u² + b u + c with (a, b, c) = pieces[m] between breakpoints[m − 1] and breakpoints[m].

    `gap` says what u is; `risk` is what sentences call the risk.
    """

    gap: str
    breakpoints: list[Rational]
    pieces: list[Piece]
    risk: str = "risk"

    @cached_property
    def content(self) -> Fraction:
        """The largest number whose integer multiples all 2a, b and c are; 1 for the loss 0."""
        entries = [value for a, b, c in self.pieces for value in (2 * a, b, c) if value]
        return Fraction(gcd(*(v.numerator for v in entries)) or 1, lcm(*(v.denominator for v in entries)))

    @cached_property
    def unit(self) -> Fraction:
        """What `whole_piece` counts in: half of the content."""
        return self.content * Fraction(1, 2)

    def whole_piece(self, piece: int) -> tuple[int, int, int]:
        """The coefficients a, b, c of a piece as integer multiples of the unit."""
        if piece not in self._whole_pieces:
            top, bottom = self.unit.as_integer_ratio()
            a, b, c = (v.numerator * bottom // (v.denominator * top) for v in self.pieces[piece])
            self._whole_pieces[piece] = a, b, c
        return self._whole_pieces[piece]

    @cached_property
    def _whole_pieces(self) -> dict[int, tuple[int, int, int]]:
        return {}

    @cached_property
    def is_curved(self) -> bool:
        """Whether some piece is not linear."""
        return any(a for a, _, _ in self.pieces)

    @cached_property
    def ends(self) -> list[Rational]:
        """The derivatives left and right of every breakpoint, in rising order."""
        return [self.slope(m + side, t) for m, t in enumerate(self.breakpoints) for side in (0, 1)]

    def slope(self, piece: int, u: Rational) -> Rational:
        """The derivative of a piece."""
        a, b, _ = self.pieces[piece]
        return 2 * a * u + b


def read_loss(field: Field, version: int, outputs: int) -> Loss:
    """The field `loss` of a problem."""
    return _read_named(field, outputs) if version == 1 else _read_pieces(field, outputs)


def _read_named(field: Field, outputs: int) -> Loss:
    name = one_of(field.child("name"), NAMES) if field.has("name") else ""
    _, scale_field, *rest = field.fields("name", "scale", *(["delta"] if name == "huber" else []))
    s, risk = scale_field.positive(), f"{name} risk"
    match name:
        case "squared":
            return Loss("difference", [], [(s, 0, 0)], risk)
        case "absolute":
            return Loss("difference", [0], [(0, -s, 0), (0, s, 0)], risk)
        case "huber":
            delta = rest[0].positive()
            end, half = s * delta, Fraction(1, 2)
            inner, outer = (s * half, 0, 0), -end * delta * half
            return Loss("difference", [-delta, delta], [(0, -end, outer), inner, (0, end, outer)], risk)
    if outputs == 1:
        return Loss("margin", [1], [(0, -s, s), (0, 0, 0)], risk)
    return Loss("lead", [-1], [(0, 0, 0), (0, s, s)], risk)


def _read_pieces(field: Field, outputs: int) -> Loss:
    gap_field, breakpoints_field, pieces_field = field.fields("gap", "breakpoints", "pieces")
    gap = one_of(gap_field, GAPS)
    if gap == "lead" and outputs == 1:
        raise gap_field.reject("the gap lead needs at least two outputs")
    breakpoints = breakpoints_field.vector()
    for item, left, right in zip(breakpoints_field.items()[1:], breakpoints, breakpoints[1:], strict=False):
        if left >= right:
            raise item.reject("breakpoints must increase")
    pieces: list[Piece] = []
    for item in pieces_field.items(len(breakpoints) + 1):
        a, b, c = item.vector(3)
        if a < 0:
            raise item.reject("a piece of a convex function has a ≥ 0")
        pieces.append((a, b, c))
    loss = Loss(gap, breakpoints, pieces)
    for m, (item, t) in enumerate(zip(breakpoints_field.items(), breakpoints, strict=True)):
        (a, b, c), (a_next, b_next, c_next) = pieces[m], pieces[m + 1]
        if ((a - a_next) * t + b - b_next) * t + c != c_next:
            raise item.reject("the loss is not continuous there")
        if loss.slope(m, t) > loss.slope(m + 1, t):
            raise item.reject("the loss is not convex there: its slope falls")
    return loss
