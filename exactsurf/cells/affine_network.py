"""Restricted networks with at most one varying weight on each path: by cells they are affine in the free parameters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.least_on_polyhedron import Term
from exactsurf.exact.linear_algebra import Vector, dot, primitive
from exactsurf.exact.number import whole_number
from exactsurf.model.restricted_problem import RestrictedProblem

Form: TypeAlias = Vector
"""a_1, …, a_p, c for the affine function a·u + c of the free parameters u."""

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class AffineNetwork:
    """A restricted problem of degree at most 1: on every cell what it computes is affine in the free parameters u.

    So it is with fixed output weights, with a shared filter under a fixed head, and where one layer of a deep network is free.
    Built by `affine_network`. Exactness: exact. Source: proofs/claims/restricted_surface.md.
    """

    restricted: RestrictedProblem

    @property
    def dimension(self) -> int:
        """p, the number of free parameters."""
        return self.restricted.restriction.dimension

    @cached_property
    def _rows(self) -> tuple[tuple[tuple[tuple[Form, ...], Form], ...], ...]:
        """[layer − 1][unit]: the weights and the bias, as affine functions of u."""
        restriction = self.restricted.restriction
        parts = (*restriction.basis, restriction.offset)
        nothing = (_ZERO,) * len(parts)
        return tuple(
            tuple(
                (
                    tuple(tuple(part.weights[layer][j][k] for part in parts) for k in range(width)),
                    tuple([part.biases[layer][j] for part in parts]) if has_bias else nothing,  # type: ignore[index]
                )
                for j in range(above)
            )
            for layer, (width, above, has_bias) in enumerate(
                zip(restriction.network.widths, restriction.network.widths[1:], restriction.network.biases, strict=False)
            )
        )

    def layer(self, layer: int, below: Sequence[Form]) -> list[Form]:
        """The pre-activations of a layer, counted from 1, from what it reads."""
        return [_combined(weights, bias, below) for weights, bias in self._rows[layer - 1]]

    @cached_property
    def first(self) -> tuple[tuple[Form, ...], ...]:
        """By sample, the pre-activations of layer 1."""
        zeros = (_ZERO,) * self.dimension
        return tuple(tuple(self.layer(1, [(*zeros, value) for value in row])) for row in self.restricted.unrestricted.data.x)

    @cached_property
    def decay_terms(self) -> tuple[Term, ...]:
        """The terms of weight decay as functions of u, one for all penalised entries that are multiples of each other."""
        decay, restriction = self.restricted.unrestricted.decay, self.restricted.restriction
        if decay is None:
            return ()
        found: dict[Form, Fraction] = {}
        for form in zip(*map(decay.penalised, (*restriction.basis, restriction.offset)), strict=True):
            if any(form):
                short = unsigned(form)
                scale = next(a / b for a, b in zip(form, short, strict=True) if b)
                found[short] = found.get(short, _ZERO) + scale * scale
        half = decay.factor / 2
        return tuple(Term(ConvexPieces((), ((half * size, _ZERO, _ZERO),)), form) for form, size in found.items())

    def activated(self, form: Form, piece: int) -> Form:
        """h of a pre-activation on a piece of h."""
        slope, intercept = self.restricted.restriction.network.activation.lines[piece]
        return (*(slope * value for value in form[:-1]), slope * form[-1] + intercept)

    def layers_at(self, values: Sequence[Fraction], sample: int, last: int | None = None) -> list[list[Form]]:
        """By layer the pre-activations on a sample, the outputs among them, as they are in the cell of u.

        Parameters: `values`, u; at a breakpoint the piece on its left is taken; `last`, the last layer that is wanted (default:
        the outputs). Exactness: exact. Raises: nothing. Source: the definition.

        >>> import exactsurf as es
        >>> filters = es.convolution(4, [2], strides=2, head=[1, 1])
        >>> network = affine_network(es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 0, 1]], [2])))
        >>> network.layers_at((Fraction(1), Fraction(-1)), 0)[-1]
        [(Fraction(1, 1), Fraction(0, 1), Fraction(0, 1))]
        """
        network = self.restricted.restriction.network
        points, here = network.activation.breakpoints, (*values, _ONE)
        found = [list(self.first[sample])]
        for layer in range(2, (last or network.layers) + 1):
            images = [self.activated(form, bisect_left(points, dot(form, here))) for form in found[-1]]
            found.append(self.layer(layer, images))
        return found

    def predictions_at(self, values: Sequence[Fraction]) -> list[list[Form]]:
        """By sample the outputs, as affine functions of u on the cell of `values`."""
        return [self.layers_at(values, sample)[-1] for sample in range(len(self.restricted.unrestricted.data))]

    def sides_at(self, values: Sequence[Fraction]) -> list[Form]:
        """Forms that are ≥ 0 exactly where all units have the pieces of `layers_at`; constant ones are left out."""
        points, here, found = self.restricted.restriction.network.activation.breakpoints, (*values, _ONE), dict[Form, None]()
        for sample in range(len(self.restricted.unrestricted.data)):
            for forms in self.layers_at(values, sample)[:-1]:
                for form in forms:
                    piece = bisect_left(points, dot(form, here))
                    if piece > 0:
                        found.setdefault((*form[:-1], form[-1] - points[piece - 1]))
                    if piece < len(points):
                        found.setdefault((*(-value for value in form[:-1]), points[piece] - form[-1]))
        return [form for form in found if any(form[:-1])]

    def kinks(self, max_cells: int, effort: Effort = UNBOUNDED) -> tuple[Form, ...]:
        """Hyperplanes that cut the space of u into cells on which all pre-activations and predictions are affine.

        They are the kinks of layer 1, and those of each further layer on every cell so far. Each is given by coprime integers.
        Parameters: `max_cells`, the most cells; `effort`, whose time is asked after. Exactness: exact.
        Raises: `InputError` for more cells, `OutOfTime`. Source: proofs/claims/restricted_surface.md.

        >>> import exactsurf as es
        >>> filters = es.convolution(4, [2], strides=2, head=[1, 1])
        >>> network = affine_network(es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 0, 1]], [2])))
        >>> [[int(value) for value in form] for form in network.kinks(100)]
        [[1, 0, 0], [0, 1, 0]]
        """
        network, found = self.restricted.restriction.network, dict[Form, None]()
        samples = range(len(self.restricted.unrestricted.data))
        for layer in range(1, network.layers):
            points = [(_ZERO,) * self.dimension]
            if layer > 1:
                arrangement = arrangement_of(tuple(found), self.dimension)
                check_count(arrangement, max_cells)
                points = [cell.witness for cell in arrangement.cells()]
            for values in points:
                effort.check(f"{len(found)} hyperplanes between cells were found")
                for sample in samples:
                    for form in self.layers_at(values, sample, layer)[-1]:
                        for t in network.activation.breakpoints:
                            if any(form[:-1]):
                                found.setdefault(unsigned((*form[:-1], form[-1] - t)))
        return tuple(found)


def affine_network(restricted: RestrictedProblem) -> AffineNetwork:
    """The network of a restricted problem, if it has degree at most 1.

    Parameters: `restricted`. Exactness: exact. Raises: `UnsupportedError` for smooth activations, losses that are expressions,
    and where two weights vary on some path. Source: proofs/claims/restricted_surface.md.

    >>> import exactsurf as es
    >>> affine_network(es.RestrictedProblem(es.diagonal(1), es.Data.from_arrays([1], [1])))
    Traceback (most recent call last):
        ...
    exactsurf.errors.UnsupportedError: no landscape of this restricted problem is known: on some path of its network 2 weights \
