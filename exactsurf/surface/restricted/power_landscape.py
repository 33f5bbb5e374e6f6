"""The landscape of a restricted problem whose parameters are shared by layers, such as f = Σ w_j² x_j, in their powers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.cells.affine_network import AffineNetwork, Form, arrangement_of, check_count
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, keeps_effort
from exactsurf.errors import UnsupportedError, check_kind
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.powers import Powers, powers_of
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.surface.merge_tree import MergeTree
from exactsurf.surface.restricted.affine_cells import AffineCells
from exactsurf.surface.restricted.minimiser_sets import local_minima
from exactsurf.surface.restricted.restricted_landscape import Watch, merged
from exactsurf.surface.restricted.scaled_cells import networks_and_hyperplanes
from exactsurf.surface.surface import MAX_CELLS
from exactsurf.surface.valley import find_barriers


@dataclass(frozen=True)
class PowerValley:
    """A valley of a `PowerLandscape`: `risk`, `barrier` and `merges_at` as of `Valley`, and the `powers` of a point of it.

    Exactness: exact. Source: proofs/scaled_surface.md.
    """

    risk: Fraction
    barrier: Fraction | None
    merges_at: Fraction | None
    powers: Vector

    @property
    def is_global(self) -> bool:
        """Whether no point has a lower risk."""
        return self.barrier is None


@dataclass(frozen=True)
class PowerMinimum:
    """A connected set of local minima of equal risk: the `powers` of a point of it; the others as of `RestrictedMinimum`.

    Exactness: exact. Source: proofs/scaled_surface.md.
    """

    risk: Fraction
    powers: Vector
    dimension: int
    is_global: bool
    is_valley: bool


@dataclass(frozen=True)
class PowerLandscape:
    """The landscape of a restricted problem in the powers q = w|w|^(e−1) of its free parameters w, each shared by e layers.

    A power is a rational number where the parameter itself, the root with the same sign, need not be one. Attributes: `problem`;
    `exponents`, e for each free parameter; `risks[k]`, the minimum over cell k of the powers; `merges`, the merge tree;
    `valleys` and `local_minima`, lowest first, all of them. Every minimum is attained.
    Exactness: exact. Source: proofs/scaled_surface.md.
    """

    problem: RestrictedProblem
    exponents: tuple[int, ...]
    risks: tuple[Fraction, ...]
    merges: MergeTree
    valleys: tuple[PowerValley, ...]
    local_minima: tuple[PowerMinimum, ...]

    @property
    def global_minimum(self) -> PowerValley:
        """A valley of the lowest risk."""
        return self.valleys[0]

    def __repr__(self) -> str:
        return f"PowerLandscape({self.problem!r}: {len(self.valleys)} valleys, global minimum {self.global_minimum.risk})"


@dataclass(frozen=True)
class _Folded(AffineNetwork):
    """A network as a function of powers: in each orthant that in which the layers have the signs of the powers."""

    powers: Powers
    orthants: tuple[AffineNetwork, ...]

    def predictions_at(self, values: Sequence[Fraction]) -> list[list[Form]]:
        """By sample the outputs, as affine functions of the powers on the cell of `values`."""
        place = self.powers.scales.orthants.index(self.powers.signs(values))
        return self.orthants[place].predictions_at(values)


@keeps_effort(UNBOUNDED)
def power_landscape(
    problem: RestrictedProblem, *, max_cells: int = MAX_CELLS, effort: AnyEffort = None, progress: Watch | None = None
) -> PowerLandscape:
    """The landscape of a restricted problem with parameters that are shared by layers, in their powers.

    So it is for diagonal linear networks with shared weights f = Σ w_j^L x_j, and for f = Σ (u_j² − v_j²) x_j: the map of w to
    w|w|^(L−1) is a homeomorphism, and the risk is convex in the powers on each cell of each orthant.
    Parameters: `problem`; `max_cells`, `effort` and `progress` as of `landscape`. Exactness: exact.
    Raises: `UnsupportedError` where predictions are not known to be affine in powers; as `landscape`.
    Source: proofs/scaled_surface.md; Woodworth et al. 2020.

    >>> import exactsurf as es
    >>> shared = es.RestrictedProblem(es.diagonal(1, shared=True), es.Data.from_arrays([1, 2], [1, 3]))
    >>> land = es.power_landscape(shared)
    >>> [(str(valley.risk), str(valley.merges_at), list(map(str, valley.powers))) for valley in land.valleys]
    [('1/10', '5', ['7/5']), ('1/10', '5', ['-7/5'])]
    """
    check_kind(problem, RestrictedProblem, "power_landscape", "es.RestrictedProblem(es.diagonal(2, shared=True), data) is one")
    if not problem.restriction.network.is_piecewise_linear:
        what = "landscapes in powers are not known for smooth activations of restricted problems"
        raise UnsupportedError(what, "take a piecewise linear one, such as relu")
    if problem.unrestricted.decay is not None:
        what = "landscapes in powers are not known with weight decay"
        raise UnsupportedError(what, "leave it out; es.decide answers about one point of the restricted problem")
    powers = powers_of(problem)
    if powers is None:
        what = "no landscape in powers is known: the restricted problem has no products of parameters that are shared by layers"
        raise UnsupportedError(what, "take es.diagonal(2, shared=True), for example; es.landscape knows other restrictions")
    running = Effort.of(effort, UNBOUNDED).started()
    cells = _cells(problem, powers, max_cells, running)
    found = []
    for cell in range(cells.count):
        running.check(f"the minima over {cell} of {cells.count} cells are known")
        if progress is not None:
            progress(cell, cells.count)
        found.append(cells.minimum(cell, running))
    risks, points = tuple(least.value for least in found), [least.point for least in found]
    merges = merged(cells, risks, points, list(cells.facets()), running)
    barriers, parents = find_barriers(merges), {child: node.level for node in merges.nodes for child in node.children}
    leaves = [(k, node) for k, node in enumerate(merges.nodes) if not node.children]
    valleys = sorted(
        (PowerValley(node.level, barriers[k], parents.get(k), powers.ordered(points[node.cells[0]])) for k, node in leaves),
        key=lambda valley: valley.risk,
    )
    inner = cells.network.restricted.restriction
    minima = local_minima(cells, risks, points, [()] * cells.count, [node.cells for _, node in leaves])
    listed = tuple(
        PowerMinimum(m.risk, powers.ordered(inner.values(m.parameters)), m.dimension, m.is_global, m.is_valley) for m in minima
    )
    return PowerLandscape(problem, powers.exponents, risks, merges, tuple(valleys), listed)


def _cells(problem: RestrictedProblem, powers: Powers, max_cells: int, effort: Effort) -> AffineCells:
    untied = RestrictedProblem.of(powers.scales.restriction, problem.unrestricted)
    networks, hyperplanes = networks_and_hyperplanes(untied, powers.scales, max_cells, effort)
    # A filter of one product has the hyperplane on which it is 0: on each cell the powers have their signs.
    arrangement = arrangement_of(hyperplanes, len(powers.scales.kept))
    check_count(arrangement, max_cells)
    return AffineCells(_Folded(networks[0].restricted, powers, tuple(networks)), hyperplanes, tuple(arrangement.cells()))
