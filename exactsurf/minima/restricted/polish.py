"""From floats of a restricted training run to exact values of the free parameters beside them, and their verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from exactsurf.cells.affine_network import affine_network
from exactsurf.cells.affine_terms import least_in_cell
from exactsurf.cells.restricted_cell import restricted_cell_of
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector, least_squares
from exactsurf.exact.number import approximate
from exactsurf.minima.floats.polish import Polished, is_lower, polished, refuted_beside
from exactsurf.minima.restricted.box import RestrictedBox, find_restricted_box
from exactsurf.minima.restricted.decide import decide_restricted
from exactsurf.minima.smooth.critical_box import why_no_box
from exactsurf.minima.smooth.smooth_derivatives import penalised_positions
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem

_ROUNDS, _BITS = 20, 80
_DENOMINATORS = (1, 2, 3, 4, 6, 8, 12, 16, 60, 100, 1000, 10**6)
_SHARE = Fraction(1, 8)


def polish_restricted(
    restricted: RestrictedProblem,
    values: Vector,
    *,
    within: Fraction | None = None,
    effort: Effort,
    progress: Callable[[str], None],
) -> Polished | RestrictedBox | Verdict:
    """Turn values of the free parameters that come from floats into exact ones that are decided.

    Where at most one weight varies on each path and the loss is one by pieces, the candidate is an exact minimiser of the cell
    of the values; if that is no local minimum, one of the cell of a lower point beside it, and so on: each has a lower risk.
    Else candidates are what Newton's method makes of the values on the polynomials of their cells, exactly, and fractions of
    short denominators beside the values and that limit. If none of these is proved, or the activation is smooth, a box of values
    is looked for that holds exactly one critical point. Where there is none, but the lowest candidate is known to be no local
    minimum, the verdict is REFUTED, with a lower point.

    Parameters: `values`, exact; `within`, the largest change of a free parameter that is taken (default: 10 times the largest
    of the values, and at least 10); `effort`, started. Returns: as `polish`. Exactness: the verdict is exact, the candidates
    need not be. Raises: nothing. Source: proofs/claims/restricted_point.md, restricted_box.md.

    >>> import exactsurf as es
    >>> filter = es.convolution(4, [2], strides=2, head=[1, 1])
    >>> problem = es.RestrictedProblem(filter, es.Data.from_arrays([[1, 0, 0, 1], [0, 1, 1, 0], [2, 1, 1, 1]], [2, 2, 4]))
    >>> es.polish(problem, w1_0=0.93, w1_1=1.02)
    Polished(PROVED, risk 0, largest change 0.98, rational critical point)
    """
    bound = 10 * max(Fraction(1), *map(abs, values)) if within is None else within
    start = restricted.restriction.at(values)
    if not restricted.unrestricted.network.is_piecewise_linear:
        progress("looking for a box with one critical point")
        found = find_restricted_box(restricted, values, effort=effort)
        far = isinstance(found, RestrictedBox) and found.largest_change > bound
        return Verdict(Status.UNDECIDED, _too_far(found, bound)) if far and isinstance(found, RestrictedBox) else found
    problem, risk = restricted.unrestricted, restricted.risk(start)
    if restricted.restriction.degree <= 1 and problem.loss.is_piecewise_quadratic:
        fitted = _by_cells(restricted, values, bound, effort, progress)
        if fitted is not None:
            point, verdict, cells = fitted
            return polished(problem, start, risk, point, verdict, cells, "rational critical point")
    seen: set[Vector] = set()
    lowest: tuple[Parameters, Verdict] | None = None
    for candidate in _candidates(restricted, values, effort):
        if effort.is_over:
            break
        if candidate in seen or max(abs(a - b) for a, b in zip(candidate, values, strict=True)) > bound:
            continue
        seen.add(candidate)
        progress(f"deciding candidate {len(seen)}")
        point = restricted.restriction.at(candidate)
        verdict = decide_restricted(restricted, point, effort=effort.share(_SHARE))
        if verdict.status is Status.PROVED:
            return polished(problem, start, risk, point, verdict, 0, "rational critical point")
        if verdict.status is Status.REFUTED and (lowest is None or is_lower(verdict, lowest[1])):
            lowest = point, verdict
    if effort.is_over:
        late = Verdict(Status.UNDECIDED, str(OutOfTime(effort.seconds, "tried points with short fractions")), risk=risk)
        return polished(problem, start, risk, start, late, 0, "none")
    progress("looking for a box with one critical point")
    reason = "no local minimum with short fractions was found near the floats: its coordinates may be irrational"
    why = why_no_box(problem)
    box = Verdict(Status.UNDECIDED, why) if why else find_restricted_box(restricted, values, effort=effort)
    if isinstance(box, RestrictedBox) and box.largest_change <= bound:
        words = f"{reason}; around the centre {box.reason}"
        verdict = Verdict(Status.UNDECIDED, words, risk=problem.risk(box.parameters))
        return replace(polished(problem, start, risk, box.parameters, verdict, 0, "critical box"), box=box)
    told = _too_far(box, bound) if isinstance(box, RestrictedBox) else f"no box was found: {box.reason}"
    if lowest is not None and not isinstance(box, RestrictedBox):
        point, refuted = lowest
        return polished(problem, start, risk, point, refuted_beside(refuted, f"{reason}; and {told}"), 0, "none")
    open_verdict = Verdict(Status.UNDECIDED, f"{reason}; and {told}", risk=risk)
    return polished(problem, start, risk, start, open_verdict, 0, "none")


def _by_cells(
    restricted: RestrictedProblem, values: Vector, bound: Fraction, effort: Effort, progress: Callable[[str], None]
) -> tuple[Parameters, Verdict, int] | None:
    """Minimise over the closed cell of the values, then over that of a lower point, until the minimiser is a local minimum."""
    network, here = affine_network(restricted), values
    found: tuple[Parameters, Verdict, int] | None = None
    for count in range(1, effort.fits + 1):
        progress(f"fitting cell {count}")
        try:
            with effort.governs():
                fit = least_in_cell(network, here, effort).point
        except OutOfTime:
            return found
        if max(abs(a - b) for a, b in zip(fit, values, strict=True)) > bound:
            return found
        point = restricted.restriction.at(fit)
        verdict = decide_restricted(restricted, point, effort=effort)
        found = point, verdict, count
        if verdict.status is not Status.REFUTED or verdict.lower_point is None:
            return found
        here = restricted.values(verdict.lower_point)
    return found


def _too_far(box: RestrictedBox, bound: Fraction) -> str:
    return (
        f"the critical point in the box that was found lies {approximate(box.largest_change, 3)} away in a free parameter, and "
        f"only points within {approximate(bound, 3)} count as beside the floats; raise within (--within) to take it"
    )


def _candidates(restricted: RestrictedProblem, values: Vector, effort: Effort) -> Iterator[Vector]:
    """The limit of Newton's method and the values themselves, exactly and in short fractions, the likeliest first."""
    limit = values
    for limit in _newton(restricted, values, effort):
        if restricted.restriction.degree == 1:
            yield limit
    yield limit
    for most in _DENOMINATORS:
        yield tuple(value.limit_denominator(most) for value in limit)
    for most in _DENOMINATORS:
        yield tuple(value.limit_denominator(most) for value in values)


