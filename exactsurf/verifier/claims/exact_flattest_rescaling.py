"""The claim `exact flattest rescaling`: the least sharpness of section 42 as an algebraic number (FORMAT.md, section 62)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..algebraic_ring import Element, Ring, enclosed, read_root
from ..arithmetic.document import Field, at
from ..arithmetic.interval import Interval
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import Rational
from ..exact_sharpness import read_exact_sharpness
from ..field_numbers import FieldNumbers
from ..rescaled_units import Unit, check_shape, read_hessian, units_of
from ..submission import Submission
from .critical_box import read_bits


def check_exact_flattest_rescaling(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk at the parameters."""
    stated = read_exact_sharpness(
        submission,
        check_shape,
        "Rescaling the hidden units of the {architecture} network at the given parameters, the least {of} of the Hessian of the"
        " {risk} on {samples} is ",
    )
    problem = stated.problem
    hessian = read_hessian(submission, problem, stated.point, stated.parameters)
    units = list(dict.fromkeys(unit for pair in units_of(problem) for unit in pair if unit is not None))
    found = _read(stated.evidence, hessian, sorted(units), units_of(problem), stated.by_trace)
    submission.done(f"factors in numbers of degree {found.ring.root.degree}")
    if stated.by_trace:
        _check_trace(found)
    else:
        _check_eigenvalue(found)
    submission.done("the masses are balanced, so that no factors make the sum smaller")
    stated.check_value(found, found.value)
    submission.done("it is the stated algebraic number")
    return stated.sentence, stated.point.risk


@dataclass(frozen=True)
class _Rescaled(FieldNumbers):
    """The numbers of the evidence: x_u and 1/x_u by unit, and vectors with their shares."""

    hessian: Sequence[Sequence[Rational]]
    sides: Sequence[tuple[Unit | None, Unit | None]]
    fields: dict[str, Field]
    value: Element
    squares: dict[Unit, Element]
    inverses: dict[Unit, Element]
    vectors: list[list[Element]]
    shares: list[Element]

    @cached_property
    def scales(self) -> list[Element]:
        """s_p² of every parameter."""
        return [self._scale(into, out_of) for into, out_of in self.sides]

    @cached_property
    def inverse_scales(self) -> list[Element]:
        """1/s_p² of every parameter."""
        return [self._scale(out_of, into) for into, out_of in self.sides]

    def _scale(self, above: Unit | None, below: Unit | None) -> Element:
        top = self.ring.constant(1) if above is None else self.squares[above]
        return top if below is None else self.product(top, self.inverses[below])

    def check_balanced(self, masses: Sequence[Element], field: Field) -> None:
        """Reject masses of which not as much comes into a unit as goes out of it."""
        for unit in self.squares:
            parts = []
            for mass, (into, out_of) in zip(masses, self.sides, strict=True):
                if into == unit:
                    parts.append(mass)
                if out_of == unit:
                    parts.append(self.ring.scaled(mass, -1))
            if any(self.sum_of(parts)[0]):
                layer, place = unit
                raise field.reject(f"what comes into unit {place} of layer {layer + 1} is not what goes out of it")


def _read(
    evidence: Field,
    hessian: Sequence[Sequence[Rational]],
    units: Sequence[Unit],
    sides: Sequence[tuple[Unit | None, Unit | None]],
    by_trace: bool,
) -> _Rescaled:
    names = ["bits", "root", "value", "squares", "inverses", *([] if by_trace else ["vectors", "shares"])]
    fields = dict(zip(names, evidence.fields(*names), strict=True))
    bits, root = read_bits(fields["bits"]), read_root(fields["root"])
    with at(fields["root"].place):
        alpha = root.enclosed(bits)

    def number(field: Field) -> Element:
        return field.vector(root.degree), [0] * root.degree

    squares, inverses = ([number(item) for item in fields[name].items(len(units))] for name in ("squares", "inverses"))
    vectors: list[list[Element]] = []
    shares: list[Element] = []
    if not by_trace:
        vectors = [[number(entry) for entry in item.items(len(hessian))] for item in fields["vectors"].items()]
        if not 1 <= len(vectors) <= len(hessian):
            raise fields["vectors"].reject("expected at least one vector, and at most as many as parameters")
        shares = [number(item) for item in fields["shares"].items(len(vectors))]
    found = _Rescaled(
        Ring(root),
        alpha,
        hessian,
        sides,
        fields,
        number(fields["value"]),
        dict(zip(units, squares, strict=True)),
        dict(zip(units, inverses, strict=True)),
        vectors,
        shares,
    )
    for item, one, other in zip(fields["squares"].items(), squares, inverses, strict=True):
        with at(item.place):
            if not found.is_positive(one):
                raise item.reject("expected a positive number, as far as these bits tell")
            if not found.equal(found.product(one, other), found.ring.constant(1)):
                raise item.reject("this is not the inverse of the number in `inverses`")
    return found


def _check_trace(found: _Rescaled) -> None:
    """Item 3."""
    field = found.fields["value"]
    with at(field.place):
        masses = [found.ring.scaled(scale, found.hessian[p][p]) for p, scale in enumerate(found.inverse_scales)]
        if not found.equal(found.sum_of(masses), found.value):
            raise field.reject("this is not the trace at these factors")
        found.check_balanced(masses, found.fields["squares"])


def _check_eigenvalue(found: _Rescaled) -> None:
    """Item 4."""
    size, vectors = len(found.hessian), found.fields["vectors"]
    with at(vectors.place):
        masses = [found.ring.constant(0) for _ in range(size)]
        whole = found.ring.constant(0)
        for item, share_field, vector, share in zip(
            vectors.items(), found.fields["shares"].items(), found.vectors, found.shares, strict=True
        ):
            if not found.is_nowhere_negative(share):
                raise share_field.reject("expected 0 or a positive number, as far as these bits tell")
            for p, row in enumerate(found.hessian):
                image = found.combined(vector, row)
                mass = found.product(found.scales[p], vector[p])
                if not found.equal(image, found.product(found.value, mass)):
                    raise item.reject("this is no vector of the largest eigenvalue at these factors")
                part = found.product(share, mass, vector[p])
                masses[p] = found.ring.add(masses[p], part)
                whole = found.ring.add(whole, found.product(found.value, part))
        if not found.is_positive(whole):
            raise vectors.reject("the vectors may all be 0, as far as these bits tell")
        found.check_balanced(masses, vectors)
        gap: list[list[Interval]] = []
        for p in range(size):
            gap.append([])
            for q in range(size):
                entry = found.ring.constant(-found.hessian[p][q])
                if p == q:
                    entry = found.ring.add(entry, found.product(found.value, found.scales[p]))
                gap[-1].append(
                    enclosed(found.sum_of([entry, *(found.product(z[p], z[q]) for z in found.vectors)])[0], found.alpha)
                )
        if bad_pivot(gap) is not None:
            raise vectors.reject("the value may not be the largest eigenvalue at these factors, as far as these bits tell")
