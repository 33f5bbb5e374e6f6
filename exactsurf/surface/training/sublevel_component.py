"""The component of a sublevel set that holds a point: which valleys a descent from there can still reach."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import overload

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import near
from exactsurf.model.parameters import Parameters
from exactsurf.surface.facet_graph import SignedCell, cell_of
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.merge_tree import MergeTree
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape
from exactsurf.surface.training.enclosed_component import EnclosedSublevelComponent, enclosed_component


@dataclass(frozen=True)
class SublevelComponent:
    """The component of {R ≤ R(θ)} that holds a point θ, up to the order of the units.

    Attributes: `parameters`, θ; `risk`, R(θ); `cell`, a closed signed cell that holds θ (of a restricted problem: the number of
    a cell of the free parameters), and `floor`, the infimum of the risk
    over it, below which nothing in it lies; `node`, the component's place in the merge tree; `valleys`, the places in
    `land.valleys` of all valleys that it holds, lowest first, and `copies`, how many copies of each (they differ by the order of
    the units); `exit_level`, the lowest level at which the component joins another one, perhaps a copy of itself, None if there
    is no other. Where infima are not attained, the component is that of {R < c} for all c > R(θ).
    Exactness: exact. Source: theory.md, theorem B; proofs/claims/capture.md.
    """

    parameters: Parameters
    risk: Fraction
    cell: SignedCell
    floor: Fraction
    node: int
    valleys: tuple[int, ...]
    copies: tuple[int, ...]
    exit_level: Fraction | None

    @property
    def is_captured(self) -> bool:
        """Whether the component holds one valley only, in one copy: a path that does not rise leads there, and none elsewhere."""
        return self.copies == (1,)

    @property
    def valley(self) -> int | None:
        """The place of that valley; None if there are several, or several copies."""
        return self.valleys[0] if self.is_captured else None

    def __repr__(self) -> str:
        held = ", ".join(f"{v}" if c == 1 else f"{c}×{v}" for v, c in zip(self.valleys, self.copies, strict=True))
        return f"SublevelComponent(risk {near(self.risk)}, valleys {held})"


@overload
def sublevel_component(land: Landscape | RestrictedLandscape, parameters: Parameters) -> SublevelComponent: ...


@overload
def sublevel_component(land: EnclosedLandscape, parameters: Parameters) -> EnclosedSublevelComponent: ...


def sublevel_component(
    land: Landscape | EnclosedLandscape | RestrictedLandscape, parameters: Parameters
) -> SublevelComponent | EnclosedSublevelComponent:
    """Which valleys lie in the component of the sublevel set {R ≤ R(θ)} that holds the point θ.

    Along a path on which the risk never rises above R(θ), as gradient flow is one, these valleys can be reached, and no others.
    Parameters: `land`, from `landscape` (of a restricted problem without scales, too) or `enclosed_landscape`; `parameters` of
    its network; floats are given as the exact
    numbers that they store (see `from_arrays` and `exact_float`).
    Returns: a `SublevelComponent`; where levels are enclosed, an `EnclosedSublevelComponent`. Exactness: exact: the signed cell
    and the risk of the point are compared with the levels of the merge tree; where levels are enclosed, what the enclosures do
    not tell is left open. Raises: `InputError` for anything but a landscape and for parameters that do not obey the restriction,
    `ShapeError` for parameters of another network, `UnsupportedError` for a restricted landscape with scales.
    Source: theory.md, theorem B; proofs/claims/enclosed_capture.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> [str(valley.risk) for valley in land.valleys]
    ['1/3', '3/4', '3/4', '1']
    >>> early = land.problem.parameters(W1=[["1/10"]], b1=[0], W2=[["1/10"]], b2=[0])
    >>> late = land.problem.parameters(W1=[[2]], b1=[-4], W2=[[1]], b2=["1/2"])
    >>> es.sublevel_component(land, early).valleys, es.sublevel_component(land, late).valleys
    ((0, 1, 2, 3), (0,))
    """
    if isinstance(land, EnclosedLandscape):
        return enclosed_component(land, parameters)
    if isinstance(land, RestrictedLandscape):
        return _restricted_component(land, parameters)
    if not isinstance(land, Landscape):
        fix = "take es.landscape(problem), or es.enclosed_landscape(problem) where levels are no rational numbers"
        raise InputError(
            "sublevel components are those of an EnclosedLandscape or an exact Landscape", text=type(land).__name__, fix=fix
        )
    problem = land.problem
    problem.check_shapes(parameters)
    work, risk = land.work, problem.rational_risk(parameters)
    cell = cell_of(work.table, parameters)
    rank = work.orbits.rank(sorted(cell))
    return _component(land, parameters, risk, cell, rank)


def _restricted_component(land: RestrictedLandscape, parameters: Parameters) -> SublevelComponent:
    """Cells that share a point are joined over facets that hold it, so any closed cell around the point may be taken."""
    if not land.has_paths:
        fix = "fix the scales, or take es.decide for single points"
        raise UnsupportedError("sublevel components are not known for restricted problems with scales", fix)
    values = land.problem.values(parameters)
    cell = land.affine_cells.around(values)[0]
    return _component(land, parameters, land.problem.unrestricted.rational_risk(parameters), (cell,), cell)


def _component(
    land: Landscape | RestrictedLandscape, parameters: Parameters, risk: Fraction, cell: tuple[int, ...], rank: int
) -> SublevelComponent:
    node = _node_at(land.merges, land.merges.homes[rank], risk)
    places = {valley.node: place for place, valley in enumerate(land.valleys)}
    copies, nodes, parent = land.merges.nodes[node].copies, land.merges.nodes, land.merges.parents.get(node)
    held = sorted((places[leaf], nodes[leaf].copies // copies) for leaf in land.merges.leaves_under(node))
    exit_level = None if parent is None else nodes[parent].level
    valleys, counts = tuple(place for place, _ in held), tuple(count for _, count in held)
    return SublevelComponent(parameters, risk, cell, land.risks[rank], node, valleys, counts, exit_level)


def _node_at(tree: MergeTree, node: int, level: Fraction) -> int:
    """The node that a node of the tree belongs to at a level that is not below its own."""
    while node in tree.parents and tree.nodes[tree.parents[node]].level <= level:
        node = tree.parents[node]
    return node
