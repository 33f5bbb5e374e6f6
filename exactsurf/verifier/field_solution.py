"""A place in a fibre and what bounds its sharpness, in numbers of one number field (FORMAT.md, section 61)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .algebraic_ring import Element, Ring, read_root
from .arithmetic.document import Field, at
from .fibre import Fibre
from .field_numbers import FieldNumbers


@dataclass(frozen=True)
class FieldSolution(FieldNumbers):
    """The numbers of the evidence; `curved` are the samples of I."""

    fibre: Fibre
    by_trace: bool
    fields: dict[str, Field]
    value: Element
    products: list[list[Element]]
    bias: list[Element]
    squares: list[Element]
    lines: list[list[Element]]
    multipliers: list[Element]
    prices: list[list[Element]]
    vectors: list[list[Element]]
    shares: list[Element]

    @cached_property
    def curved(self) -> list[int]:
        """The samples whose terms are curved, in order."""
        return [i for i, bend in enumerate(self.fibre.bends) if bend]

    @cached_property
    def reads(self) -> list[list[Element]]:
        """g_ji for the samples of I."""
        return [[self.read(j, i, line) for i in self.curved] for j, line in enumerate(self.lines)]

    def read(self, unit: int, sample: int, entries: Sequence[Element]) -> Element:
        """a_ij x̃_i·(entries)."""
        slope = self.fibre.slopes[unit][sample]
        return self.combined(entries, [slope * x for x in self.fibre.rows[sample]])


def read_solution(fibre: Fibre, evidence: Field, bits: int, by_trace: bool) -> FieldSolution:
    """The evidence; for the trace the vectors and shares that are known."""
    names = ["bits", "root", "value", "products", "bias", "squares", "lines", "multipliers", "prices"]
    names += [] if by_trace else ["vectors", "shares"]
    fields = dict(zip(names, evidence.fields(*names), strict=True))
    root = read_root(fields["root"])
    ring, degree = Ring(root), root.degree
    units, samples, size = len(fibre.slopes), len(fibre.rows), len(fibre.rows[0])
    curved = [i for i, bend in enumerate(fibre.bends) if bend]

    def number(field: Field) -> Element:
        return field.vector(degree), [0] * degree

    def row(field: Field, count: int | None) -> list[Element]:
        return [number(item) for item in field.items(count)]

    def rows(name: str, count: int | None, width: int) -> list[list[Element]]:
        return [row(item, width) for item in fields[name].items(count)]

    with at(fields["root"].place):
        alpha = root.enclosed(bits)
    if by_trace:
        vectors = [[ring.constant(int(i == k)) for i in curved] for k in curved]
        shares = [ring.constant(fibre.bends[i]) for i in curved]
    else:
        vectors = rows("vectors", None, len(curved))
        if not 1 <= len(vectors) <= len(curved):
            raise fields["vectors"].reject("expected at least one vector, and at most as many as curved terms")
        shares = row(fields["shares"], len(vectors))
    return FieldSolution(
        ring,
        alpha,
        fibre,
        by_trace,
        fields,
        number(fields["value"]),
        rows("products", units, size),
        row(fields["bias"], int(fibre.has_bias)),
        row(fields["squares"], units),
        rows("lines", units, size),
        row(fields["multipliers"], samples),
        rows("prices", units, samples),
        vectors,
        shares,
    )
