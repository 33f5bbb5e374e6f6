"""The global minimum of the risk with a proof that nothing is lower, without the whole landscape."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import overload

from exactsurf.cells.unit_cells import count_unit_cells, enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.enclosed_least_risk import EnclosedLeastRisk
from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.certificate.claims.near_analytic_minimum import NearAnalyticMinimum
from exactsurf.certificate.claims.near_global_minimum import NearGlobalMinimum
from exactsurf.certificate.claims.restricted_surface import RestrictedGlobalMinimum
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort
from exactsurf.errors import InputError, UnsupportedError, check_kind
from exactsurf.exact.number import whole_number
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.surface.bounds.bound_search import WIDTH, BoundSearch
from exactsurf.surface.dual_cover import DualCover
from exactsurf.surface.global_search import GlobalSearch
from exactsurf.surface.levels.enclosed_search import EnclosedSearch
from exactsurf.surface.levels.near_certificate import certify_near_global_minimum
from exactsurf.surface.restricted.free_search import certify_restricted_global_minimum
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.signed_cells import Orbit
from exactsurf.surface.surface import Landscape
from exactsurf.surface.unit_forms import with_forms
from exactsurf.surface.workload import Workload, workload

MAX_STEPS = 20_000_000
"""Regions, or beginnings of signed cells, that `certify_global_minimum` looks at unless told otherwise."""

_FEW_CELLS = 80
"""Cells of all units together up to which dual vectors are listed with the cells, few of them, instead of a tree."""


@overload
def certify_global_minimum(
    problem: Problem | Landscape,
    *,
    max_steps: int = MAX_STEPS,
    embed: bool | None = None,
    formal: bool = False,
    progress: Callable[[int], None] | None = None,
    effort: AnyEffort = None,
    width: Fraction | str | int = WIDTH,
    workers: int | None = None,
    dask: str | None = None,
) -> GlobalMinimum | EnclosedLeastRisk: ...


@overload
def certify_global_minimum(
    problem: RestrictedProblem | RestrictedLandscape,
    *,
    max_steps: int = MAX_STEPS,
    embed: bool | None = None,
    progress: Callable[[int], None] | None = None,
    effort: AnyEffort = None,
) -> RestrictedGlobalMinimum: ...


def certify_global_minimum(
    problem: Problem | Landscape | RestrictedProblem | RestrictedLandscape,
    *,
    max_steps: int = MAX_STEPS,
    embed: bool | None = None,
    formal: bool = False,
    progress: Callable[[int], None] | None = None,
    effort: AnyEffort = None,
    width: Fraction | str | int = WIDTH,
    workers: int | None = None,
    dask: str | None = None,
) -> GlobalMinimum | RestrictedGlobalMinimum | EnclosedLeastRisk:
    """The global minimum of the risk, with a certificate that the verifier has accepted; a lower bound where that is not known.

    The search is branch and bound: regions of the units, cut at one wall after the other, the lowest bound first; a dual
    vector bounds each region left. Where units have few cells the certificate lists few dual vectors that bound all signed
    cells, elsewhere the tree of the regions. With `formal` it is always the tree, with proofs of its leaves that the checker
    which is proved correct in Coq knows (``exactsurf verify --formal``).
    Several outputs, or several hidden layers: a `BoundSearch`. Its certificate is a global minimum where both its bounds are
    equal, else a lower bound, which may be below the infimum. With weight decay, and for losses such as the logistic one and
    cross-entropy, it is an `EnclosedLeastRisk`: a lower bound, and parameters of a risk near it.
    A restricted problem in which at most one weight varies on each path, but for scales of filters (see `landscape`): regions
    of the free parameters for each choice of the signs of scales, and no other options than `max_steps`, `embed`, `progress` and
    `effort`.
    Parameters: a problem, or a landscape (with weight decay, and for losses by expression, one hidden layer and one output, see
    `certify_near_global_minimum`); `max_steps`, the most regions, and steps of the walk through the
    signed cells; `embed` as in `problem_document`; `formal`, see above; `progress` is called with the number of dual vectors now
    and then; `effort`, seconds or an `Effort` (default: as long as it takes); `width`, for several outputs or hidden layers: when
    the bounds are this near to each other, relative to the upper one, the search ends; `workers` and `dask` as of
    `GlobalSearch.run`.
    Returns: a certificate of the kind ``global minimum`` (``global minimum of a restricted risk``) with parameters of minimal
    risk, or, if the infimum of the risk is not attained (or not known, see above), of the kind ``lower bound`` with the
    infimum (or less).
    Exactness: exact. Raises: `UnsupportedError` for other activations and losses, `InputError` without breakpoints, where a unit
    has too many generators, or when `max_steps` are not enough, `OutOfTime`.
    Source: theory.md, theorem B; proofs/claims/global_minimum.md; FORMAT.md, sections 7, 18, 25, 29, 45 and 56.

    >>> import exactsurf as es
    >>> xor = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> proof = es.certify_global_minimum(es.Problem(es.Network([2, 1, 1]), xor))
    >>> proof.kind, proof.risk, len(proof.duals)
    ('global minimum', Fraction(1, 3), 5)
    """
    running = Effort.of(effort, UNBOUNDED).started()
    whole_number(max_steps, "max_steps", 0)
    if isinstance(problem, RestrictedProblem | RestrictedLandscape):
        if formal or workers is not None or dask is not None:
            what = "formal" if formal else "workers" if workers is not None else "dask"
            raise UnsupportedError(f"{what} is not known for restricted problems", f"leave out {what}=…")
        restricted = problem if isinstance(problem, RestrictedProblem) else problem.problem
        start = None if isinstance(problem, RestrictedProblem) else problem.lowest_values
        return certify_restricted_global_minimum(
            restricted, max_steps=max_steps, effort=running, embed=embed, start=start, watch=progress
        )
    instance = problem.problem if isinstance(problem, Landscape) else problem
    check_problem(instance, "certify_global_minimum")
    if needs_bounds(instance):
        if formal:
            what = "the proved checker knows no certificates for several outputs or several hidden layers"
            raise UnsupportedError(what, "leave out formal=True (--formal)")
        bounds = BoundSearch(instance, running)
        told = None if progress is None else lambda count, *_: progress(count)
        bounds.run(running, max_steps, width, told, workers=workers, dask=dask)
        return certify_search(bounds, embed=embed)
    search = GlobalSearch(instance, running)
    watch = None if progress is None else lambda count, *_: progress(count)
    search.run(running, max_steps, watch, workers=workers, dask=dask)
    work = problem.work if isinstance(problem, Landscape) else None
    return certify_search(search, work, max_steps=max_steps, embed=embed, formal=formal, progress=progress, effort=running)


def needs_bounds(problem: Problem) -> bool:
    """Whether the risk has no signed cells on which it is convex: several outputs or several hidden layers.

    Parameters: a problem. Exactness: not needed. Raises: nothing. Source: theory.md, theorem B.
    """
    network = problem.network
    is_cut = network.is_piecewise_linear and not network.activation.is_linear and network.layers > 1
    return is_cut and (network.layers > 2 or network.widths[-1] > 1)


@overload
def certify_search(search: EnclosedSearch, *, embed: bool | None = None) -> NearGlobalMinimum | NearAnalyticMinimum: ...


@overload
def certify_search(search: BoundSearch, work: None = None, *, embed: bool | None = None) -> GlobalMinimum | EnclosedLeastRisk: ...


@overload
def certify_search(
    search: GlobalSearch,
    work: Workload | None = None,
    *,
    max_steps: int = MAX_STEPS,
    embed: bool | None = None,
    formal: bool = False,
    progress: Callable[[int], None] | None = None,
    effort: Effort = UNBOUNDED,
) -> GlobalMinimum: ...


def certify_search(
    search: GlobalSearch | BoundSearch | EnclosedSearch,
    work: Workload | None = None,
    *,
    max_steps: int = MAX_STEPS,
    embed: bool | None = None,
    formal: bool = False,
    progress: Callable[[int], None] | None = None,
    effort: Effort = UNBOUNDED,
) -> GlobalMinimum | NearGlobalMinimum | NearAnalyticMinimum | EnclosedLeastRisk:
    """What a search has proved, accepted by the verifier: the global minimum if its bounds are equal, else a lower bound.

    Of an `EnclosedSearch`: what `certify_near_global_minimum` says.
    Parameters: `search`, at any time (for a `BoundSearch` or an `EnclosedSearch` only `embed` matters beside it); `work` of the
    same problem, if there is one; the others as in `certify_global_minimum`.
    Exactness: exact. Raises: as `certify_global_minimum`. Source: proofs/claims/global_minimum.md.

    >>> import exactsurf as es
    >>> search = es.GlobalSearch(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> es.certify_search(search).kind
    'lower bound'
    """
    check_kind(search, (GlobalSearch, BoundSearch, EnclosedSearch), "certify_search", "build es.GlobalSearch(problem)")
    if isinstance(search, BoundSearch):
        return confirmed(search.proof(embed))
    if isinstance(search, EnclosedSearch):
        return certify_near_global_minimum(search, embed=embed)
    instance = search.minima.problem
    point = None if search.lower < search.upper else search.parameters(max_steps)
    if formal:
        return confirmed(with_forms(search.proof(point, embed), effort))
    if search.lower < search.upper:
        return confirmed(search.proof(None, embed))
    if count_unit_cells(instance) * instance.network.widths[1] > _FEW_CELLS:
        return confirmed(search.proof(point, embed))
    work = work or workload(instance)
    cover = DualCover(work.minima, work.minima.masks, search.upper)
    _cover(work, cover, max_steps, progress, effort)
    cells = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(instance))
    return confirmed(GlobalMinimum(instance, cover.level, cells, cover.needed_everywhere(work.orbits.units), point, embed))


def _cover(work: Workload, cover: DualCover, max_steps: int, progress: Callable[[int], None] | None, effort: Effort) -> None:
    """Add dual vectors until every signed cell is bounded; none has a lower minimum than the level."""
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
        cover.add(work.minima.cone(orbit))
        later = _later(holding)
        if progress is not None:
            progress(len(cover.vectors))


def _later(holding: list[int]) -> list[int]:
    """For every signed unit cell the dual vectors that hold on it and on all after it."""
    found = list(holding)
    for kind in reversed(range(len(found) - 1)):
        found[kind] &= found[kind + 1]
    return found
