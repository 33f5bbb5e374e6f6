"""First and second order on every cone of the tangent fan: any depth, any number of outputs, any convex loss.

Each cell at the point turns local minimality into a small nonlinear program: minimise a polynomial subject to the
inequalities of its boundary pairs. Multipliers with a zero gradient, and a Lagrangian that is positive on the critical
cone modulo the invariances of the network, prove a local minimum; no constraint qualification is needed for that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit
from exactsurf.certificate.rules.cone_tree import ConeNode, CriticalCone, EmptyCone
from exactsurf.certificate.rules.convex_cells import ConvexCells
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.rules.second_order import SecondOrder
from exactsurf.effort import RAISE_FAN, UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.exact.bounded_system import FarkasVector
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.curvature import GivenSquares
from exactsurf.minima.local.multiplier_system import critical_cone, first_order_system
from exactsurf.minima.local.positive_cell import decide_positive, frozen_leaf
from exactsurf.minima.local.tangent_fan import TangentFan, flat_cone
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.curve import falls_along
from exactsurf.minima.rules.direction import FALLS
from exactsurf.minima.rules.rule import Answer, Proved, Refuted, Rule
from exactsurf.model.point import Point

FEW = 64
"""Cones that are examined before rules that need none."""

_TRIED = 16
"""Leaves on which second order may stay open, or that are tried for a descent where there are too many, before it ends."""


@dataclass(frozen=True)
class ProvedOnFan:
    """A proof: `evidence`, and where that is `SecondOrder` the `dimension` of the minimum set near the point, which is all
    made by invariances."""

    evidence: SecondOrder | ConvexCells
    dimension: int | None


Refutation: TypeAlias = DescentDirection | DescentCurve


def decide_second_order(
    point: Point, *, effort: Effort = UNBOUNDED, seeks_strict: bool = False, given: GivenSquares | None = None
) -> ProvedOnFan | Refutation | NotProved:
    """Decide local minimality by first and second order on the fan of tangent cones.

    Parameters: `point`; `effort`, whose `fan` bounds the leaves of the tree over the fan; `seeks_strict`,
    at a point known to be a minimum, whether only a proof that it is strict is wanted; `given`, squares in the place of second
    derivatives: then lower points in evidence of a descent are no such.
    Returns: a proof that the point is a strict local minimum modulo invariances, a descent (direction or curve), or why it
    stays open. First order is complete: with enough cones, a direction of descent is found if there is one.
    Exactness: exact. Raises: `OutOfTime`. Source: theory.md, section 6; proofs/rules/second_order.md and curve.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 2], biases=False), es.Data.from_arrays([1, 1], [[1, 0], [3, 0]]))
    >>> theta = problem.parameters(W1=[[1]], W2=[[2], [0]])
    >>> decide_second_order(Point(problem, theta)).dimension
    1
    """
    decay = point.problem.decay
    return decide_programs(CellPrograms(point.undecayed, seeks_strict, effort, decay, given))


def decide_programs(local: CellPrograms) -> ProvedOnFan | Refutation | NotProved:
    """Decide by first and second order on the cells at a point, in the directions that are looked at.

    Parameters: `local`. Returns, raises: as `decide_second_order`. Exactness: exact. Source: theory.md, section 6.
    """
    slack = local.slack_samples
    needed = [pair for pair in local.pairs if pair[2] not in slack]
    answer = _decide_tree(local, needed)
    # Samples at their minimum of the loss may be left out of a proof; where that is not enough, they are put in.
    if isinstance(answer, NotProved) and len(needed) < len(local.pairs):
        answer = _decide_tree(local, list(local.pairs))
    return answer


def _decide_tree(local: CellPrograms, pairs: list[Pair]) -> ProvedOnFan | Refutation | NotProved:
    nodes: list[ConeNode | None] = [None]
    pending: list[tuple[int, dict[Pair, int]]] = [(0, {})]
    max_cones = local.effort.fan
    count, opened, leaves = local.count_cells(pairs), 0, 0
    left_open: NotProved | None = None
    if count > max_cones:
        left_open = NotProved(f"{len(pairs)} boundary pairs make {count} tangent cones: more than {max_cones}; {RAISE_FAN}")
    while pending:
        local.effort.check()
        index, signs = pending.pop()
        empty = _covered_by_others(local, signs)
        if empty is not None:
            nodes[index] = empty
            continue
        if len(signs) < len(pairs):
            pair = pairs[len(signs)]
            nodes[index] = PairSplit(pair, len(nodes), len(nodes) + 1)
            pending += [(len(nodes) + 1, {**signs, pair: -1}), (len(nodes), {**signs, pair: 1})]
            nodes += [None, None]
            continue
        leaves += 1
        if leaves > (max_cones if count <= max_cones else _TRIED):
            break
        # A proof needs every leaf, a descent only one: once some are open, the rest is searched to first order.
        leaf = _decide_leaf(local, signs, first_order_only=opened >= _TRIED)
        if isinstance(leaf, (DescentDirection, DescentCurve)):
            return leaf
        if isinstance(leaf, NotProved):
            left_open, opened = left_open or leaf, opened + 1
            if local.seeks_strict:
                break
        else:
            nodes[index] = leaf
    if left_open is not None:
        return left_open
    tree = tuple(node for node in nodes if node is not None)
    if local.is_convex:
        return ProvedOnFan(ConvexCells(tree), None)
    return ProvedOnFan(SecondOrder(tree), rank(local.tangents) if local.tangents else 0)


def _covered_by_others(local: CellPrograms, signs: dict[Pair, int]) -> EmptyCone | None:
    """Multipliers if the walls of the last split unit of layer 1 leave no inner point; those walls are flat, also beyond
    first order."""
    last = next(reversed(signs), None) if signs else None
    if last is None or last[0] != 1:
        return None
    # The walls of different units are independent, unless units share their weights.
    group = [pair for pair in signs if pair[:2] == last[:2] or (local.subspace is not None and pair[0] == 1)]
    if len(group) < 2:
        return None
    values = flat_cone([local.wall_vector(pair, signs) for pair in group])
    return None if values is None else EmptyCone(tuple((p, v) for p, v in zip(group, values, strict=True) if v))


def _decide_leaf(local: CellPrograms, signs: dict[Pair, int], *, first_order_only: bool) -> CriticalCone | Refutation | NotProved:
    system, total, forms = first_order_system(local, signs)
    solved = system.solve()
    if isinstance(solved, FarkasVector):
        found = local.descent(local.pushed(solved.values))
        if found is None and len(signs) == len(local.pairs):
            raise InternalError("a Farkas vector of the first-order conditions does not descend")
        return found or NotProved("first order is open on a cone that leaves out samples at their minimum")
    if local.is_convex:
        return critical_cone(system, solved)
    if local.subspace is not None and (leaf := frozen_leaf(local, signs, system, solved)) is not None:
        return leaf
    if first_order_only:
        return NotProved("second order was not examined on this cone")
    answer = decide_positive(local, signs, system, solved, total, forms)
    if isinstance(answer, NotProved):
        fuller = system.fullest(solved)
        if system.support(fuller) != system.support(solved):
            return decide_positive(local, signs, system, fuller, total, forms)
    return answer


def ask(point: Point, effort: Effort, most: int | None = None) -> Answer:
    """`decide_second_order` as a rule, with at most so many cones.

    Exactness: exact. Raises: `OutOfTime`. Source: theory.md, section 6.
    """
    found = decide_second_order(point, effort=effort if most is None else replace(effort, fan=min(most, effort.fan)))
    if isinstance(found, NotProved):
        return found
    if isinstance(found, ProvedOnFan):
        modulo = "" if point.problem.decay is not None and not found.dimension else ", modulo invariances of the network"
        reason = f"first and second order are positive on every tangent cone{modulo}"
        return Proved(found.evidence, reason, found.dimension)
    return falls_along(found) if isinstance(found, DescentCurve) else Refuted(found, FALLS)


def _few_cones(point: Point) -> str:
    fan = TangentFan(point)
    return "" if fan.count_cells(fan.pairs, replace(UNBOUNDED, fan=FEW)) > FEW else "the fan has been examined"


RULE = Rule("second order", ask, share=Fraction(3, 4))
FEW_CONES = Rule("second order", partial(ask, most=FEW), share=Fraction(3, 4))
MANY_CONES = Rule("second order", ask, _few_cones, share=Fraction(3, 4))
"""The fan where it has few cones, and where it has many; of many the first rule looks at some for a descent."""
