"""A local minimum whose coordinates are algebraic numbers: found by Newton's method and lattices, proved by the verifier."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.cells.activation_pattern import activation_pattern, boundary_text
from exactsurf.cells.cell import cell_of
from exactsurf.cells.coordinates import coordinates, parameters_at, weight_names
from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.algebraic_point import AlgebraicPoint
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort
from exactsurf.errors import InputError, RejectedCertificate, SingularMatrixError, UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.integer_relation import find_polynomial
from exactsurf.exact.linear_algebra import pivot_columns, solve
from exactsurf.exact.polynomial import Polynomial
from exactsurf.minima.algebraic.number_field import in_one_field, nearest_root
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

BITS = 1536
DEGREE = 12
_FIRST_BITS = 64
_STEPS = 40
_SPARE = 64


def algebraic_minimum(problem: Problem, parameters: Parameters, *, effort: AnyEffort = None) -> Verdict:
    """The local minimum near a point, with its coordinates as exact algebraic numbers.

    In the cell of the point the risk is a polynomial. Newton's method finds a critical point nearby to many digits, where one
    incoming weight of every rescalable unit is held; lattice reduction guesses a number α with its minimal polynomial and the
    coordinates as polynomials in α; the verifier checks exactly that the gradient is 0 and the Hessian positive definite but
    for directions of rescaling.

    Parameters: `problem`, with the squared loss and a piecewise linear activation; `parameters` strictly inside a cell, near
    the minimum; `effort`, which bounds the time. Returns: PROVED with an `AlgebraicPoint` as certificate, or UNDECIDED with
    the reason, also if all coordinates are rational (`decide` answers then).
    Exactness: exact; floats and guesses only propose. Raises: `InputError` for a point on a wall, `UnsupportedError` for other
    losses, `ShapeError`, `OutOfTime`. Source: proofs/claims/algebraic_point.md.

    >>> import exactsurf as es
    >>> network = es.Network([2, 1, 2], es.linear, biases=False)
    >>> problem = es.Problem(network, es.Data.from_arrays([[1, 0], [0, 1]], [[1, 1], [1, 0]]))
    >>> verdict = es.algebraic_minimum(problem, problem.parameters(W1=[[1, "3/5"]], W2=[["6/5"], ["7/10"]]))
    >>> verdict.status, verdict.certificate.risk.polynomial  # (3 − √5)/4
    (<Status.PROVED: 'PROVED'>, (1, -6, 4))
    """
    running = Effort.of(effort).started()
    check_piecewise_linear(problem, "algebraic_minimum")
    problem.check_no_decay()
    if not problem.loss.is_quadratic:
        raise UnsupportedError("algebraic_minimum is for the squared loss", "take the squared loss")
    here = activation_pattern(problem, parameters)
    if here.boundary:
        raise InputError(f"the parameters lie in no open cell: {boundary_text(here)}", fix="move the point off the wall")
    risk = cell_of(problem, parameters).risk
    names = weight_names(problem.network)
    held = _held(problem, parameters)
    free = [name for name in names if name not in held]
    found = _newton(risk, coordinates(parameters), free, running)
    if isinstance(found, str):
        return Verdict(Status.UNDECIDED, found)
    point = found
    if not cell_of(problem, parameters).contains(parameters_at(problem.network, point)):
        return Verdict(Status.UNDECIDED, "Newton's method leaves the cell of the point")
    field = in_one_field([point[name] for name in names], BITS - _SPARE, DEGREE, running)
    if isinstance(field, NotProved):
        return Verdict(Status.UNDECIDED, field.reason)
    root, images = field
    if len(root.polynomial) == 2:
        return Verdict(Status.UNDECIDED, "all coordinates seem to be rational: decide answers for rational points")
    level = find_polynomial(risk.value(point), BITS - _SPARE, DEGREE)
    if level is None:
        return Verdict(Status.UNDECIDED, f"no polynomial of degree {DEGREE} or less was found for the risk")
    least = nearest_root(level, risk.value(point))
    certificate = AlgebraicPoint(problem, root, dict(zip(names, images, strict=True)), least, BITS // 2)
    try:
        verify(certificate)
    except RejectedCertificate as error:
        return Verdict(
            Status.UNDECIDED, f"a critical point of algebraic coordinates was guessed, but not proved: {error.fields['reason']}"
        )
    enclosed = Ball((least.low + least.high) / 2, (least.high - least.low) / 2)
    return Verdict(Status.PROVED, f"a local minimum of algebraic coordinates, of risk {least!r}", certificate, risk=enclosed)


def _held(problem: Problem, parameters: Parameters) -> set[str]:
    """Coordinates that are held, so that rescaling units does not move a critical point: the largest incoming one of each."""
    network = problem.network
    if network.activation.degree != 1:
        return set()
    if network.activation.is_linear:
        return _held_linear(problem, parameters)
    held = set()
    for layer in range(1, network.layers):
        bias = parameters.biases[layer - 1]
        for j, row in enumerate(parameters.weights[layer - 1]):
            values = {f"W{layer}_{j}_{k}": abs(value) for k, value in enumerate(row)}
            if bias is not None:
                values[f"b{layer}_{j}"] = abs(bias[j])
            held.add(max(values, key=lambda name: values[name]))
    return held


def _held_linear(problem: Problem, parameters: Parameters) -> set[str]:
    """The same where invertible matrices may stand between two layers: coordinates in which their tangents are independent."""
    names, widths = weight_names(problem.network), problem.network.widths
    tangents = []
    for layer in range(1, problem.network.layers):
        weights, above, bias = parameters.weights[layer - 1], parameters.weights[layer], parameters.biases[layer - 1]
        for j in range(widths[layer]):
            for k in range(widths[layer]):
                tangent = {f"W{layer}_{j}_{p}": value for p, value in enumerate(weights[k])}
                tangent.update({f"W{layer + 1}_{q}_{k}": -row[j] for q, row in enumerate(above)})
                if bias is not None:
                    tangent[f"b{layer}_{j}"] = bias[k]
                tangents.append([tangent.get(name, Fraction(0)) for name in names])
    return {names[p] for p in pivot_columns(tangents)}


def _newton(risk: Polynomial, start: dict[str, Fraction], free: list[str], effort: Effort) -> dict[str, Fraction] | str:
    """A zero of the gradient by the free coordinates, to `BITS` bits; a reason if the steps do not become small."""
    held = {name: value for name, value in start.items() if name not in free}
    inside = risk.restricted(held)
    point, bits = {name: start[name] for name in free}, _FIRST_BITS
    order = list(inside.variables)
    for _ in range(_STEPS):
        effort.check("Newton's method")
        gradient, hessian = inside.gradient_at(point), inside.hessian_at(point)
        try:
            step = solve(hessian, gradient)
        except SingularMatrixError:
            return "the Hessian is singular near the point, also with one incoming weight of every unit held"
        point = {name: _rounded(point[name] - value, bits) for name, value in zip(order, step, strict=True)}
        length = max((abs(value) for value in step), default=Fraction(0))
        if length < Fraction(1, 1 << (bits // 2)):
            if bits == 2 * BITS:
                return {**held, **point}
            bits = min(2 * bits, 2 * BITS)
    return "Newton's method does not converge from the point"


def _rounded(value: Fraction, bits: int) -> Fraction:
    return Fraction((value.numerator << bits) // value.denominator, 1 << bits)
