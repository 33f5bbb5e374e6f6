"""The global minimum of the risk with a proof that nothing is lower, without the whole landscape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort
from exactsurf.errors import InputError
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.dual_cover import DualCover, lowest_nearby
from exactsurf.surface.signed_cells import Orbit
from exactsurf.surface.surface import Landscape
from exactsurf.surface.valley import minimiser
from exactsurf.surface.workload import Workload, workload

MAX_STEPS = 20_000_000
"""Signed cells, or beginnings of them, that `certify_global_minimum` looks at unless told otherwise."""


def certify_global_minimum(
    problem: Problem | Landscape,
    *,
    max_steps: int = MAX_STEPS,
    embed: bool | None = None,
    progress: Callable[[int], None] | None = None,
    effort: AnyEffort = None,
) -> GlobalMinimum:
    """The global minimum of the risk, with a certificate that the verifier has accepted.

    Every signed cell is bounded from below by a dual vector, and one dual vector bounds many: they are searched for on cones
    as large as the value allows, and signed cells that are bounded already are passed over.
    Parameters: a problem with one hidden layer and one output, as for `landscape`, or a landscape; `max_steps`, the most
    steps of the walk through the signed cells; `embed` as in `problem_document`; `progress` is called with the number of dual
    vectors now and then; `effort`, seconds or an `Effort` (default: as long as it takes).
    Returns: a certificate of the kind ``global minimum`` with parameters of minimal risk, or, if the infimum of the risk is not
    attained, of the kind ``lower bound`` with the infimum.
    Exactness: exact. Raises: `UnsupportedError` for other networks and losses, `InputError` without breakpoints or when
    `max_steps` are not enough, `OutOfTime`. Source: theory.md, theorem B; proofs/claims/global_minimum.md.

    >>> import exactsurf as es
    >>> xor = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> proof = es.certify_global_minimum(es.Problem(es.Network([2, 1, 1]), xor))
    >>> proof.kind, proof.risk, len(proof.duals)
    ('global minimum', Fraction(1, 3), 5)
    """
    running = Effort.of(effort, UNBOUNDED).started()
    work = problem.work if isinstance(problem, Landscape) else workload(problem)
    minima, units, kinds = work.minima, work.orbits.units, work.orbits.kinds
    best = lowest_nearby(minima, kinds, (0,) * units)
    while True:
        cover = DualCover(minima, minima.masks, _risk(work, best))
        lower = _covered(work, cover, max_steps, progress, running)
        if lower is None:
            break
        best = lowest_nearby(minima, kinds, lower)
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(minima.problem))
    parameters = _attained(work, best, cover.level, max_steps)
    return confirmed(GlobalMinimum(minima.problem, cover.level, cells, cover.needed_everywhere(units), parameters, embed))


def _risk(work: Workload, orbit: Orbit) -> Fraction:
    cones: Any = work.minima.cones
    return work.minima.risk(cones.minimum(work.minima.cone(orbit)).value)


def _covered(
    work: Workload, cover: DualCover, max_steps: int, progress: Callable[[int], None] | None, effort: Effort
) -> Orbit | None:
    """Add dual vectors until every signed cell is bounded; a signed cell with a lower minimum if there is one."""
    units, masks, holding = work.orbits.units, work.minima.masks, cover.holding
    later = _later(holding)
    steps = 0
    walk: list[Orbit] = [()]
    while walk:
        orbit = walk.pop()
        effort.check(f"{len(cover.vectors)} dual vectors bound some of the signed cells")
        steps += 1
        if steps > max_steps:
            raise InputError(
                f"after {max_steps} steps not all of the {work.orbits.count} orbits of signed cells are bounded",
                fix="raise max_steps, or take fewer samples or units",
            )
        first = orbit[-1] if orbit else 0
        common = -1 if len(orbit) == units else later[first]
        for kind in orbit:
            common &= holding[kind]
        # One dual vector may bound all signed cells that begin like this.
        if common:
            continue
        if len(orbit) < units:
            walk += [(*orbit, kind) for kind in range(len(masks) - 1, first - 1, -1)]
            continue
        if _risk(work, orbit) < cover.level:
            return orbit
        cover.add(work.minima.cone(orbit))
        later = _later(holding)
        if progress is not None:
            progress(len(cover.vectors))
    return None


def _later(holding: list[int]) -> list[int]:
    """For every signed unit cell the dual vectors that hold on it and on all after it."""
    found = list(holding)
    for kind in reversed(range(len(found) - 1)):
        found[kind] &= found[kind + 1]
    return found


def _attained(work: Workload, best: Orbit, level: Fraction, max_steps: int) -> Parameters | None:
    """Parameters with the global minimum as their risk, None if no signed cell attains it."""
    found = minimiser(work.minima, best)
    if found is not None or work.minima.table.homogeneous:
        return found
    candidates = (orbit for orbit in _all(work, max_steps) if _risk(work, orbit) == level)
    points = (minimiser(work.minima, orbit) for orbit in candidates)
    return next((point for point in points if point is not None), None)


def _all(work: Workload, max_steps: int) -> Iterator[Orbit]:
    if work.orbits.count > max_steps:
        raise InputError(
            f"whether the infimum is attained would have to be asked of {work.orbits.count} orbits of signed cells",
            fix="raise max_steps, or take fewer samples or units",
        )
    return work.orbits.between(0, work.orbits.count)
