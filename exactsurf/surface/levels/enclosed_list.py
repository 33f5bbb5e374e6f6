"""The proof that the valleys of a landscape with enclosed levels are all there are, but for shallow ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.all_enclosed_valleys import AllEnclosedValleys
from exactsurf.certificate.claims.near_global_minimum import DecayDual
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.facet_graph import SignedCell
from exactsurf.surface.levels.covering_levels import Wanted, check_span, covering_levels
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_graph import LevelGraph
from exactsurf.surface.levels.level_point import risk_above
from exactsurf.surface.levels.short_duals import bounding_dual, certificate_bits, short_between, spare
from exactsurf.surface.signed_cells import Orbit
from exactsurf.surface.spread import Spread
from exactsurf.surface.valley_list import MAX_ORBITS, check_orbits

_ZERO = Fraction(0)


def certify_all_enclosed_valleys(
    land: EnclosedLandscape, *, max_orbits: int = MAX_ORBITS, embed: bool | None = None
) -> AllEnclosedValleys:
    """That the valleys of a landscape are all there are: from everywhere a path that rises very little leads to one of them.

    Parameters: a landscape with enclosed levels; `max_orbits` and `embed` as in `certify_all_valleys`.
    Returns: a certificate, accepted by the verifier. Its first points are those of `land.valleys`; `rise` is about twice the
    width of the enclosures, or the width of a tie. That these are valleys of their own is the statement of
    `certify_enclosed_valley` and `certify_near_global_minimum`. Exactness: exact. Raises: `InputError` if there are more orbits
    than `max_orbits`, or no points so near to a level were found; `UnsupportedError` if there is weight decay and the inputs do
    not span their space. Source: proofs/claims/all_enclosed_valleys.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> proof = es.certify_all_enclosed_valleys(land)
    >>> proof.valleys, proof.rise < Fraction(1, 10**8)
    (4, True)
    """
    check_span(land, (EnclosedLandscape,))
    check_orbits(land.orbits, max_orbits)
    graph, problem = LevelGraph(land), land.problem
    orbits = list(land.work.orbits.between(0, land.orbits))
    runs = [land.heights[home] for home in land.homes]
    risks = {orbit: land.runs[run].enclosure.low for orbit, run in zip(orbits, runs, strict=True)}
    bottoms = [(valley.parameters, land.merges.nodes[valley.node].level) for valley in land.valleys]
    spread = Spread(graph, bottoms, risks)
    levels, best = covering_bounds(graph, orbits, runs)
    bounds = {orbit: level.low for orbit, level in best.items()}
    rise = short_rise(
        problem.loss.is_piecewise_quadratic, heights_of(problem, spread.points, spread.leads_to), spread.home, bounds
    )
    setting = land.work.levels.setting
    duals = tuple(
        DecayDual(level.gradient, ()) if problem.decay is None else bounding_dual(setting, level.gradient, level.bounded)
        for level in levels
    )
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
    bits = None if problem.loss.is_piecewise_quadratic else certificate_bits(problem)
    points, leads_to = tuple(spread.points), tuple(spread.leads_to)
    return confirmed(AllEnclosedValleys(problem, rise, points, leads_to, cells, duals, bits, embed))


def covering_bounds(graph: LevelGraph, orbits: Sequence[Orbit], runs: Sequence[int]) -> tuple[list[Level], dict[Orbit, Level]]:
    """Levels whose dual vectors hold on all of some orbits together, and by orbit the one with the best bound there.

    Parameters: the `runs` of the least risks over the orbits. Exactness: exact. Raises: nothing.
    Source: proofs/enclosed_levels.md, lemma 1.
    """
    land = graph.land
    orbits_of: dict[int, list[Orbit]] = {}
    for orbit, run in zip(orbits, runs, strict=True):
        orbits_of.setdefault(run, []).append(orbit)
    levels: dict[Vector, Level] = {}
    bounds: dict[Orbit, Level] = {}
    for run, own in sorted(orbits_of.items()):
        masks = {orbit: graph.mask(orbit) for orbit in own}
        found = covering_levels(land, set(masks.values()), Wanted.of(land, land.runs[run].enclosure))
        levels.update((level.gradient, level) for level in found)
        for orbit, mask in masks.items():
            bounds[orbit] = max((level for level in found if not mask & ~level.bounded), key=lambda level: level.low)
    return list(levels.values()), bounds


def heights_of(problem: Problem, points: Sequence[Parameters], leads_to: Sequence[int]) -> list[Fraction]:
    """For every point how high the way that leads on from it comes at most.

    Parameters: `leads_to`, for each of the last points an earlier one. Exactness: proved. Raises: as `Problem.risk`.
    Source: proofs/FORMAT.md, section 31.
    """
    found: list[Fraction] = []
    first = len(points) - len(leads_to)
    for place, point in enumerate(points):
        risk = risk_above(problem, point)
        found.append(risk if place < first else max(risk, found[leads_to[place - first]]))
    return found


def short_rise(
    is_exact: bool, heights: list[Fraction], home: Mapping[SignedCell, int], bounds: Mapping[SignedCell, Fraction]
) -> Fraction:
    """A short number not below what any way rises above the bound of the signed cell where it begins.

    Parameters: `is_exact`, whether risks are rational; `heights` of points; `home`, for signed cells the place of a point in
    them, and `bounds` on the risk over them from below. Exactness: exact. Raises: nothing.
    Source: proofs/claims/all_enclosed_valleys.md.
    """
    rise = max((heights[place] - bounds[cell] for cell, place in home.items()), default=_ZERO)
    if is_exact and rise <= 0:
        return _ZERO
    # An enclosure of the verifier has another radius.
    least = max(rise, _ZERO) + (_ZERO if is_exact else 4 * max(map(spare, heights)))
    return short_between(least, least * Fraction(9, 8))
