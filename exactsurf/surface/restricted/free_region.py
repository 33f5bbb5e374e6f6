"""Regions of free parameters: requirements on pre-activations, what is known of the network there, and the least risk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.cells.affine_network import AffineNetwork, Form, short_form
from exactsurf.cells.affine_terms import LabelledTerm, labelled_terms
from exactsurf.certificate.claims.free_tree import FreeLeaf
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.least_on_polyhedron import LeastOnPolyhedron, least_on_polyhedron, optimality
from exactsurf.exact.linear_algebra import Vector

_ZERO = Fraction(0)


@dataclass(frozen=True)
class FreeRegion:
    """The free parameters at which all `forms` are ≥ 0; `wall`, a form that is 0 there, so that its multiples do not count.

    Exactness: exact. Source: proofs/FORMAT.md, sections 45 and 57; proofs/claims/restricted_surface.md.
    """

    network: AffineNetwork
    forms: tuple[Form, ...] = ()
    wall: Form | None = None

    @cached_property
    def _short(self) -> frozenset[Form]:
        return frozenset(short_form(self.on_wall(form)) for form in self.forms)

    def on_wall(self, form: Form) -> Form:
        """The form less a multiple of that of the wall: the same for all forms that are equal on it."""
        if self.wall is None:
            return form
        factor = next(Fraction(a) / b for a, b in zip(form, self.wall, strict=True) if b)
        return tuple(a - factor * b for a, b in zip(form, self.wall, strict=True)) if factor else form

    def requires(self, form: Form) -> bool:
        """Whether a form is a constant ≥ 0 or a positive multiple of a requirement."""
        form = self.on_wall(form)
        return short_form(form) in self._short if any(form[:-1]) else form[-1] >= 0

    def with_form(self, form: Form) -> FreeRegion:
        """With a further requirement."""
        return FreeRegion(self.network, (*self.forms, form), self.wall)

    def at_wall(self, form: Form) -> FreeRegion:
        """The part where a form is 0."""
        return FreeRegion(self.network, (*self.forms, form, opposite(form)), form)

    def _piece(self, form: Form) -> int | None:
        """The piece on which a pre-activation is required to be."""
        points = self.network.restricted.restriction.network.activation.breakpoints
        for piece in range(len(points) + 1):
            if (piece == 0 or self.requires(shifted(form, points[piece - 1]))) and (
                piece == len(points) or self.requires(opposite(shifted(form, points[piece])))
            ):
                return piece
        return None

    def _known(self, sample: int) -> list[list[Form]]:
        """The pre-activations of the layers that are known, in their order, the outputs being those of the last."""
        network, found = self.network, [list(self.network.first[sample])]
        while len(found) < network.restricted.restriction.network.layers:
            pieces = [self._piece(form) for form in found[-1]]
            known = [piece for piece in pieces if piece is not None]
            if len(known) < len(pieces):
                break
            images = [network.activated(form, piece) for form, piece in zip(found[-1], known, strict=True)]
            found.append(network.layer(len(found) + 1, images))
        return found

    @cached_property
    def predictions(self) -> list[list[Form] | None]:
        """By sample the outputs, None where they are not known."""
        layers = self.network.restricted.restriction.network.layers
        known = map(self._known, range(len(self.network.restricted.unrestricted.data)))
        return [found[-1] if len(found) == layers else None for found in known]

    def open_pairs(self, sample: int) -> Iterator[tuple[tuple[int, int, int, int], Form]]:
        """Where the region may be split for a sample: (layer, unit, sample, breakpoint), and its form."""
        found = self._known(sample)
        points = self.network.restricted.restriction.network.activation.breakpoints
        for unit, form in enumerate(found[-1]):
            if self._piece(form) is None:
                for k, t in enumerate(points):
                    moved = shifted(form, t)
                    if any(form[:-1]) and not self.requires(moved) and not self.requires(opposite(moved)):
                        yield (len(found), unit, sample, k), moved

    def form_of(self, pair: tuple[int, int, int, int]) -> Form | None:
        """The pre-activation less the breakpoint of (layer, unit, sample, breakpoint), None if it is not known."""
        layer, unit, sample, k = pair
        found = self._known(sample)
        points = self.network.restricted.restriction.network.activation.breakpoints
        return shifted(found[layer - 1][unit], points[k]) if layer <= len(found) else None

    @cached_property
    def terms(self) -> tuple[LabelledTerm, ...]:
        """The terms of the risk that are known."""
        return labelled_terms(self.network, self.predictions)

    @cached_property
    def rest(self) -> Fraction:
        """The sum of the least values of the terms that are not known."""
        return sum((term_least(self.network, i) for i, known in enumerate(self.predictions) if known is None), _ZERO)

    def least(self, start: Vector, effort: Effort = UNBOUNDED) -> LeastOnPolyhedron:
        """Where the known terms and weight decay are least, and the least value of them and the rest; the region is not empty."""
        best = least_on_polyhedron(
            [*(term.term for term in self.terms), *self.network.decay_terms], self.forms, [], start, effort
        )
        return LeastOnPolyhedron(best.point, best.value + self.rest)

    def leaf(self, least: LeastOnPolyhedron, effort: Effort = UNBOUNDED) -> FreeLeaf:
        """The evidence that the risk is at least the value of `least` here."""
        problem = self.network.restricted.unrestricted
        rows = [[_ZERO] * problem.network.widths[-1] for _ in range(len(problem.data))]
        found = optimality([*(term.term for term in self.terms), *self.network.decay_terms], self.forms, least.point, effort)
        for labelled, slope in zip(self.terms, found.slopes, strict=False):
            for output, sign in labelled.parts:
                rows[labelled.sample][output] += sign * slope
        return FreeLeaf(tuple(map(tuple, rows)), found.multipliers, None if problem.decay is None else least.point)


def sample_losses(network: AffineNetwork, point: Vector) -> list[Fraction]:
    """The loss on every sample at a point."""
    losses = [_ZERO] * len(network.restricted.unrestricted.data)
    for labelled in labelled_terms(network, network.predictions_at(point)):
        losses[labelled.sample] += labelled.term.at(point)
    return losses


def term_least(network: AffineNetwork, sample: int) -> Fraction:
    """The sum of the least values of the terms of a sample."""
    problem = network.restricted.unrestricted.without_decay
    terms = range(problem.network.widths[-1])
    return sum((problem.term_function(sample, k).least for k in terms if problem.term_outputs(sample, k)), _ZERO)


def shifted(form: Form, t: Fraction) -> Form:
    """form − t."""
    return (*form[:-1], form[-1] - t)


def opposite(form: Form) -> Form:
    """−form."""
    return tuple(-value for value in form)
