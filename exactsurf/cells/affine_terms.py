"""The terms of the risk of a restricted problem of degree 1 as functions of the free parameters, on the cells of its network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.cells.affine_network import AffineNetwork, Form
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.least_on_polyhedron import LeastOnPolyhedron, Term, least_on_polyhedron
from exactsurf.exact.linear_algebra import Vector

_ZERO = Fraction(0)


@dataclass(frozen=True)
class LabelledTerm:
    """A term of the risk on a sample, as a function of u; it depends on the sum of `parts`, pairs (output, 1 or −1)."""

    sample: int
    parts: tuple[tuple[int, int], ...]
    term: Term


def labelled_terms(network: AffineNetwork, predictions: Sequence[Sequence[Form] | None]) -> tuple[LabelledTerm, ...]:
    """The terms of the risk as functions of u, for affine predictions; a sample with None has none.

    Exactness: exact. Raises: nothing. Source: the definition.
    """
    problem, found = network.restricted.unrestricted.without_decay, []
    for i, forms in enumerate(predictions):
        for k in range(problem.network.widths[-1]) if forms is not None else ():
            parts = problem.term_outputs(i, k)
            if parts and forms is not None:
                columns = zip(*(forms[output] for output, _ in parts), strict=True)
                form = tuple(sum((sign * v for (_, sign), v in zip(parts, column, strict=True)), _ZERO) for column in columns)
                found.append(LabelledTerm(i, parts, Term(problem.term_function(i, k), form)))
    return tuple(found)


def terms_at(network: AffineNetwork, values: Vector) -> tuple[Term, ...]:
    """The terms of the risk on the cell of `values`, weight decay among them. Exactness: exact."""
    losses = (labelled.term for labelled in labelled_terms(network, network.predictions_at(values)))
    return (*losses, *network.decay_terms)


def least_in_cell(network: AffineNetwork, values: Vector, effort: Effort = UNBOUNDED) -> LeastOnPolyhedron:
    """The minimum over the closed cell of `values`; at a breakpoint over that on its left.

    Exactness: exact. Raises: `OutOfTime`. Source: proofs/claims/restricted_surface.md.

    >>> import exactsurf as es
    >>> from exactsurf.cells.affine_network import affine_network
    >>> filters = es.convolution(4, [2], strides=2, head=[1, 1])
    >>> problem = es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 0, 1], [1, 0, 0, 0]], [2, 0]), "absolute")
    >>> least_in_cell(affine_network(problem), (Fraction(1), Fraction(1)))
    LeastOnPolyhedron(point=(Fraction(0, 1), Fraction(2, 1)), value=Fraction(0, 1))
    """
    return least_on_polyhedron(terms_at(network, values), network.sides_at(values), [], values, effort)
