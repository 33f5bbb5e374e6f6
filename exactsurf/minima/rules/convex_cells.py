"""One hidden layer, one output, a loss with kinks at the predictions: local minimality decided signed cell by signed cell.

Near a unit with output weight 0 its weight has either sign. For each choice of signs and each cell, the frozen risk of
the unit must not be negative in the sense of that sign; the subgradients may differ from one signed cell to the next.
"""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit
from exactsurf.certificate.rules.cone_tree import ConeNode, CriticalCone, EmptyCone, WeightSplit
from exactsurf.certificate.rules.convex_cells import ConvexCells
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.effort import RAISE_FAN, Effort
from exactsurf.errors import InternalError
from exactsurf.exact.linear_algebra import dot
from exactsurf.minima.local.point_on_walls import PointOnWalls
from exactsurf.minima.local.signed_cell_descent import descend_from
from exactsurf.minima.local.signed_cell_system import NoLeaf, SignedCell
from exactsurf.minima.local.tangent_fan import flat_cone
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.curve import falls_along
from exactsurf.minima.rules.direction import FALLS
from exactsurf.minima.rules.rule import Answer, Proved, Refuted, Rule
from exactsurf.model.point import Point

_ZERO = Fraction(0)


def decide_signed_cells(point: Point, *, effort: Effort) -> ConvexCells | DescentDirection | DescentCurve | NotProved:
    """Decide local minimality: evidence for it, evidence against it, or why the work was too much.

    Parameters: a `point` of a network with one hidden layer and one output; `effort`, whose `fan` bounds the leaves.
    Exactness: exact; complete but for `effort`, for every convex loss that is linear between its kinks, and for every
    convex loss where no output weight is 0. Raises: `OutOfTime`. Source: theory.md, section 3; proofs/rules/convex_cells.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    >>> problem = es.Problem(es.Network([2, 1, 1], biases=False), data, "absolute")
    >>> theta = problem.parameters(W1=[[1, 0]], W2=[[0]])
    >>> len(decide_signed_cells(Point(problem, theta), effort=es.Effort()).nodes)
    3
    """
    walls = PointOnWalls(point, effort)
    dead = walls.dead
    nodes: list[ConeNode | None] = [None]
    pending: list[tuple[int, dict[int, int], dict[Pair, int]]] = [(0, {}, {})]
    leaves = 0
    while pending:
        effort.check()
        index, weights, signs = pending.pop()
        if len(weights) < len(dead):
            unit = dead[len(weights)]
            nodes[index] = WeightSplit(unit, len(nodes), len(nodes) + 1)
            pending += [(len(nodes) + k, {**weights, unit: sign}, signs) for k, sign in enumerate((1, -1))]
            nodes += [None, None]
            continue
        answer = _empty(walls, signs) or _leaf(SignedCell(walls, weights, signs))
        if isinstance(answer, (DescentDirection, DescentCurve)):
            return answer
        if isinstance(answer, (CriticalCone, EmptyCone)):
            nodes[index] = answer
            leaves += 1
            continue
        if leaves + len(pending) >= effort.fan:
            return NotProved(f"the tree over the signed cells at the point has more than {effort.fan} leaves; {RAISE_FAN}")
        pair, first = answer
        nodes[index] = PairSplit(pair, len(nodes), len(nodes) + 1)
        children = [(len(nodes) + k, weights, {**signs, pair: sign}) for k, sign in enumerate((1, -1))]
        pending += reversed(children) if first > 0 else children
        nodes += [None, None]
    return ConvexCells(tuple(node for node in nodes if node is not None))


def _empty(point: PointOnWalls, signs: dict[Pair, int]) -> EmptyCone | None:
    """Multipliers if the walls of the unit that was split last leave no inner point."""
    last = next(reversed(signs), None) if signs else None
    group = [pair for pair in signs if last and pair[1] == last[1]]
    if len(group) < 2:
        return None
    values = flat_cone([tuple(signs[pair] * entry for entry in point.inputs[pair[2]]) for pair in group])
    return None if values is None else EmptyCone(tuple((p, v) for p, v in zip(group, values, strict=True) if v))


def _leaf(cell: SignedCell) -> CriticalCone | DescentDirection | DescentCurve | tuple[Pair, int]:
    """A leaf, a descent, or the pair to split and the sign that is the better one to look for a descent."""
    answer = cell.decide()
    if isinstance(answer, CriticalCone):
        return answer
    if not isinstance(answer, NoLeaf):
        return answer, 1
    found = descend_from(cell, answer)
    if found is not None:
        return found
    undetermined = _undetermined(cell, answer)
    if undetermined is None:
        raise InternalError("a signed cell without subgradients has no descent")
    return undetermined


def _undetermined(cell: SignedCell, failure: NoLeaf) -> tuple[Pair, int] | None:
    """The open pair for which the motions choose neither of its sides most clearly, and the side that they are nearer to.

    Without one they all move in one cell.
    """
    gaps: dict[Pair, list[Fraction]] = {}
    for motion in failure.motions:
        for pair, side in motion.sides.items():
            _, unit, sample = pair
            along = dot(cell.point.inputs[sample], motion.rows[unit])
            growth = abs(cell.bend(pair))
            found = gaps.setdefault(pair, [_ZERO, _ZERO])
            # How far the motion is from the right side, where its number is 0, and from the left one, where it is `along`.
            found[0] = max(found[0], growth * max(abs(side), -along))
            found[1] = max(found[1], growth * max(abs(side - along), along))
    worst = max(gaps, key=lambda pair: min(gaps[pair]), default=None)
    if worst is None or not min(gaps[worst]):
        return None
    return worst, 1 if gaps[worst][0] <= gaps[worst][1] else -1


def _not_single(point: Point) -> str:
    network = point.problem.network
    single = network.layers == 2 and network.widths[-1] == 1
    return "" if single else "signed cells decide one hidden layer with one output only"


def ask(point: Point, effort: Effort) -> Answer:
    """`decide_signed_cells` as a rule. Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/convex_cells.md."""
    found = decide_signed_cells(point, effort=effort)
    if isinstance(found, NotProved):
        return found
    if isinstance(found, ConvexCells):
        return Proved(found, "every signed cell at the point has multipliers, and is convex in product variables")
    return falls_along(found) if isinstance(found, DescentCurve) else Refuted(found, FALLS)


RULE = Rule("convex cells", ask, _not_single, is_complete=True)