def _newton(restricted: RestrictedProblem, values: Vector, effort: Effort) -> Iterator[Vector]:
    """Newton's steps, each with exact derivatives of the polynomial of the cell.

    Where the risk is quadratic on every cell, each is a minimiser of its cell's polynomial, and is not rounded.
    """
    here, visited = values, set[Vector]()
    for _ in range(_ROUNDS):
        if effort.is_over:
            return
        found = _derivatives(restricted, here)
        if found is None:
            return
        gradient, hessian = found
        step = least_squares(hessian, tuple(-value for value in gradient))
        exactly = tuple(a + b for a, b in zip(here, step, strict=True))
        here = tuple(Fraction(round(value * (1 << _BITS)), 1 << _BITS) for value in exactly)
        yield exactly if restricted.restriction.degree == 1 else here
        if max(map(abs, step)) * (1 << (_BITS // 2)) < 1 or here in visited:
            return
        visited.add(here)


def _derivatives(restricted: RestrictedProblem, values: Vector) -> tuple[Vector, Matrix] | None:
    """Gradient and Hessian of the restricted risk on a cell at the values, None where the loss is no polynomial there."""
    problem, restriction = restricted.unrestricted, restricted.restriction
    plain = RestrictedProblem.of(restriction, problem.without_decay)
    point = restriction.at(values)
    try:
        risk = restricted_cell_of(plain, point, side="right").risk
    except UnsupportedError:
        return None
    here = dict(zip(restriction.names, values, strict=True))
    gradient, hessian = risk.gradient_at(here), risk.hessian_at(here)
    if problem.decay is None:
        return gradient, hessian
    factor, places, entries = problem.decay.factor, penalised_positions(problem), vector_of(point)
    rows = [[direction[p] for p in places] for direction in restriction.directions]
    pulled = [factor * sum((a * entries[p] for a, p in zip(row, places, strict=True)), Fraction(0)) for row in rows]
    square = [[factor * sum((a * b for a, b in zip(row, other, strict=True)), Fraction(0)) for other in rows] for row in rows]
    return (
        tuple(a + b for a, b in zip(gradient, pulled, strict=True)),
        tuple(tuple(a + b for a, b in zip(row, more, strict=True)) for row, more in zip(hessian, square, strict=True)),
    )
