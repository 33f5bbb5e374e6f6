"""Second order on one cell: is its Lagrangian positive on the critical cone, or does a curve descend?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.certificate.rules.cone_tree import CriticalCone
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, combination, from_flint, identity, kernel, to_flint
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.critical_cone import Negative, Positive, decide_on_cone
from exactsurf.minima.local.multiplier_system import MultiplierSystem, critical_cone, first_order_system
from exactsurf.minima.local.second_order_form import Accumulator, SampleForm
from exactsurf.minima.local.tangent_fan import Signs
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameters import Parameters

if TYPE_CHECKING:
    from flint import fmpq

_ZERO = Fraction(0)
MOST_PARAMETERS = 1_000
"""Most parameters of a network whose second derivatives are written down."""

_COMBINED = 6
"""Of at most so many directions that are left open, sums and differences are tried as well."""


def decide_positive(
    local: CellPrograms,
    signs: Signs,
    system: MultiplierSystem,
    solution: Vector,
    start: Accumulator,
    forms: Mapping[int, SampleForm],
) -> CriticalCone | DescentCurve | NotProved:
    """Second order at a leaf whose first-order conditions have this `solution`: a proof, a descent curve, or neither.

    Parameters: `start`, first and second order of the risk on the leaf's cells without walls and kinks; `forms` of the samples
    with a sign. Exactness: exact. Raises: nothing. Source: proofs/rules/second_order.md, lemma 3.
    """
    if start.size > MOST_PARAMETERS:
        return NotProved(f"second order is not looked at for more than {MOST_PARAMETERS} parameters, here {start.size}")
    total = lagrangian(local, signs, system, solution, start, forms)
    equal = system.support(solution)
    vectors = [*system.walls.values(), *system.kinks.values()]
    forced = [vector for vector, tight in zip(vectors, equal, strict=True) if tight]
    rows = [*forced, *local.tangents]
    basis = kernel(rows) if rows else identity(local.size)
    form = local.form_on(total.matrix(), basis)
    names, inequalities = _inequalities(system, solution, equal, basis)
    answer = decide_on_cone(form, inequalities)
    if isinstance(answer, Positive) and all(names[p] is not None and names[q] is not None for p, q, _ in answer.products):
        products = tuple((names[p], names[q], value) for p, q, value in answer.products)
        return critical_cone(system, solution, products)  # type: ignore[arg-type]
    directions: Matrix = ()
    if not isinstance(answer, Positive):
        directions = (answer.direction,) if isinstance(answer, Negative) else answer.directions
    full = [combination(direction, basis) for direction in directions]
    candidates = tuple(map(local.pushed, full))
    # Where only strictness is asked, the point is known to be a minimum, and nothing descends.
    for vector in [*full, *_mixed(full)] if not local.seeks_strict else ():
        local.effort.check()
        found = _descend_near(local, vector, system, signs, equal)
        if found is not None:
            return found
    what = "is not positive" if isinstance(answer, Negative) else "vanishes or changes sign"
    modulo = ", modulo the known invariances" if local.decay is None or local.tangents else ""
    where = f"on {len(full)} directions of the critical cone{modulo}" if full else "on the critical cone"
    return NotProved(f"the second-order form {what} {where}", candidates)


def lagrangian(
    local: CellPrograms,
    signs: Signs,
    system: MultiplierSystem,
    solution: Vector,
    start: Accumulator,
    forms: Mapping[int, SampleForm],
) -> Accumulator:
    """`start` and the Hessians of the walls and kinks, with their multipliers. Exactness: exact."""
    from flint import fmpq

    total, depth, count = start.copy(), local.problem.network.layers, len(system.walls)
    sources: dict[int, dict[tuple[int, int], fmpq]] = {}
    for (layer, unit, sample), value in zip(system.walls, solution, strict=False):
        if value:
            sign = -signs[layer, unit, sample]
            sources.setdefault(sample, {})[layer, unit] = fmpq(sign * value.numerator, value.denominator)
    for (sample, term), r in zip(system.kinks, solution[count:], strict=True):
        weights = sources.setdefault(sample, {})
        for output, sign in local.problem.term_outputs(sample, term):
            weights[depth, output] = weights.get((depth, output), fmpq(0)) + sign * fmpq(r.numerator, r.denominator)
    for sample, weights in sources.items():
        noted = forms[sample] if sample in forms else local.fan.sample_form(sample, {})
        noted.add_hessian(total, weights)
    return total


def frozen_leaf(local: CellPrograms, signs: dict[Pair, int], system: MultiplierSystem, solution: Vector) -> CriticalCone | None:
    """A proof at a leaf by the losses' tangents, where the parameters are restricted; None if there is none.

    What the tangents add up to, less the multiples of the walls, is a polynomial in the free parameters. If its degree is at most
    two, its gradient 0 and its form nowhere negative, it is least at the point. Exactness: exact. Raises: nothing.
    Source: proofs/claims/restricted_point.md, lemma 2.
    """
    if local.given is not None and not local.given.is_convex:
        return None
    known, total, forms = first_order_system(local.frozen, signs)
    trivial = not any(solution) and not any(low if low == high else 0 for column in local.slopes for low, high in column)
    if trivial:
        return critical_cone(system, solution)
    if local.subspace is None or local.subspace.degree > 2:
        return None
    form = local.form_on(lagrangian(local.frozen, signs, known, solution, total, forms).matrix(), identity(local.size))
    return critical_cone(system, solution) if ldlt(form).is_positive_semidefinite else None


def _mixed(vectors: list[Vector]) -> list[Vector]:
    """Sums with coefficients ±1 of several vectors: where each alone changes nothing, a product of them may."""
    if not 1 < len(vectors) <= _COMBINED:
        return []
    signs = [choice for choice in product((1, -1), repeat=len(vectors)) if choice[0] > 0]
    return [combination(tuple(map(Fraction, choice)), tuple(vectors)) for choice in signs]


def _inequalities(
    system: MultiplierSystem, solution: Vector, equal: tuple[bool, ...], basis: Matrix
) -> tuple[list[Pair | None], list[Vector]]:
    """The walls (by pair) and kinks (None) that bound the critical cone, in coordinates of `basis`, one of each direction."""
    names: list[Pair | None] = []
    vectors: list[Vector] = []
    seen: set[Vector] = set()
    oriented: list[tuple[Pair | None, Vector]] = [
        (pair, wall) for (pair, wall), tight in zip(system.walls.items(), equal, strict=False) if not tight
    ]
    count = len(system.walls)
    for (name, vector), r, tight in zip(system.kinks.items(), solution[count:], equal[count:], strict=True):
        if not tight:
            oriented.append((None, vector if r == system.intervals[name][1] else tuple(-value for value in vector)))
    images = from_flint(to_flint([vector for _, vector in oriented]) * to_flint(basis).transpose()) if oriented and basis else ()
    for (pair, _), image in zip(oriented, images, strict=False):
        lead = next((abs(value) for value in image if value), None)
        if lead is None:
            continue
        key = tuple(value / lead for value in image)
        if key not in seen:
            seen.add(key)
            names.append(pair)
            vectors.append(image)
    return names, vectors


def _descend_near(
    local: CellPrograms, vector: Vector, system: MultiplierSystem, signs: Signs, equal: tuple[bool, ...]
) -> DescentCurve | None:
    """A descent curve that starts along ± `vector`: straight, or bent so that it stays on the walls that hold it."""
    bend = _bend(local, vector, system, signs, equal)
    for start in (local.pushed(vector), local.pushed([-value for value in vector])):
        for curve in ((start,), (start, bend)) if bend is not None else ((start,),):
            order = max(4, 2 * local.problem.network.layers)
            found = local.descent_along(curve, order)
            if found is not None:
                return found
    return None


def _bend(
    local: CellPrograms, vector: Vector, system: MultiplierSystem, signs: Signs, equal: tuple[bool, ...]
) -> Parameters | None:
    """An acceleration e with n_p·e = −½ dᵀ∇²z_p d for the walls with positive multipliers, if some z_p is curved along d."""
    from flint import fmpq

    tight = [pair for pair, forced in zip(system.walls, equal, strict=False) if forced]
    curved: list[Fraction] = []
    for pair in tight:
        total = Accumulator(local.fan.forms.size)
        local.fan.sample_form(pair[2], signs).add_hessian(total, {pair[:2]: fmpq(signs[pair])})
        curved.append(local.form_on(total.matrix(), (vector,))[0][0])
    if not any(curved):
        return None
    rows = [system.walls[pair] for pair in tight]
    answer = solve_bounded_system(
        list(zip(*rows, strict=True)), [-value / 2 for value in curved], [None] * len(vector), [None] * len(vector)
    )
    return None if isinstance(answer, FarkasVector) else local.pushed(answer.values)
