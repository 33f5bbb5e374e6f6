"""The global minimum of a landscape with enclosed levels, between two numbers, as a certificate."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.near_analytic_minimum import NearAnalyticMinimum
from exactsurf.certificate.claims.near_global_minimum import DecayDual, NearGlobalMinimum
from exactsurf.errors import InternalError, UnsupportedError
from exactsurf.exact.simplest import simplest_between
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosed_proof import search_certificate
from exactsurf.surface.levels.enclosed_search import EnclosedSearch
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_point import risk_above
from exactsurf.surface.levels.short_duals import bounding_dual, certificate_bits, short_between, shortened, spare

_ZERO = Fraction(0)


def certify_near_global_minimum(
    land: EnclosedLandscape | EnclosedSearch | Problem, *, embed: bool | None = None
) -> NearGlobalMinimum | NearAnalyticMinimum:
    """That no parameters have a risk below the lower end of the global minimum, and parameters near it.

    Parameters: `land`, a landscape, or an `EnclosedSearch` at any time; of a problem the search is run to its end. `embed` as in
    `problem_document`. Returns: a certificate that the verifier has accepted; of a `NearAnalyticMinimum` where the loss is an
    expression, whose `risk` is an upper bound.
    Exactness: exact. Raises: `UnsupportedError` if there is weight decay and the inputs do not span their space, and as
    `EnclosedSearch`. Source: proofs/claims/near_global_minimum.md, proofs/claims/near_analytic_minimum.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> proof = es.certify_near_global_minimum(land)
    >>> proof.bound, proof.risk - proof.bound < Fraction(1, 10**9)
    (Fraction(37, 75), True)
    """
    if not isinstance(land, EnclosedLandscape | EnclosedSearch):
        check_problem(land, "certify_near_global_minimum")
        search = EnclosedSearch(land)
        search.run()
        return confirmed(search_certificate(search, embed=embed))
    if isinstance(land, EnclosedSearch):
        return confirmed(search_certificate(land, embed=embed))
    best, problem = land.global_minimum, land.problem
    if problem.decay is not None and land.work.table.lineality:
        raise UnsupportedError("the inputs do not span their space", "leave out inputs that depend on others")
    room = _ZERO if best.risk.is_exact else land.work.width * abs(best.risk.low) / 2
    goal = best.risk.low - room
    levels = [shortened(land, level, goal) for level in _cover(land, best.risk.low - room / 2)]
    setting = land.work.levels.setting
    duals = tuple(
        DecayDual(level.gradient, ()) if problem.decay is None else bounding_dual(setting, level.gradient, level.bounded)
        for level in levels
    )
    least = min(level.low for level in levels)
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
    if problem.loss.is_piecewise_quadratic:
        bound = best.risk.low if least >= best.risk.low else simplest_between(goal, least)
        return confirmed(NearGlobalMinimum(problem, bound, cells, duals, best.parameters, embed))
    risk = risk_above(problem, best.parameters)
    little = spare(risk)
    end = min(least, best.risk.low) - little
    low = best.risk.low
    bound = low if not low and least >= low else short_between(end - max(room / 2, little), end)
    most = short_between(risk + little, risk + 2 * little)
    proof = NearAnalyticMinimum(problem, bound, most, cells, duals, best.parameters, certificate_bits(problem), embed)
    return confirmed(proof)


def _cover(land: EnclosedLandscape, bound: Fraction) -> list[Level]:
    """Levels whose dual vectors together bound the risk on all signed cells; those that bound it on many come first."""
    kinds = land.work.atoms.kinds
    able = [level for level in land.levels if level.low >= bound]
    holding = [sum(1 << k for k, mask in enumerate(kinds) if not mask & ~level.bounded) for level in able]
    ranked = sorted(range(len(able)), key=lambda k: -holding[k].bit_count())
    chosen: list[int] = []
    for orbit in land.work.orbits.between(0, land.orbits):
        wanted = sum(1 << kind for kind in set(orbit))
        if any(not wanted & ~holding[k] for k in chosen):
            continue
        found = next((k for k in ranked if not wanted & ~holding[k]), None)
        if found is None:
            raise InternalError("a signed cell without a dual vector")
        chosen.append(found)
    return [able[k] for k in chosen]