vary, so predictions are not affine in the free parameters on cells; fix all layers but one, for example the output weights, or \
let a free weight be a scale of a filter that it can be moved into; es.power_landscape knows weights that are shared by layers; \
es.decide answers about one point
    """
    network = restricted.restriction.network
    if not network.is_piecewise_linear or not restricted.unrestricted.loss.is_piecewise_quadratic:
        what = "landscapes of restricted problems are known for piecewise linear activations and piecewise quadratic losses"
        raise UnsupportedError(what, "take es.relu and es.squared, for example; exactsurf decide answers about one point")
    degree = restricted.restriction.degree
    if degree > 1 and restricted.unrestricted.decay is not None:
        what = f"landscapes are not known with weight decay where {degree} weights vary on some path of a restricted problem"
        raise UnsupportedError(what, "leave weight decay out, or fix all layers but one; es.decide answers about one point")
    if degree > 1:
        raise UnsupportedError(
            f"no landscape of this restricted problem is known: on some path of its network {degree} weights vary, so "
            "predictions are not affine in the free parameters on cells",
            "fix all layers but one, for example the output weights, or let a free weight be a scale of a filter that it can be "
            "moved into; es.power_landscape knows weights that are shared by layers; es.decide answers about one point",
        )
    return AffineNetwork(restricted)


def arrangement_of(forms: Sequence[Form], dimension: int) -> Arrangement:
    """The arrangement of the zeros of these affine functions; one cell if there are none.

    Exactness: exact. Raises: nothing. Source: the definition.

    >>> arrangement_of([], 2).count_cells()
    1
    """
    if not forms:
        return Arrangement([(_ZERO,) * dimension], [-_ONE])
    return Arrangement([form[:-1] for form in forms], [-form[-1] for form in forms])


def check_count(arrangement: Arrangement, max_cells: int) -> None:
    """Raise `InputError` if there are more cells than `max_cells`, before any is listed. Exactness: exact."""
    whole_number(max_cells, "max_cells", 0)
    count = arrangement.count_cells()
    if count > max_cells:
        raise InputError(
            f"the space of the {arrangement.dimension} free parameters is cut into {count} cells, more than {max_cells}",
            fix="raise max_cells (--max-cells), take fewer samples or free parameters, or ask about one point with decide",
        )


def short_form(form: Form) -> Form:
    """The positive multiple of a form by coprime integers. Exactness: exact.

    >>> short_form((Fraction(1, 2), Fraction(-1)))
    (Fraction(1, 1), Fraction(-2, 1))
    """
    return tuple(map(Fraction, primitive(form)[0]))


def unsigned(form: Form) -> Form:
    """The multiple by coprime integers whose first entry that is not 0 is positive."""
    short = short_form(form)
    return short if next(filter(None, short), _ONE) > 0 else tuple(-value for value in short)


def _combined(weights: Sequence[Form], bias: Form, below: Sequence[Form]) -> Form:
    """Σ weight · reading + bias; of each product one factor is constant."""
    total = list(bias)
    for weight, reading in zip(weights, below, strict=True):
        factor, other = (reading[-1], weight) if any(weight[:-1]) else (weight[-1], reading)
        if factor:
            total = [a + factor * b if b else a for a, b in zip(total, other, strict=True)]
    return tuple(total)
