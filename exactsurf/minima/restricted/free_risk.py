"""The risk of a restricted problem as a function of its free parameters: derivatives as balls, and flows of the network."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.effort import Effort
from exactsurf.exact.balls import matrix_to_arb, to_arb
from exactsurf.exact.linear_algebra import Matrix, Vector, combination, dot, identity, kernel, rank, solve
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.minima.local.restricted_flows import Flow
from exactsurf.minima.smooth.smooth_derivatives import Derivatives, flint_derivatives
from exactsurf.model.common_outputs import common_outputs
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

if TYPE_CHECKING:
    from flint import arb, arb_mat

FreeFlow: TypeAlias = tuple[Vector, Matrix]
"""The numbers of a sum of flows (proofs/FORMAT.md, section 60), and X(θ₀), A b_1, …, A b_p in the free parameters."""
_ONE = Fraction(1)
_SHORT = 1 << 20


def free_derivatives(restricted: RestrictedProblem) -> Derivatives:
    """Risk, gradient and Hessian by the free parameters, as balls. Exactness: the balls hold the true values.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.diagonal(1, shared=True), es.Data.from_arrays([1], [2]))
    >>> risk, gradient, hessian = free_derivatives(problem)([to_arb(_ONE)], Effort())
    >>> float(risk), float(gradient[0]), float(hessian[0, 0])
    (0.5, -2.0, 2.0)
    """
    restriction = restricted.restriction
    directions = restriction.directions

    def found(point: Sequence[arb], effort: Effort) -> tuple[arb, list[arb], arb_mat] | None:
        from flint import arb_mat

        whole = [to_arb(value) for value in restriction.origin]
        for u, direction in zip(point, directions, strict=True):
            whole = [a + u * to_arb(b) if b else a for a, b in zip(whole, direction, strict=True)]
        derivatives = flint_derivatives(restricted.unrestricted, whole, effort)
        if derivatives is None:
            return None
        risk, gradient, hessian = derivatives
        basis = matrix_to_arb(directions)
        pulled = basis * arb_mat([[value] for value in gradient])
        return risk, [pulled[k, 0] for k in range(len(directions))], basis * hessian * basis.transpose()

    return found


def free_flows(restricted: RestrictedProblem) -> list[FreeFlow]:
    """Flows of the network that stay in the restriction, in sums whose fields are independent.

    They are made of the scales of units that can be rescaled, and of what all outputs can have in common.
    Exactness: exact. Raises: nothing. Source: proofs/claims/restricted_box.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 2, 0]], [1])
    >>> linear = es.RestrictedProblem(es.convolution(3, [2, 2], activation="linear"), data)
    >>> [numbers for numbers, _ in free_flows(linear)]
    [(Fraction(1, 1), Fraction(1, 1))]
    """
    restriction, fields = restricted.restriction, _fields(restricted.unrestricted)
    if not fields:
        return []
    parts = range(1 + restriction.dimension)
    images = [
        (field.at(restriction.origin, shift=True), *(field.at(b, shift=False) for b in restriction.directions))
        for field in fields
    ]
    rows = [tuple(dot(normal, image[part]) for image in images) for normal in kernel(restriction.directions) for part in parts]
    found: list[FreeFlow] = []
    for numbers in kernel(rows) if rows else identity(len(fields)):
        steps = (restriction.step(combination(numbers, [image[part] for image in images])) for part in parts)
        moved = tuple(step for step in steps if step is not None)
        flat = [*(sum(matrix, ()) for _, matrix in found), sum(moved, ())]
        if rank(flat) == len(flat):
            found.append((numbers, moved))
    return found


def held_of(flows: Sequence[FreeFlow], values: Vector) -> tuple[int, ...] | None:
    """As many free parameters as there are flows, which these move independently at the values; None if there are none.

    Exactness: exact. Raises: nothing. Source: proofs/claims/restricted_box.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 2, 0]], [1])
    >>> flows = free_flows(es.RestrictedProblem(es.convolution(3, [2, 2], activation="linear"), data))
    >>> held_of(flows, tuple(map(Fraction, (1, 2, 4, 3)))), held_of(flows, (Fraction(0),) * 4)
    ((2,), None)
    """
    rows = [list(_at_values(matrix, values)) for _, matrix in flows]
    held: list[int] = []
    for k in range(len(rows)):
        places = [(a, p) for a in range(k, len(rows)) for p in range(len(values))]
        a, place = max(places, key=lambda entry: abs(rows[entry[0]][entry[1]]))
        if not rows[a][place]:
            return None
        rows[k], rows[a] = rows[a], rows[k]
        held.append(place)
        for b in range(k + 1, len(rows)):
            factor = rows[b][place] / rows[k][place]
            rows[b] = [x - factor * y for x, y in zip(rows[b], rows[k], strict=True)]
    return tuple(sorted(held))


def normalised(flows: Sequence[FreeFlow], held: Sequence[int], values: Vector) -> Matrix:
    """Numbers of flows that move the parameters that are held nearly as the identity at the values. Exactness: short numbers."""
    moved = [_at_values(matrix, values) for _, matrix in flows]
    columns = [[row[place] for row in moved] for place in held]
    found = []
    for unit in identity(len(held)):
        numbers = combination(solve(columns, unit), [numbers for numbers, _ in flows])
        found.append(tuple(Fraction(round(value * _SHORT), _SHORT) for value in numbers))
    return tuple(found)


def _at_values(flow: Matrix, values: Vector) -> Vector:
    return combination((_ONE, *values), flow)


def _fields(problem: Problem) -> list[Flow]:
    """The flows of proofs/FORMAT.md, section 60, one for each number."""
    network, places = problem.network, row_positions(problem.network)
    size, degree, found = sum(len(row) for rows in places for row in rows), network.activation.degree, list[Flow]()
    if degree is not None and problem.decay is None:
        for layer, rows in enumerate(places[:-1]):
            for j, row in enumerate(rows):
                above = [(line[j], line[j], Fraction(-degree)) for line in places[layer + 1]]
                found.append(Flow((*((place, place, _ONE) for place in row), *above), (), size))
    weights, bias = common_outputs(problem)
    columns, width = list(zip(*places[-1], strict=True)), network.widths[-2]
    common = [*(columns[:width] if weights else ()), *(columns[width:] if bias else ())]
    return [*found, *(Flow((), tuple((place, _ONE) for place in column), size) for column in common)]
