"""The component of a sublevel set that holds a point, where levels are enclosed: what is proved of it, and what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.balls import Ball
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.facet_graph import SignedCell, lowest_route
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level_graph import LevelGraph
from exactsurf.surface.merge_tree import MergeTree

_BITS = 192


@dataclass(frozen=True)
class EnclosedSublevelComponent:
    """The component of {R ≤ R(θ)} that holds a point θ, up to the order of the units, as far as enclosed levels tell.

    Attributes: `parameters`, θ; `risk`, an enclosure of R(θ); `cell`, a closed signed cell that holds θ, and `floor`, the
    infimum of the risk over it; `node`, the place in the merge tree of what the component contains for certain, `valleys` the
    places in `land.valleys` of the valleys in it and `copies`, how many of each; `perhaps_node`, `perhaps_valleys` and
    `perhaps_copies`, the same of what contains the component for certain; the two differ where the risk is not told from the
    level of a barrier. `exit_level`, the lowest level of which it is proved that the component joins no other one below it, None
    if there is no other. A valley that is tied counts as one.
    Exactness: enclosed, with proof. Source: proofs/enclosed_levels.md; proofs/claims/enclosed_capture.md.
    """

    parameters: Parameters
    risk: Enclosure
    cell: SignedCell
    floor: Enclosure
    node: int
    valleys: tuple[int, ...]
    copies: tuple[int, ...]
    perhaps_node: int
    perhaps_valleys: tuple[int, ...]
    perhaps_copies: tuple[int, ...]
    exit_level: Enclosure | None

    @property
    def is_captured(self) -> bool:
        """Whether it is proved that the component holds one valley only, in one copy."""
        return self.perhaps_copies == (1,)

    @property
    def is_undecided(self) -> bool:
        """Whether enclosures leave it open whether the component holds one valley only: take a smaller `width`."""
        return self.copies == (1,) and not self.is_captured

    @property
    def valley(self) -> int | None:
        """The place of that valley; None if there may be several, or several copies."""
        return self.perhaps_valleys[0] if self.is_captured else None

    def __repr__(self) -> str:
        held, perhaps = _told(self.valleys, self.copies), _told(self.perhaps_valleys, self.perhaps_copies)
        more = "" if held == perhaps else f", perhaps {perhaps}"
        return f"EnclosedSublevelComponent(risk {self.risk.ball.text}, valleys {held}{more})"


def _told(valleys: Sequence[int], copies: Sequence[int]) -> str:
    return ", ".join(f"{v}" if c == 1 else f"{c}×{v}" for v, c in zip(valleys, copies, strict=True))


def enclosed_component(land: EnclosedLandscape, parameters: Parameters) -> EnclosedSublevelComponent:
    """The sublevel component of a point; see `sublevel_component`.

    Parameters: `land`; `parameters` of its network. Exactness: a barrier counts as passed where it is proved not to be above
    the risk, and as not passed where it is proved to be above. Raises: `ShapeError`. Source: proofs/claims/enclosed_capture.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> [enclosed_component(land, valley.parameters).valley for valley in land.valleys]
    [0, 1, 2, 3]
    """
    land.problem.check_shapes(parameters)
    graph = LevelGraph(land)
    risk, cell = risk_between(land.problem, parameters), graph.cell_of(parameters)
    home = land.work.orbits.rank(sorted(cell))
    node, perhaps = (node_at(land, land.merges.homes[home], level) for level in (_surely_below(land, risk), risk.high))
    parent = land.merges.parents.get(perhaps)
    exit_level = None if parent is None else land.enclosure(land.merges.nodes[parent].level)
    floor = land.runs[graph.height(cell)].enclosure
    return EnclosedSublevelComponent(
        parameters, risk, cell, floor, node, *_held(land, node), perhaps, *_held(land, perhaps), exit_level
    )


def risk_between(problem: Problem, parameters: Parameters) -> Enclosure:
    """The risk between two numbers, which are equal if it is rational.

    Exactness: proved. Raises: as `Problem.risk`. Source: none needed.
    """
    risk = problem.risk(parameters, bits=_BITS)
    return Enclosure(risk.lower, risk.upper) if isinstance(risk, Ball) else Enclosure(risk, risk)


def node_at(land: EnclosedLandscape, node: int, highest: Fraction) -> int:
    """The node that a node of the merge tree belongs to, when runs count whose lower ends are at most `highest`."""
    tree: MergeTree = land.merges
    while node in tree.parents and tree.nodes[tree.parents[node]].level <= highest:
        node = tree.parents[node]
    return node


def _surely_below(land: EnclosedLandscape, risk: Enclosure) -> Fraction:
    """The lower end of the highest run that is proved not to be above a risk, or less than all of them."""
    least = land.runs[0].enclosure.low - 1
    return max((run.enclosure.low for run in land.runs if run.enclosure.high <= risk.low), default=least)


def _held(land: EnclosedLandscape, node: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The valleys below a node of the merge tree, and how many copies of each one copy of the node has."""
    places = {valley.node: place for place, valley in enumerate(land.valleys)}
    nodes = land.merges.nodes
    held = sorted((places[leaf], nodes[leaf].copies // nodes[node].copies) for leaf in land.merges.leaves_under(node))
    return tuple(place for place, _ in held), tuple(count for _, count in held)


def are_joined(
    land: EnclosedLandscape, one: EnclosedSublevelComponent, two: EnclosedSublevelComponent, max_cells: int
) -> bool | None:
    """Whether a path from one point to the other stays at or below the higher one of their risks; None where it is open.

    Exactness: proved where it is not None. Raises: `InputError` when `max_cells` are not enough.
    Source: proofs/claims/enclosed_capture.md.
    """
    if one.cell == two.cell:
        return True
    level = Enclosure(max(one.risk.low, two.risk.low), max(one.risk.high, two.risk.high))
    if _is_way(land, one.cell, two.cell, _surely_below(land, level), max_cells):
        return True
    return None if _is_way(land, one.cell, two.cell, level.high, max_cells) else False


def _is_way(land: EnclosedLandscape, start: SignedCell, goal: SignedCell, highest: Fraction, max_cells: int) -> bool:
    """Whether facets whose runs begin at `highest` at most lead from one signed cell to another."""
    tree, rank = land.merges, land.work.orbits.rank
    homes = [tree.homes[rank(sorted(cell))] for cell in (start, goal)]
    if any(tree.nodes[home].level > highest for home in homes):
        return False
    nodes = [node_at(land, home, highest) for home in homes]
    if nodes[0] != nodes[1]:
        return False
    if tree.nodes[nodes[0]].copies == 1:
        return True
    graph = LevelGraph(land)
    return lowest_route(graph, start, lambda cell: cell == goal, least=highest, max_cells=max_cells, highest=highest) is not None
